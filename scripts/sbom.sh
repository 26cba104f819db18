#!/usr/bin/env bash
# Writes what the crates are built from, as CycloneDX, into dist/sbom/: one file for each crate that ships.
# `make sbom` calls it. A wheel holds its own below *.dist-info/sboms, which maturin writes.

# shellcheck source=scripts/ground.sh
source "$(dirname "$0")/ground.sh"
need_rust
has cargo-cyclonedx || fail "cargo-cyclonedx is not installed." "Run: cargo install --locked cargo-cyclonedx"
mkdir -p dist/sbom
cargo cyclonedx --quiet --format json --override-filename sbom
for manifest in crates/*/Cargo.toml; do
    folder=$(dirname "$manifest")
    mv "$folder/sbom.json" "dist/sbom/$(basename "$folder").cyclonedx.json"
done
rm -f python/sbom.json xtask/sbom.json
say "Made: $(echo dist/sbom/*.json)"
