"""How the layers behave as Keras layers: inputs, dtypes, draws, inference, configs, switches, errors."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent))

keras = pytest.importorskip("keras")

from keras.backend import standardize_dtype  # noqa: E402
from layers_made import ALWAYS, MADE, RANDOM, SIZED, made, pictures  # noqa: E402
from pictures import photo  # noqa: E402

from variegate.keras import layers  # noqa: E402


def test_every_layer_is_tried_here():
    containers = {
        "MaxNumBoundingBoxes", "Normalization", "Pipeline", "RandomApply", "RandomAugmentationPipeline", "RandomChoice",
        "RepeatedAugmentation", "Rescaling",
    }  # fmt: skip
    assert set(MADE) | containers == set(layers.__all__)


@pytest.mark.parametrize("name", MADE)
def test_it_does_something_and_keeps_uint8(name):
    x = pictures()
    out = np.asarray(made(name)(x))
    assert out.dtype == np.uint8
    assert out.shape == made(name).compute_output_shape(x.shape)
    assert out.shape != x.shape or (out != x).any()


@pytest.mark.parametrize("name", sorted(set(MADE) - {"Augment"}))
def test_floats_of_the_same_picture_give_the_same(name):
    """Under one draw; four levels, since some operations round to 8 bits between others, and a codec more.

    `Augment` reads floats in the range of its pipeline instead.
    """
    x = pictures()
    whole, real = made(name)(x), made(name)(x.astype(np.float32))
    assert standardize_dtype(real.dtype) == "float32"
    off = np.abs(np.asarray(whole, np.float32) - np.asarray(real))
    # Posterizing and equalizing take a value that is nearly the next one to another level.
    assert np.quantile(off, 0.95) <= 4, off.max()


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int32", "float16", "bfloat16", "float32"])
@pytest.mark.parametrize(
    "name", ["RandomRotation", "RandomBrightness", "RandomErasing", "CutMix", "Resizing", "RandomCrop"]
)
def test_dtypes_are_kept(name, dtype):
    x = keras.ops.cast(pictures(), dtype)
    out = made(name)(x)
    assert standardize_dtype(out.dtype) == standardize_dtype(x.dtype)
    plain = np.asarray(made(name)(pictures())).astype(np.float32)
    assert np.quantile(np.abs(np.asarray(keras.ops.cast(out, "float32")) - plain), 0.95) <= 2


def test_a_dtype_that_is_asked_for():
    out = made("RandomRotation", dtype="float32")(pictures())
    assert standardize_dtype(out.dtype) == "float32"
    assert standardize_dtype(made("RandomRotation", dtype="float16")(pictures(), training=False).dtype) == "float16"


@pytest.mark.parametrize("name", MADE)
def test_channels_first(name):
    x = pictures()
    last = np.asarray(made(name)(x))
    first = np.asarray(made(name, data_format="channels_first")(np.moveaxis(x, -1, 1)))
    assert np.array_equal(np.moveaxis(first, 1, -1), last)


@pytest.mark.parametrize("name", MADE)
def test_one_picture_is_a_batch_of_one(name):
    x = pictures(1)
    assert np.array_equal(np.asarray(made(name)(x[0])), np.asarray(made(name)(x))[0])


@pytest.mark.parametrize("name", MADE)
def test_inference(name):
    x = pictures()
    out = np.asarray(made(name)(x, training=False))
    if name in ALWAYS:
        assert np.array_equal(out, np.asarray(made(name)(x)))
    elif name in SIZED:
        assert out.shape == (4, 20, 31, 3)
        assert np.array_equal(out, np.asarray(made(name, seed=9)(x, training=False)))
    else:
        assert np.array_equal(out, x)


@pytest.mark.parametrize("name", RANDOM)
def test_seeds_and_calls(name):
    """One seed gives the same calls one after the other; calls differ, and so do seeds, but for a pipeline's own."""
    x = pictures(8)
    one, other = made(name), made(name)
    first = [np.asarray(one(x)) for _ in range(2)]
    assert all(np.array_equal(a, np.asarray(other(x))) for a in first)
    assert not np.array_equal(*first)
    if name != "Augment":
        assert not np.array_equal(first[0], np.asarray(made(name, seed=4)(x)))


