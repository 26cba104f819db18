#!/usr/bin/env bash
# Builds the example in Burn, and lets it learn: from PHOTOS=folder, or from shapes that it draws into burn-example/.
# EPOCHS=n trains for longer or shorter. `make example-burn` calls it; what it builds lies in the workspace's target folder.

# shellcheck source=scripts/ground.sh
source "$(dirname "$0")/ground.sh"
arguments=()
if [[ -n ${PHOTOS:-} ]]; then
    [[ -d $PHOTOS ]] || fail "PHOTOS=$PHOTOS: there is no such folder." "It names a folder that holds one folder per class."
    arguments+=("$PHOTOS")
elif [[ -n ${EPOCHS:-} ]]; then
    arguments+=(-)
fi
if [[ -n ${EPOCHS:-} ]]; then arguments+=("$EPOCHS"); fi

need_rust
wanted=$(sed -n 's/^rust-version *= *"\(.*\)"/\1/p' examples/burn_training/Cargo.toml)
version_at_least "$(cargo --version | awk '{ print $2 }')" "$wanted" ||
    fail "Burn asks for Rust $wanted or newer; this is $(cargo --version)." "Run: rustup update stable"
scripts/setup.sh build
use_venv
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target}
say "Building (some minutes the first time)"
exec cargo run --quiet --release --locked --manifest-path examples/burn_training/Cargo.toml -- ${arguments[@]+"${arguments[@]}"}
