"""`ImageDataGenerator`: draws, order of steps, figures, and its three kinds of batches."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

import variegate as vg
from variegate.keras import ImageDataGenerator

keras = pytest.importorskip("keras")

x = np.random.default_rng(2).integers(0, 256, (10, 24, 32, 3), np.uint8)
y = np.arange(10)


def make(**given):
    return ImageDataGenerator(data_format="channels_last", **given)


def legacy():
    return pytest.importorskip("keras.src.legacy.preprocessing.image").ImageDataGenerator


EVERYTHING = {"rotation_range": 20, "width_shift_range": 0.2, "height_shift_range": 5, "shear_range": 10,
              "zoom_range": 0.3, "channel_shift_range": 9.0, "horizontal_flip": True, "vertical_flip": True,
              "brightness_range": (0.5, 1.5)}


def test_draws_are_those_of_keras():
    theirs = legacy()(data_format="channels_last", **EVERYTHING).get_random_transform((24, 24, 3), seed=4)
    assert make(compat="tf2.9", **EVERYTHING).get_random_transform((24, 24, 3), seed=4) == theirs


@pytest.mark.parametrize("explicit", [{"theta": 25, "zx": 0.8}, {"tx": 4.5, "flip_horizontal": True}, {"shear": 15, "ty": 3}])
def test_pixels_are_those_of_keras(explicit):
    """1 of 255, for positions in fixed point."""
    pytest.importorskip("scipy")
    rows, columns = np.mgrid[:40, :40]
    smooth = (127 + 100 * np.sin(rows / 5 + columns / 7))[..., None].repeat(3, 2).astype(np.float32)
    try:
        theirs = legacy()(data_format="channels_last").apply_transform(smooth.copy(), explicit)
    except AttributeError:
        pytest.skip("this SciPy has no ndimage.interpolation, which Keras's code needs")
    assert np.abs(make().apply_transform(smooth, explicit) - theirs).max() <= 1


def test_width_is_sideways():
    drawn = make(width_shift_range=[3]).get_random_transform((24, 32, 3))
    assert abs(drawn["tx"]) == 3 and drawn["ty"] == 0
    exchanged = make(width_shift_range=[3], compat="tf2.9").get_random_transform((24, 32, 3))
    assert abs(exchanged["ty"]) == 3 and exchanged["tx"] == 0


def test_order_of_standardising():
    steps = make(rescale=0.5, preprocessing_function=lambda a: a + 2, samplewise_std_normalization=True)
    got = steps.standardize(np.array([[[2.0], [6.0]]]))
    assert np.allclose(got.ravel(), [-1, 1], atol=1e-5)


def test_figures_of_the_data():
    plain = make(featurewise_std_normalization=True)
    plain.fit(x)
    assert np.allclose(plain.mean.ravel(), x.mean((0, 1, 2)), rtol=1e-4)
    out = plain.standardize(x.astype(np.float32))
    assert np.allclose(out.mean((0, 1, 2)), 0, atol=1e-3) and np.allclose(out.std((0, 1, 2)), 1, atol=1e-3)


def test_whitening_leaves_no_correlation():
    small = np.random.default_rng(3).normal(size=(50, 2, 2, 1))
    small[..., 1, 0] += 2 * small[..., 0, 0]
    with pytest.warns(UserWarning, match="featurewise_center"):
        white = make(zca_whitening=True)
    white.fit(small)
    flat = white.standardize(small.astype(np.float32)).reshape(50, 4)
    assert np.allclose(flat.T @ flat / 50, np.eye(4), atol=1e-3)


def test_batches_of_arrays():
    flow = make().flow(x, y, batch_size=4, shuffle=False)
    assert len(flow) == 3 and flow.n == 10 and flow.image_shape == (24, 32, 3)
    images, labels = flow[2]
    assert np.array_equal(images, x[8:]) and images.dtype == np.float32 and labels.tolist() == [8, 9]
    assert [len(next(flow)[1]) for _ in range(4)] == [4, 4, 2, 4] and flow.batch_index == 1
    flow.reset()
    assert np.array_equal(flow.next()[0], x[:4])
    with pytest.raises(IndexError):
        flow[3]


def test_seeds_repeat_and_epochs_differ():
    first, again = (make(**EVERYTHING).flow(x, y, 4, seed=5) for _ in range(2))
    a = [next(first) for _ in range(6)]
    assert all(np.array_equal(p, next(again)[0]) for p, _ in a)
    assert sorted(np.concatenate([labels for _, labels in a[:3]])) == list(range(10))
    assert not np.array_equal(a[0][0], a[3][0])


def test_parts_and_other_inputs():
    split = make(validation_split=0.3)
    assert split.flow(x, subset="validation", shuffle=False).n == 3
    assert np.array_equal(split.flow(x, subset="training", shuffle=False)[0][0], x[3])
    with pytest.raises(ValueError, match="different number of classes"):
        split.flow(x, y, subset="training")
    images, labels, weights = make().flow((x, y * 2), y, sample_weight=y * 3, shuffle=False, batch_size=10)[0]
    assert images[1].tolist() == (y * 2).tolist() and weights.tolist() == (y * 3).tolist()


@pytest.fixture
def folders(tmp_path):
    for k in range(10):
        (tmp_path / "ab"[k % 2]).mkdir(exist_ok=True)
        (tmp_path / "ab"[k % 2] / f"{k}.png").write_bytes(vg.encode(x[k], "png"))
    return tmp_path


def test_batches_of_folders(folders):
    flow = make(rescale=1 / 255, validation_split=0.2).flow_from_directory(folders, (24, 32), shuffle=False, subset="training")
    assert flow.class_indices == {"a": 0, "b": 1} and flow.classes.tolist() == [0] * 4 + [1] * 4
    assert flow.filenames[0] == "a/2.png" and flow.samples == 8
    images, labels = flow[0]
    assert np.allclose(images[0], x[2] / 255, atol=1e-6) and labels[-1].tolist() == [0, 1]
    for mode, size in (("grayscale", 1), ("rgba", 4)):
        assert make().flow_from_directory(folders, (8, 9), mode, class_mode=None)[0].shape == (10, 8, 9, size)


def test_batches_of_tables(folders):
    table = {"filename": [*(f"{'ab'[k % 2]}/{k}.png" for k in range(10)), "no.png"],
             "class": [["u"], ["u", "v"]] * 5 + [["v"]], "n": list(range(11))}
    with pytest.warns(UserWarning, match="Found 1 invalid"):
        images, labels = make().flow_from_dataframe(table, folders, target_size=(24, 32), shuffle=False)[0]
    assert np.array_equal(images, x) and labels[:2].tolist() == [[1, 0], [1, 1]]
    with pytest.warns(UserWarning):
        raw = make().flow_from_dataframe(table, folders, y_col="n", class_mode="raw", weight_col="n", shuffle=False)[0]
    assert raw[1].tolist() == raw[2].tolist() == list(range(10))


def test_a_kept_aspect_is_the_middle_resized(tmp_path):
    """40 × 20 shown at 10 × 10: the middle 20 × 20, shrunk by nearest."""
    wide = np.zeros((20, 40, 3), np.uint8)
    wide[:, 10:30] = 200
    Image.fromarray(wide).save(tmp_path / "wide.png")
    given = dict(target_size=(10, 10), class_mode=None, shuffle=False)
    table = {"filename": ["wide.png"], "class": ["a"]}
    assert (make().flow_from_dataframe(table, tmp_path, keep_aspect_ratio=True, **given)[0] == 200).all()
    assert not (make().flow_from_dataframe(table, tmp_path, **given)[0] == 200).all()


def test_every_kind_of_file_that_is_listed_is_read(tmp_path):
    picture = np.full((6, 7, 3), 90, np.uint8)
    (tmp_path / "a").mkdir()
    for ending in ("png", "jpg", "bmp", "ppm", "tif"):
        Image.fromarray(picture).save(tmp_path / "a" / f"x.{ending}")
    (images,) = [make().flow_from_directory(tmp_path, (6, 7), class_mode=None, shuffle=False)[0]]
    assert images.shape == (5, 6, 7, 3) and np.abs(images - 90).max() <= 1


def test_fit_takes_them_and_saves(tmp_path):
    layers = [keras.Input((24, 32, 3)), keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(1)]
    model = keras.Sequential(layers)
    model.compile(loss="mse")
    flow = make(horizontal_flip=True, rescale=1 / 255).flow(x, y, 5, save_to_dir=tmp_path, save_prefix="p")
    assert np.isfinite(model.fit(flow, epochs=2, verbose=0).history["loss"]).all()
    assert len(list(tmp_path.glob("p_*.png"))) >= 20


def test_channels_first_is_the_same():
    explicit = {"theta": 20, "tx": 2, "flip_vertical": True}
    first = ImageDataGenerator(data_format="channels_first").apply_transform(x[0].transpose(2, 0, 1), explicit)
    assert np.array_equal(first.transpose(1, 2, 0), make().apply_transform(x[0], explicit))


@pytest.mark.parametrize("wrong", [{"zoom_range": (1, 2, 3)}, {"validation_split": 1}, {"brightness_range": (1,)},
                                   {"fill_mode": "mirror"}, {"compat": "tf1"}])
def test_wrong_arguments_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        make(**wrong)


def test_batches_keep_their_memory_while_they_are_held():
    """Also where only a view of a batch is held; what nobody holds is written to again."""
    flow = make(horizontal_flip=True, rotation_range=10).flow(x, batch_size=5, seed=3)
    held = [next(flow) for _ in range(6)]
    views = [next(flow)[1:3] for _ in range(6)]
    copies = [np.array(batch) for batch in held + views]
    for _ in range(12):
        next(flow)
    assert all(np.array_equal(a, b) for a, b in zip(held + views, copies, strict=True))
    places = {next(flow).ctypes.data for _ in range(8)}
    assert len(places) < 8


def test_floats_that_are_bytes_give_what_floats_give():
    """0.01 of 255 for positions in fixed point: nothing is rounded to whole numbers on the way."""
    floats = x.astype(np.float32)
    drawn = make(**EVERYTHING).flow(floats, seed=2, shuffle=False, batch_size=10)
    assert drawn._read.dtype == np.uint8
    options = {name: EVERYTHING[name] for name in ("rotation_range", "shear_range", "zoom_range", "horizontal_flip")}
    fast = make(rescale=0.5, **options).flow(floats, seed=2, shuffle=False, batch_size=10)
    slow = make(rescale=0.5, **options).flow(floats, seed=2, shuffle=False, batch_size=10)
    slow._read = floats
    a, b = next(fast), next(slow)
    assert np.abs(a - b).max() < 0.01 and (a * 2 % 1 > 0.01).any()
    assert make().flow(floats * 0.5)._read.dtype == np.float32


def test_one_call_does_what_pictures_one_by_one_do():
    """Every step at once, against `apply_transform` and `standardize` of each picture, for floats that are no bytes."""
    floats = x * np.float32(0.9)
    for options in ({}, EVERYTHING, {**EVERYTHING, "rescale": 1 / 255, "fill_mode": "constant", "cval": 9.0},
                    {"rotation_range": 9, "samplewise_std_normalization": True}, {"vertical_flip": True, "rescale": 2.0}):
        generator = make(**options)
        batch = next(generator.flow(floats, batch_size=10, shuffle=False, seed=6))
        rng = np.random.RandomState(6)
        for k, picture in enumerate(floats):
            one = generator.standardize(generator.apply_transform(picture, generator._draw(picture.shape, rng)))
            # Brightness cuts fractions off, which the last bit of a float decides.
            assert np.quantile(np.abs(batch[k] - one), 0.99) <= 1e-3, options
