#!/usr/bin/env bash
# Makes a fresh clone ready: system packages where that is allowed, the virtual environment, Python packages.
#
#   scripts/setup.sh build|demo|test|peers|torch|ray|remote|browser|docs|types|sbom ...     what to get ready for
#
# The other scripts call it each time: where there is nothing to do it takes a moment. It installs system packages
# only as root, through apt; anyone else gets the same build without them, and is told what would make it faster.

# shellcheck source=scripts/ground.sh
source "$(dirname "$0")/ground.sh"

# with_apt PACKAGE...: installs them if we may; otherwise returns 1.
with_apt() {
    if [[ $(id -u) -ne 0 ]] || ! has apt-get; then return 1; fi
    say "Installing system packages: $*"
    export DEBIAN_FRONTEND=noninteractive
    local quietly=(apt-get install -y -qq --no-install-recommends "$@")
    "${quietly[@]}" >/dev/null 2>&1 || { apt-get update -qq && "${quietly[@]}" >/dev/null; }
}

system_packages() {
    local missing=()
    has cc && has c++ && has make || missing+=(build-essential)
    has cmake || missing+=(cmake)
    has nasm || has yasm || [[ $(uname -m) != x86_64 ]] || missing+=(nasm)
    if ((${#missing[@]})) && ! with_apt "${missing[@]}"; then
        say "Not installed (only root may, and only apt is known here): ${missing[*]}"
    fi
    has cc || fail "There is no C compiler (cc); libjpeg-turbo is built with it." \
        "Debian and Ubuntu: apt install build-essential. macOS: xcode-select --install."
    if ! has nasm && ! has yasm && [[ $(uname -m) == x86_64 ]]; then
        say "Without nasm, JPEG files are decoded two to four times slower (the pixels are the same)."
        say "Install nasm, run make clean, and build again to have the fast way."
    fi
}

# make_venv FOLDER
make_venv() {
    local folder=$1 python
    if [[ -x $folder/bin/python ]] && "$folder/bin/python" -m pip --version >/dev/null 2>&1; then return; fi
    python=$(find_python)
    say "Making the virtual environment ${folder##*/} with $("$python" --version)"
    rm -rf "$folder"
    if ! "$python" -m venv "$folder" >/dev/null 2>&1; then
        rm -rf "$folder"
        with_apt python3-venv || true
        "$python" -m venv "$folder" ||
            fail "$python cannot make a virtual environment." "Debian and Ubuntu: apt install python3-venv"
    fi
    printf '*\n' >"$folder/.gitignore"
}

# packages FOLDER NAME: installs python/requirements-NAME.txt, once for each state of the file.
packages() {
    local folder=$1 list=python/requirements-$2.txt stamp=$1/installed-$2 state
    state=$(cat python/requirements-*.txt)
    if [[ -f $stamp && $(<"$stamp") == "$state" ]]; then return; fi
    say "Installing the Python packages of $list"
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$list" ||
        fail "The Python packages of $list could not be installed (pip's own message stands above)." \
            "It lists: $(grep -v -e '^#' -e '^-' "$list" | tr '\n' ' ')" \
            "They come from the network the first time; after that none is needed."
    printf '%s\n' "$state" >"$stamp"
}

(($#)) || fail "usage: scripts/setup.sh build|demo|test|peers|torch|ray|remote|browser|docs|types|sbom ..."
# The site, the types and the lists of parts are made from texts: no compiler, and no package of the build.
case " $* " in
    *" build "* | *" demo "* | *" test "* | *" peers "* | *" torch "* | *" ray "* | *" remote "* | *" browser "*)
        need_rust
        system_packages
        make_venv "$venv"
        ;;
esac
for what in "$@"; do
    case $what in
        build)
            packages "$venv" build
            if ! has cmake && [[ ! -x $venv/bin/cmake ]]; then
                say "Installing cmake into the virtual environment"
                "$venv/bin/python" -m pip install --quiet --disable-pip-version-check cmake ||
                    fail "cmake could not be installed; libjpeg-turbo is built with it." "Install it with your system's packages."
            fi
            ;;
        demo | test) packages "$venv" "$what" ;;
        peers | torch | ray | remote | browser | docs | types | sbom)
            make_venv "$root/.venv-$what"
            packages "$root/.venv-$what" "$what"
            ;;
        *) fail "unknown: $what (build, demo, test, peers, torch, ray, remote, browser, docs, types or sbom)" ;;
    esac
done