@pytest.mark.parametrize(
    ("layer", "low", "high"),
    [
        (layers.RandomBrightness(0.3, seed=1), -0.3, 0.3),
        (layers.RandomBrightness((0.1, 0.4), seed=1), 0.1, 0.4),
        (layers.Solarization(0.3, (1.0, 1.0), seed=1), 0.0, 0.3),
    ],
)
def test_draws_fill_their_range(layer, low, high):
    """What is added to a grey of 0.5, in 500 pictures: its ends within 0.02 and its middle within five deviations."""
    x = np.full((500, 2, 2, 3), 127.5, np.float32)
    added = (np.asarray(layer(x))[:, 0, 0, 0] - 127.5) / 255
    assert low <= added.min() < low + 0.02
    assert high - 0.02 < added.max() <= high + 1e-6
    assert abs(added.mean() - (low + high) / 2) < 5 * (high - low) / np.sqrt(12 * 500)


def test_angles_and_chances():
    drawn = layers.RandomRotation(0.1, seed=1)
    x = np.zeros((400, 5, 5, 1), np.float32)
    x[:, 2, 4] = 1
    rows, columns = np.mgrid[-2:3, -2:3]
    out = np.asarray(layers.Pipeline([drawn])(x))[..., 0]
    angle = np.degrees(np.arctan2(-(out * rows).sum(axis=(1, 2)), (out * columns).sum(axis=(1, 2))))
    # A dot of one pixel is seen 3 degrees off at worst.
    assert angle.min() < -30
    assert angle.max() > 30
    assert np.abs(angle).max() < 39
    for factor, chance in ((1.0, 0.5), ((0.2, 0.4), 0.3), ((1.0, 1.0), 1.0)):
        done = (np.asarray(layers.RandomInvert(factor, seed=1)(x)).max(axis=(1, 2, 3)) > 1).mean()
        assert abs(done - chance) < 0.1
    tried = np.asarray(layers.RandomErasing(0.5, fill_value=9.0, seed=1)(x + 1)).max(axis=(1, 2, 3)) == 9
    assert abs(tried.mean() - 0.25) < 0.1


@pytest.mark.parametrize("name", ["RandomRotation", "RandomErasing", "RandomSaturation", "RandAugment", "RandomCrop"])
def test_pictures_of_a_batch_differ(name):
    out = np.asarray(made(name)(np.stack([photo(33, 48)] * 8)))
    assert len({picture.tobytes() for picture in out}) > 4


@pytest.mark.parametrize("name", MADE)
def test_config_and_back(name):
    layer = made(name)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert type(again) is type(layer)
    assert again.get_config() == layer.get_config()
    assert np.array_equal(np.asarray(again(pictures())), np.asarray(layer(pictures())))
    assert set(MADE[name]) <= set(layer.get_config())


@pytest.mark.parametrize("name", [name for name in MADE if hasattr(keras.layers, name)])
def test_config_holds_what_keras_holds(name):
    theirs = getattr(keras.layers, name)(**MADE[name]).get_config()
    assert set(theirs) <= set(made(name).get_config())


@pytest.mark.parametrize("name", MADE)
def test_shapes_are_known_before(name):
    """In a functional model, with an open batch axis, and for dicts."""
    x = pictures()
    held = keras.Input(x.shape[1:], dtype="uint8")
    symbol = made(name)(held)
    out = made(name)(x)
    assert symbol.shape == (None, *out.shape[1:])
    assert symbol.dtype == standardize_dtype(out.dtype)
    both = made(name)({"images": held, "labels": keras.Input((3,))})
    assert both["images"].shape == symbol.shape


