#!/usr/bin/env bash
# Writes what the crates are built from, as CycloneDX, into dist/sbom/: one file for each crate that ships.
# `make sbom` calls it. A wheel holds its own below *.dist-info/sboms, which maturin writes.

# shellcheck source=scripts/ground.sh
source "$(dirname "$0")/ground.sh"
need_rust
scripts/setup.sh sbom
"$root/.venv-sbom/bin/python" scripts/sbom.py dist/sbom
say "Made: dist/sbom/*.cdx.json"
