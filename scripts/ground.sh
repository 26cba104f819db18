# shellcheck shell=bash
# The ground that the other scripts stand on: where things are, how to speak, what must be there.
#
# They source it; it is never run, and sourcing it changes nothing but the shell's own variables. Everything is found
# relative to the repository, so a clone in any place works, and several beside each other.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
venv=$root/.venv

# say TEXT: a line for the person who waits.
say() { printf '%s\n' "$*" >&2; }

# fail TEXT...: says why nothing more can be done, one line each, and ends.
fail() {
    printf 'error: %s\n' "$1" >&2
    shift
    if (($#)); then printf '       %s\n' "$@" >&2; fi
    exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# version_at_least HAVE WANTED
version_at_least() { [[ $(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1) == "$2" ]]; }

# need_rust: puts cargo on the path, or says how to get it.
need_rust() {
    if ! has cargo && [[ -x ${CARGO_HOME:-$HOME/.cargo}/bin/cargo ]]; then
        PATH=${CARGO_HOME:-$HOME/.cargo}/bin:$PATH
    fi
    local wanted have
    wanted=$(sed -n 's/^rust-version *= *"\(.*\)"/\1/p' Cargo.toml)
    if ! has cargo; then
        fail "Rust is not installed (cargo was not found)." \
            "Get it from https://rustup.rs (version $wanted or newer), open a new shell, and try again."
    fi
    have=$(cargo --version | awk '{ print $2 }')
    if ! version_at_least "$have" "$wanted"; then
        fail "Rust $have is too old, $wanted or newer is needed." "Run: rustup update stable"
    fi
}

# find_python: prints a Python of version 3.11 or newer, or says what is missing.
find_python() {
    local name
    for name in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
        if has "$name" && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    fail "Python 3.11 or newer was not found (python3 is $(python3 --version 2>/dev/null || printf 'missing'))." \
        "Install it, or name one: PYTHON=/path/to/python3.12 make ..."
}

# use_venv: what every cargo and maturin run must agree on, or they would rebuild each other's work.
use_venv() {
    export VIRTUAL_ENV=$venv PYO3_PYTHON=$venv/bin/python
    # cmake from PyPI, where the system has none. Otherwise the path stays: build scripts run again where it differs.
    if ! has cmake; then export PATH=$PATH:$venv/bin; fi
}

# Everything cargo does for the tests is done with this one selection: another one has other features of shared
# dependencies, and would build most of them, and of our own crates, once more.
everything=(--workspace --features xtask/derive)
# What is built for the tests: examples and benches are only linted.
tested=(--lib --bins --tests)

# built NAME: the path of what cargo built for the tests.
built() { printf '%s/debug/%s\n' "${CARGO_TARGET_DIR:-$root/target}" "$1"; }

# use_extension: builds the Python module as the tests want it, and lets Python find the package in the repository
# before any that is installed. The interpreter loads the library as cargo leaves it, but for its name; where the
# linker must be told more (macOS, Windows), maturin does.
use_extension() {
    export PYTHONPATH=$root/python
    if [[ $(uname -s) == Linux ]]; then
        cargo build --quiet "${everything[@]}" "${tested[@]}" &&
            cp "$(built lib_variegate.so)" python/variegate/building.so &&
            mv python/variegate/building.so python/variegate/_variegate.abi3.so
    else
        rm -f "$venv/installed-wheel" && "$venv/bin/maturin" develop --quiet --manifest-path python/Cargo.toml
    fi
}
