#!/usr/bin/env bash
# Makes one stream in every way (threads, shards, killed and resumed at random points) and compares the bytes.
# `make test-guarantees` calls it; POINTS=1000 kills unless told otherwise, SEED=… for the points of an earlier run.

# shellcheck source=scripts/ground.sh
source "$(dirname "$0")/ground.sh"
need_rust
scripts/setup.sh build test
use_venv
use_extension
export PYTHONPATH=$root/python
"$venv/bin/python" python/tests_guarantees/memory.py
exec "$venv/bin/python" python/tests_guarantees/matrix.py "${POINTS:-1000}" ${SEED:+"$SEED"}
