#!/usr/bin/env bash
# Builds the one wheel (abi3: for every Python from 3.11 on) into dist/.
# `make wheel` and the demo call it. Whatever other version lay in dist/ is removed, so that the folder has one wheel.

# shellcheck source=scripts/ground.sh
source "$(dirname "$0")/ground.sh"
need_rust
[[ -n ${SETUP_DONE:-} ]] || scripts/setup.sh build
use_venv

fresh=dist/building
rm -rf "$fresh"
mkdir -p "$fresh"
"$venv/bin/maturin" build --release --manifest-path python/Cargo.toml --out "$fresh"
rm -f dist/*.whl
mv "$fresh"/*.whl dist/
rm -rf "$fresh"
say "Built: $(echo dist/*.whl)"
