#!/usr/bin/env bash
# Tests the studio's page in a real browser, in an environment of its own (.venv-browser).
# `make test-browser` calls it. The browser is the system's Chromium; where it is missing, the tests that need it say so.

# shellcheck source=scripts/ground.sh
source "$(dirname "$0")/ground.sh"
need_rust
scripts/setup.sh build browser
use_venv
use_extension
VARIEGATE=$(built variegate)
export VARIEGATE
exec "$root/.venv-browser/bin/python" -m pytest -q -rs python/tests_browser
