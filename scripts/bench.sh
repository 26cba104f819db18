#!/usr/bin/env bash
# Measures Variegate against its peers: see bench/README.md.
#
#   PHOTOS=folder     class folders of JPEG files, instead of crops of sample pictures
#   LARGE=folder      JPEG files of 2000 pixels or more
#   ONLY=P1,E1        only these tasks        PEERS=all        everyone; or groups and names, as opencv,dali
#   ROUNDS=5          rounds in turn          KERNELS=1        also the table of the kernels
#   WHEEL=file        measure this wheel instead of building one
#
# `make bench` calls it. Every contestant lives in an environment of its own below .bench/; one that cannot be
# installed is written down as such and the others go on.

# shellcheck source=scripts/ground.sh
source "$(dirname "$0")/ground.sh"

home=$root/.bench
mkdir -p "$home"
printf '*\n' >"$home/.gitignore"

# environment NAME: makes it from bench/peers/NAME.txt, once for each state of the list.
environment() {
    local name=$1 folder=$home/$1 list=bench/peers/$1.txt more=bench/peers/$1.nodeps.txt state
    state=$(cat "$list"; if [[ -f $more ]]; then cat "$more"; fi)
    if [[ -f $folder/installed && $(<"$folder/installed") == "$state" ]]; then return; fi
    say "Installing $name"
    rm -f "$folder/failed.txt"
    [[ -x $folder/bin/python ]] || "$(find_python)" -m venv "$folder"
    local log=$folder/install.log pip=("$folder/bin/python" -m pip install --quiet --disable-pip-version-check)
    if "${pip[@]}" --requirement "$list" >"$log" 2>&1 &&
        { [[ ! -f $more ]] || "${pip[@]}" --no-deps --requirement "$more" >>"$log" 2>&1; }; then
        printf '%s\n' "$state" >"$folder/installed"
    else
        { printf 'pip: '; grep -m 1 ERROR "$log" || tail -n 1 "$log"; } | head -c 300 >"$folder/failed.txt"
        say "$name could not be installed: $(<"$folder/failed.txt")"
    fi
}

arguments=(--only "${ONLY:-}" --peers "${PEERS:-}" --rounds "${ROUNDS:-5}")
for pair in "photos ${PHOTOS:-}" "large ${LARGE:-}"; do
    folder=${pair#* }
    if [[ -n $folder ]]; then
        [[ -d $folder ]] || fail "$folder: there is no such folder."
        arguments+=("--${pair%% *}" "$folder")
    fi
done
if [[ -n ${KERNELS:-} && ${KERNELS} != 0 ]]; then need_rust && arguments+=(--kernels); fi

if [[ -z ${WHEEL:-} ]]; then
    scripts/wheel.sh
    WHEEL=$(echo dist/*.whl)
else
    [[ -f $WHEEL ]] || fail "WHEEL=$WHEEL: there is no such file."
    arguments+=(--remark "the wheel was given, not built from this commit")
fi
python=$(find_python)
for name in pictures $("$python" bench/roster.py "${PEERS:-}"); do environment "$name"; done
if [[ -x $home/variegate/bin/python ]]; then
    "$home/variegate/bin/python" -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps "$WHEEL"
fi
"$python" bench/run.py "${arguments[@]}"
"$python" bench/render.py
