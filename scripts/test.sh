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
step lint cargo clippy --quiet --workspace --all-targets -- -D warnings
step generated cargo xtask check
# The Python module is a library for the interpreter to load: its tests are the Python ones.
rust=(--workspace --exclude variegate-python)
if cargo nextest --version >/dev/null 2>&1; then
    step rust cargo nextest run --no-fail-fast --status-level fail --final-status-level fail "${rust[@]}"
else
    step rust cargo test --no-fail-fast --lib --bins --tests --examples "${rust[@]}"
fi
step documentation cargo test --quiet --no-fail-fast --doc "${rust[@]}"
rm -f "$venv/installed-wheel"
step extension "$venv/bin/maturin" develop --quiet --manifest-path python/Cargo.toml
step python env KERAS_BACKEND=jax JAX_PLATFORMS=cpu "$venv/bin/python" -m pytest -q python/tests

"$venv/bin/python" scripts/tally.py "$logs" ${failed[@]+"${failed[@]}"}
