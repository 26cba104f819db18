#!/usr/bin/env bash
# Sets everything up, and shows what augmentation brings: see examples/demo.
#
#   PHOTOS=folder     the user's own pictures, one folder per class, instead of the digits
#   DEMO_QUICK=1      one seed and few steps: whether it works, in less than a minute after the set-up
#
# `make demo` calls it. What it writes is below demo/, dist/, target/ and .venv/.

# shellcheck source=scripts/ground.sh
source "$(dirname "$0")/ground.sh"

arguments=(--out demo)
if [[ -n ${PHOTOS:-} ]]; then
    [[ -d $PHOTOS ]] || fail "PHOTOS=$PHOTOS: there is no such folder." "It names a folder that holds one folder per class."
    arguments+=(--photos "$PHOTOS")
fi
if [[ -n ${DEMO_QUICK:-} && ${DEMO_QUICK} != 0 ]]; then arguments+=(--quick); fi

need_rust
scripts/setup.sh build demo
say "Building the wheel (some minutes the first time)"
SETUP_DONE=1 scripts/wheel.sh
# make test puts an editable package in the same place, so what is installed is remembered by content.
stamp=$venv/installed-wheel
state=$(cksum dist/*.whl)
if [[ ! -f $stamp || $(<"$stamp") != "$state" ]]; then
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps dist/*.whl
    printf '%s\n' "$state" >"$stamp"
fi
KERAS_BACKEND=jax exec "$venv/bin/python" examples/demo "${arguments[@]}"
