#!/usr/bin/env bash
# Checks a user's script against the types of the package, with mypy and pyright, in an environment of their own (.venv-types).
# `make test-types` calls it. The package stands in the environment as an installed one does, so that its users' rules hold.

# shellcheck source=scripts/ground.sh
source "$(dirname "$0")/ground.sh"
scripts/setup.sh types
env=$root/.venv-types
site=$("$env/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
printf '%s\n' "$root/python" >"$site/variegate.pth"
"$env/bin/mypy" --strict --python-executable "$env/bin/python" --cache-dir "$env/mypy" python/tests_types
"$env/bin/pyright" --pythonpath "$env/bin/python" --project python/tests_types
say "The types hold."
