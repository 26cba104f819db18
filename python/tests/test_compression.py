"""Codec artefacts are those of real files."""

from __future__ import annotations

import io

import numpy as np
import pytest
from pictures import photo
from PIL import Image

import variegate as vg


@pytest.mark.parametrize(("operation", "format"), [(vg.JpegQuality(30), "jpeg"), (vg.WebpQuality(30), "webp")])
@pytest.mark.parametrize("channels", [1, 3])
def test_a_picture_is_what_its_file_would_hold(operation, format, channels):
    image = photo(channels=channels)
    file = vg.encode(image, format, quality=30)
    read = vg.decode(file)
    # WebP stores grey as colour, whose green is nearest to it.
    expected = read if channels == 3 else read[..., 1:2]
    assert (vg.Pipeline([operation])(image) == expected).all()


@pytest.mark.parametrize(("operation", "format"), [(vg.JpegQuality(60), "JPEG"), (vg.WebpQuality(60), "WEBP")])
def test_pillow_leaves_the_same_marks(operation, format):
    """Pillow's build of the same libraries: their colour conversions may differ by two levels."""
    image = photo(64, 96)
    file = io.BytesIO()
    Image.fromarray(image).save(file, format, quality=60)
    expected = np.asarray(Image.open(file).convert("RGB"), np.int16)
    ours = vg.Pipeline([operation])(image).astype(np.int16)
    assert np.abs(ours - expected).mean() < 0.5 and np.abs(ours - image).mean() > 1.0


def test_lossy_webp_is_smaller_and_lossless_exact():
    image = photo(64, 96)
    exact, lossy = vg.encode(image, "webp"), vg.encode(image, "webp", quality=40)
    assert len(lossy) < len(exact) and (vg.decode(exact) == image).all()


def test_two_threads_and_a_loader_give_the_same(tmp_path):
    for k in range(6):
        Image.fromarray(photo(40 + k, 60)).save(tmp_path / f"{k}.png")
    augment = vg.Pipeline([vg.Resize((32, 32)), vg.JpegQuality((10, 90))], seed=3)
    one, two = (
        np.concatenate([images for images, *_ in vg.Loader(vg.folder(tmp_path), augment, batch_size=2, shuffle=False, threads=n)])
        for n in (1, 2)
    )
    assert (one == two).all()
