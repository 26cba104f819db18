#!/usr/bin/env bash
# Runs every check and every test, and prints what came of them; the last line has the counts.
# `make test` calls it. A failure does not stop the rest, but the exit status tells: 0 only where nothing failed.

# shellcheck source=scripts/ground.sh
source "$(dirname "$0")/ground.sh"
need_rust
cargo fmt --version >/dev/null 2>&1 || fail "rustfmt is missing." "Run: rustup component add rustfmt"
cargo clippy --version >/dev/null 2>&1 || fail "clippy is missing." "Run: rustup component add clippy"
scripts/setup.sh build test
use_venv

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
failed=()

# step NAME COMMAND...: runs it, keeps its output in a log of that name, and remembers whether it failed.
step() {
    local name=$1
    shift
    say "== $name: $*"
    if ! "$@" 2>&1 | tee "$logs/$name"; then failed+=("$name"); fi
}

step format cargo fmt --all --check
step lint cargo clippy --quiet "${everything[@]}" --all-targets -- -D warnings
step build cargo build --quiet "${everything[@]}" "${tested[@]}"
step generated "$(built xtask)" check
if cargo nextest --version >/dev/null 2>&1; then
    step rust cargo nextest run --no-fail-fast --status-level fail --final-status-level fail "${everything[@]}" "${tested[@]}"
else
    step rust cargo test --no-fail-fast "${everything[@]}" "${tested[@]}"
fi
step documentation cargo test --quiet --no-fail-fast --doc "${everything[@]}"
step extension use_extension
step python env PYTHONPATH="$root/python" KERAS_BACKEND=jax JAX_PLATFORMS=cpu "$venv/bin/python" -m pytest -q python/tests

"$venv/bin/python" scripts/tally.py "$logs" ${failed[@]+"${failed[@]}"}
