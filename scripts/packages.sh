#!/usr/bin/env bash
# Packages every crate that ships, as `cargo publish` would, and says what is in each; nothing is uploaded.
#
#   QUICK=1           does not build each package from its own files
#   ALLOW_DIRTY=1     takes files that are not committed
#
# `make packages` calls it. The packages lie in target/package. Their order is that of their dependencies: cargo finds it
# itself, and lets those that are not published yet find each other.

# shellcheck source=scripts/ground.sh
source "$(dirname "$0")/ground.sh"
need_rust
scripts/setup.sh build
use_venv

# The wheel's library and the workspace's own tool are not published.
which=(--workspace --exclude variegate-python --exclude xtask --locked)
if [[ -n ${ALLOW_DIRTY:-} ]]; then which+=(--allow-dirty); fi
built=${CARGO_TARGET_DIR:-$root/target}/package
rm -f "$built"/*.crate
if [[ -n ${QUICK:-} ]]; then
    cargo package --quiet --no-verify "${which[@]}"
else
    cargo publish --quiet --dry-run "${which[@]}"
fi

found=0
for crate in "$built"/*.crate; do
    found=$((found + 1))
    name=$(basename "$crate" .crate)
    inside=$(tar -tzf "$crate")
    for file in LICENSE-APACHE LICENSE-MIT README.md Cargo.toml; do
        grep -qx "$name/$file" <<<"$inside" || fail "$name has no $file." "Its manifest's include, or the link to the licence, is missing."
    done
    outside=$(grep -vE "^$name/(src|shim|presets|examples)/|^$name/(Cargo\.(toml|toml\.orig|lock)|\.cargo_vcs_info\.json|README\.md|LICENSE-[A-Z]+|build\.rs)$" <<<"$inside" || true)
    [[ -z $outside ]] || fail "$name has files that a user does not need:" "$outside" "See include in Cargo.toml."
    printf '%-28s %3d files %8d bytes\n' "$name" "$(wc -l <<<"$inside")" "$(wc -c <"$crate")"
done
expected=$(find crates -mindepth 2 -maxdepth 2 -name Cargo.toml | wc -l)
((found == expected)) || fail "$found packages were made; expected $expected, one for each crate below crates/."
say "$found packages are in $built"
