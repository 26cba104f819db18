#!/usr/bin/env bash
# Runs the tests that need a cluster of Ray, in an environment of their own (.venv-ray).
# `make test-ray` calls it. The extension is the one that make test builds; only the interpreter differs.

# shellcheck source=scripts/ground.sh
source "$(dirname "$0")/ground.sh"
need_rust
scripts/setup.sh build ray
use_venv
use_extension
exec "$root/.venv-ray/bin/python" -m pytest -q python/tests_ray python/tests/test_pages.py
