#!/usr/bin/env bash
# Makes the documentation site in site/: the pages of docs/, the reference of the Python package, and cargo's of the crates.
# `make docs` calls it. A link that leads nowhere is an error. PAGES_ONLY=1 leaves the crates out, which takes no compiler.

# shellcheck source=scripts/ground.sh
source "$(dirname "$0")/ground.sh"
scripts/setup.sh docs
NO_MKDOCS_2_WARNING=1 "$root/.venv-docs/bin/mkdocs" build --strict
if [[ -z ${PAGES_ONLY:-} ]]; then
    need_rust
    scripts/setup.sh build
    use_venv
    RUSTDOCFLAGS="-D warnings" cargo doc --quiet --no-deps --workspace
    cp -r "${CARGO_TARGET_DIR:-$root/target}/doc" site/rust-crates
fi
say "Made: site/index.html"
