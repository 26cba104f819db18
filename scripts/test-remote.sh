#!/usr/bin/env bash
# Runs the tests that need a whole S3 server, in an environment of their own (.venv-remote).
# `make test-remote` calls it. The extension is the one that make test builds; only the interpreter differs.

# shellcheck source=scripts/ground.sh
source "$(dirname "$0")/ground.sh"
need_rust
scripts/setup.sh build remote
use_venv
use_extension
exec "$root/.venv-remote/bin/python" -m pytest -q python/tests_stores
