#!/usr/bin/env bash
# Runs the tests that need torch, Grain or Hugging Face's data sets, in an environment of their own (.venv-torch).
# `make test-torch` calls it. The extension is the one that make test builds; only the interpreter differs.

# shellcheck source=scripts/ground.sh
source "$(dirname "$0")/ground.sh"
need_rust
scripts/setup.sh build torch
use_venv
use_extension
exec "$root/.venv-torch/bin/python" -m pytest -q python/tests_torch python/tests/test_huggingface.py \
    python/tests/test_pages.py
