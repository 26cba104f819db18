#!/usr/bin/env bash
# Runs the tests that compare with other libraries, in an environment of their own (.venv-peers).
# `make test-peers` calls it. The extension is the one that make test builds; only the interpreter differs.

# shellcheck source=scripts/ground.sh
source "$(dirname "$0")/ground.sh"
tests=()
for folder in python/tests/test_peers python/tests_peers; do
    if [[ -d $folder ]]; then tests+=("$folder"); fi
done
((${#tests[@]})) || fail "There are no peer tests (python/tests/test_peers)."
need_rust
scripts/setup.sh build peers
use_venv
use_extension
exec "$root/.venv-peers/bin/python" -m pytest -q "${tests[@]}"