def test_what_keras3_does():
    """Each switch, by what can be seen of it."""
    x = pictures(64)
    flipped = np.asarray(layers.RandomFlip(compat="keras3", seed=1)(x))
    kept = (flipped == x).all(axis=(1, 2, 3))
    turned = (flipped == x[:, ::-1, ::-1]).all(axis=(1, 2, 3))
    assert (kept ^ turned).all()
    assert 16 < kept.sum() < 48
    usual, one_sided = (
        np.asarray(layers.RandomContrast(0.4, seed=1, compat=compat)(x)).std(axis=(1, 2, 3)) / x.std(axis=(1, 2, 3))
        for compat in (None, "keras3")
    )
    assert usual.min() < 0.8
    assert one_sided.min() > 0.97
    assert np.array_equal(layers.RandomPosterization(3)(x), x & 0xE0)
    fewer = np.asarray(layers.RandomPosterization(3, compat="keras3", seed=1)(x))
    assert max(len(np.unique(picture)) for picture in fewer) <= 4
    small = layers.RandomCrop(8, 9, compat="keras3")
    assert np.array_equal(small(x, training=False), x)
    grey = np.asarray(layers.RandomColorDegeneration(0.5, compat="keras3", seed=2)(x))
    colour, before = (np.ptp(v.astype(int), axis=-1).mean(axis=(1, 2)) for v in (grey, x))
    assert (colour > 1.02 * before).any()
    assert (colour < 0.98 * before).any()
    assert np.array_equal(layers.Equalization(compat="keras3")(x, training=False), x)
    negative = layers.RandomInvert((1.0, 1.0), (10, 255), compat="keras3")
    assert np.array_equal(negative(x), 255 - x)
    cropped = np.asarray(layers.RandomCrop(20, 31, compat="keras3", seed=1)(np.stack([x[0]] * 8)))
    assert (cropped == cropped[0]).all()
    grey = np.asarray(layers.RandomSaturation(0.5, compat="keras3", seed=1)(x)).astype(int)
    assert 16 < (np.ptp(grey, axis=-1).max(axis=(1, 2)) == 0).sum() < 48
    mixed = layers.AugMix(num_chains=9, chain_depth=5, compat="keras3", seed=1)
    first = np.asarray(mixed(x[:4]))
    assert (first != x[:4]).any() and first.shape == x[:4].shape
    assert not np.array_equal(first, mixed(x[:4]))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: layers.RandomRotation("a"), "should be a number"),
        (lambda: layers.RandomRotation(2.0), r"in the range \[-1.0, 1.0\]"),
        (lambda: layers.RandomContrast((0.1, 0.2, 0.3)), "two numbers"),
        (lambda: layers.RandomFlip("diagonal"), "horizontal_and_vertical"),
        (lambda: layers.RandomZoom(0.1, fill_mode="mirror"), "fill_mode"),
        (lambda: layers.RandomBrightness(0.1, value_range=(255, 0)), "lower one first"),
        (lambda: layers.RandomPosterization(9), r"\[1.0, 8.0\]"),
        (lambda: layers.RandomGaussianBlur(kernel_size=4), "odd"),
        (lambda: layers.RandomCrop(0, 3), "height"),
        (lambda: layers.Resizing(4, 4, crop_to_aspect_ratio=True, pad_to_aspect_ratio=True), "only one of"),
        (lambda: layers.RandomFlip(data_format="first"), "data_format"),
        (lambda: layers.RandomFlip(seed=0.5), "seed"),
        (lambda: layers.RandomFlip(bounding_box_format="coco"), "bounding_box_format"),
        (lambda: layers.RandomRotation(0.1, compat="keras3"), "departs from Keras nowhere"),
        (lambda: layers.MixUp(alpha=0), "alpha"),
        (lambda: layers.RandomPosterization(2.5), "counts bits"),
        (lambda: layers.RandomTranslation(0.1, 0.1, fill_value="black"), "fill_value"),
        (lambda: layers.RandomGrayscale("half"), "from 0 to 1"),
        (lambda: layers.ContrastLimitedAdaptiveHistogramEqualization(clip_limit=-1), "clip_limit"),
        (lambda: layers.RandomErasing(fill_value=(1, 2))(pictures()), "images of 2 channels"),
        (lambda: layers.RandomApply(layers.RandomFlip(), rate=2), "rate"),
        (lambda: layers.RandomFlip()(np.zeros((2, 3))), "rank 3"),
        (lambda: layers.RandomFlip()({"labels": np.zeros(2)}), "key `images`"),
    ],
)
def test_wrong_arguments(make, message):
    with pytest.raises(ValueError, match=message):
        make()
