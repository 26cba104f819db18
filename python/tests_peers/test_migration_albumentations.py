"""Pipelines read from Albumentations do to a picture what they do there, wherever nothing is left to chance."""

from __future__ import annotations

import inspect
import json
import os
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"

from pictures import photo

import variegate as vg

A = pytest.importorskip("albumentations")
cv2 = pytest.importorskip("cv2")
PHOTO = photo(120, 150)


def both(transform, image, **options):
    """Their result and that of what was read from them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = json.loads(json.dumps(A.to_dict(transform)))
        ours = vg.Pipeline.from_albumentations(data, size=image.shape[:2], **options)
        return transform(image=image)["image"], ours(image)


WHOLE = [
    A.HorizontalFlip(p=1),
    A.VerticalFlip(p=1),
    A.Transpose(p=1),
    A.InvertImg(p=1),
    A.CenterCrop(40, 60),
    A.Crop(10, 20, 60, 90),
    A.Pad((3, 5, 7, 9), fill=51),
    A.Pad(4, border_mode=cv2.BORDER_REFLECT_101),
    A.Pad(4, border_mode=cv2.BORDER_REFLECT),
    A.Pad(4, border_mode=cv2.BORDER_REPLICATE),
    A.PadIfNeeded(300, 331, fill=(10, 20, 30)),
    A.PadIfNeeded(300, 331, position="top_left"),
    A.PadIfNeeded(None, None, pad_height_divisor=32, pad_width_divisor=32),
    A.Posterize(num_bits=3, p=1),
    A.Solarize(threshold_range=(0.5, 0.5), p=1),
    A.Equalize(mode="cv", p=1),
    A.AutoContrast(method="pil", p=1),
    A.RGBShift((20, 20), (-13, -13), (0, 0), p=1),
    A.RandomScale((0, 0), p=1),
    A.CropAndPad(px=(3, 5, 7, 9), keep_size=False, fill=255),
    A.CropAndPad(px=(-3, -5, -7, -9), keep_size=False),
]

# With the greatest and the mean difference in levels, and why.
NEAR = [
    (A.Rotate((20, 20), p=1), 2, 0.1),
    (A.Rotate((-33, -33), border_mode=cv2.BORDER_REFLECT_101, p=1), 2, 0.1),
    (A.Affine(rotate=(17, 17), scale=(0.8, 0.8), p=1), 2, 0.1),
    (A.Affine(shear={"x": (12, 12), "y": (0, 0)}, p=1), 2, 0.1),
    (A.Affine(shear={"x": (0, 0), "y": (-9, -9)}, p=1), 2, 0.1),
    (A.Affine(rotate=(25, 25), shear={"x": (12, 12), "y": (0, 0)}, scale=(1.2, 1.2), translate_px=(5, 5), p=1), 2, 0.1),
    (A.ShiftScaleRotate((0, 0), (0.2, 0.2), (30, 30), p=1), 2, 0.1),
    # An upright map that shrinks is antialiased here.
    (A.Affine(scale={"x": (0.7, 0.7), "y": (1.3, 1.3)}, translate_px={"x": (10, 10), "y": (-6, -6)}, p=1), 9, 1.5),
    (A.Affine(scale={"x": (1.2, 1.2), "y": (1.3, 1.3)}, translate_px={"x": (10, 10), "y": (-6, -6)}, p=1), 2, 0.5),
    # Ours is Pillow's own table, theirs begins one level further on.
    (A.Equalize(mode="pil", p=1), 8, 2.5),
    (A.Resize(100, 120), 2, 0.5),
    (A.Resize(60, 75, interpolation=cv2.INTER_AREA), 1, 0.6),
    (A.Resize(300, 300), 2, 0.5),
    (A.LongestMaxSize(100), 2, 0.5),
    (A.SmallestMaxSize(100), 2, 0.5),
    (A.ColorJitter((1.3, 1.3), (1, 1), (1, 1), (0, 0), p=1), 1, 0.6),
    (A.ColorJitter((1, 1), (0.6, 0.6), (1, 1), (0, 0), p=1), 1, 0.7),
    (A.ColorJitter((1, 1), (1, 1), (0.4, 0.4), (0, 0), p=1), 2, 0.6),
    (A.RandomBrightnessContrast((0.1, 0.1), (-0.2, -0.2), p=1), 1, 0.6),
    (A.RandomGamma((150, 150), p=1), 1, 0.6),
    (A.ToGray(p=1), 1, 0.6),
    (A.ToSepia(p=1), 2, 0.7),
    # Hues have 180 steps there.
    (A.HueSaturationValue((20, 20), (0, 0), (0, 0), p=1), 12, 1.5),
    (A.Blur((5, 5), p=1), 1, 0.6),
    (A.MedianBlur((5, 5), p=1), 0, 0.0),
    # The kernel is not cut off at as many pixels.
    (A.GaussianBlur(0, (1.5, 1.5), p=1), 2, 0.6),
    (A.Sharpen((0.3, 0.3), (1.0, 1.0), p=1), 1, 0.6),
    (A.Emboss((0.4, 0.4), (0.5, 0.5), p=1), 1, 0.6),
    (A.UnsharpMask((5, 5), (1.2, 1.2), (0.5, 0.5), threshold=0, p=1), 4, 0.8),
    (A.MultiplicativeNoise((1.2, 1.2), p=1), 1, 0.6),
    # Shrinking to the nearest pixel takes another one of two that are as near.
    (A.Downscale((0.5, 0.5), {"downscale": cv2.INTER_AREA, "upscale": cv2.INTER_LINEAR}, p=1), 3, 0.8),
    (A.OpticalDistortion((0.2, 0.2), mode="fisheye", p=1), 40, 1.5),
]


def named(transform):
    return str(transform)[:60]


@pytest.mark.parametrize("transform", WHOLE, ids=named)
def test_the_same_bytes(transform):
    theirs, ours = both(transform, PHOTO)
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize(("transform", "most", "mean"), NEAR, ids=[named(transform) for transform, _, _ in NEAR])
def test_nearly_the_same(transform, most, mean):
    theirs, ours = both(transform, PHOTO)
    assert ours.shape == theirs.shape
    inside = np.ones(theirs.shape[:2], bool)
    if getattr(transform, "border_mode", None) == cv2.BORDER_CONSTANT:
        # Ours fades into the border over half a pixel, theirs over a whole one.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            seen = vg.Pipeline.from_albumentations(A.to_dict(transform), size=PHOTO.shape[:2])
            inside = seen(np.full(PHOTO.shape[:2], 255, np.uint8)) == 255
            inside &= transform(image=np.full(PHOTO.shape[:2], 255, np.uint8))["image"] == 255
        assert inside.mean() > 0.3
    apart = np.abs(ours.astype(int) - theirs)[inside]
    assert apart.max() <= most and apart.mean() <= mean, (apart.max(), apart.mean())


def test_normalized_numbers():
    transform = A.Normalize(mean=(0.4, 0.5, 0.6), std=(0.2, 0.3, 0.4))
    ours = vg.Pipeline.from_albumentations(A.to_dict(transform))
    theirs = transform(image=PHOTO)["image"]
    np.testing.assert_allclose(ours.batch(PHOTO[None], dtype="float32")[0], theirs, atol=1e-5)


def transforms():
    from albumentations.core.transforms_interface import BasicTransform

    bases = {"BasicTransform", "DualTransform", "ImageOnlyTransform", "Transform3D"}
    for name in sorted(set(dir(A)) - bases):
        one = getattr(A, name)
        if inspect.isclass(one) and issubclass(one, BasicTransform):
            yield name, one


NEEDED = {
    "AtLeastOneBBoxRandomCrop": {"height": 60, "width": 60},
    "CenterCrop": {"height": 60, "width": 60},
    "CenterCrop3D": {"size": (2, 60, 60)},
    "CropNonEmptyMaskIfExists": {"height": 60, "width": 60},
    "CropAndPad": {"percent": 0.1},
    "Crop": {"x_max": 60, "y_max": 60},
    "GridElasticDeform": {"num_grid_xy": (4, 4), "magnitude": 5},
    "LongestMaxSize": {"max_size": 100},
    "Pad3D": {"padding": 2},
    "PadIfNeeded3D": {"min_zyx": (4, 60, 60)},
    "RandomCrop": {"height": 60, "width": 60},
    "RandomCrop3D": {"size": (2, 60, 60)},
    "RandomResizedCrop": {"size": (60, 60)},
    "RandomSizedBBoxSafeCrop": {"height": 60, "width": 60},
    "RandomSizedCrop": {"min_max_height": (50, 100), "size": (60, 60)},
    "Resize": {"height": 60, "width": 60},
    "SmallestMaxSize": {"max_size": 100},
}
WITHOUT = {
    "CropNonEmptyMaskIfExists",
    "FromFloat",
    "Lambda",
    "MaskDropout",
    "OverlayElements",
    "PadIfNeeded3D",
    "TextImage",
}
# Not written down by the library itself: pictures or code belong to them.
UNWRITTEN = {"FDA", "HistogramMatching", "PixelDistributionAdaptation", "Lambda", "TextImage"}


@pytest.mark.parametrize(("name", "one"), list(transforms()), ids=lambda value: value if isinstance(value, str) else "")
def test_every_transform_of_the_library_is_read_or_refused(name, one):
    if name in UNWRITTEN:
        data = {"__class_fullname__": name}
    else:
        data = json.loads(json.dumps(A.to_dict(one(**NEEDED.get(name, {})))))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if name in WITHOUT:
            with pytest.raises(vg.ParameterError, match=name):
                vg.Pipeline.from_albumentations(data, size=(240, 320))
        else:
            vg.Pipeline.from_albumentations(data, size=(240, 320))
