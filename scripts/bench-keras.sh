#!/usr/bin/env bash
# Trains one network through Keras's own augmentation layers and through Variegate: see bench/keras.
#
#   PHOTOS=folder     pictures, one folder per class, instead of the digits
#   QUICK=1           one seed and two epochs: whether it works
#   EPOCHS=8          epochs of each training       SIDE=96     pixels of a side of the photos
#
# `make bench-keras` calls it. What it writes is below .bench/, dist/, target/ and .venv/.

# shellcheck source=scripts/ground.sh
source "$(dirname "$0")/ground.sh"

arguments=(--out "$root/.bench/keras" --epochs "${EPOCHS:-8}" --side "${SIDE:-96}")
if [[ -n ${PHOTOS:-} ]]; then
    [[ -d $PHOTOS ]] || fail "PHOTOS=$PHOTOS: there is no such folder." "It names a folder that holds one folder per class."
    arguments+=(--photos "$PHOTOS")
fi
if [[ -n ${QUICK:-} && ${QUICK} != 0 ]]; then arguments+=(--quick); fi

need_rust
mkdir -p "$root/.bench"
printf '*\n' >"$root/.bench/.gitignore"
scripts/setup.sh build demo
say "Building the wheel (some minutes the first time)"
SETUP_DONE=1 scripts/wheel.sh
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps dist/*.whl
# The stamp of make demo speaks of the wheel it installed itself.
rm -f "$venv/installed-wheel"
KERAS_BACKEND=jax exec "$venv/bin/python" bench/keras/run.py "${arguments[@]}"
