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
python=$root/.venv-peers/bin/python
failed=0
KERAS_BACKEND=jax JAX_PLATFORMS=cpu "$python" -m pytest -q "${tests[@]}" || failed=1
# What training is made of, on the other backend that is here.
if "$python" -c 'import importlib.util, sys; sys.exit(importlib.util.find_spec("tensorflow") is None)'; then
    training=(python/tests/keras/test_{fit,backup,dataset,layers_models}.py)
    KERAS_BACKEND=tensorflow "$python" -m pytest -q "${training[@]}" || failed=1
fi
exit "$failed"
