"""Functions of the user's own, and operations on some channels alone."""

import pickle

import numpy as np
import pytest

import variegate as vg


def speckled(image, rng):
    image[rng.random(image.shape[:2]) < 0.25] = 255


def stretched(image, rng):
    return np.repeat(image, 2, axis=0)


def wrong(image, rng):
    raise KeyError("a hole")


@pytest.fixture
def image():
    return np.random.default_rng(1).integers(0, 200, (20, 30, 3), dtype=np.uint8)


def test_its_random_numbers_depend_on_the_address_alone(image):
    augment = vg.Pipeline([vg.custom(speckled)], seed=3)
    first = augment(image, epoch=1, sample=5)
    assert 60 < (first == 255).all(-1).sum() < 240
    assert np.array_equal(first, augment(image, epoch=1, sample=5))
    assert not np.array_equal(first, augment(image, epoch=2, sample=5))
    alone = [augment(image, sample=k) for k in range(6)]
    assert np.array_equal(augment.batch([image] * 6, threads=2), alone)
    assert image.max() < 200


def test_the_loader_calls_it(tmp_path, image):
    for k in range(6):
        (tmp_path / f"{k}.png").write_bytes(vg.encode(image, "png"))
    augment = vg.Pipeline([vg.custom(speckled)], seed=3)
    for threads in (1, 3):
        loader = vg.Loader(vg.folder(tmp_path), augment, batch_size=3, shuffle=False, dtype="uint8", threads=threads)
        made = np.concatenate([np.array(batch) for batch in loader])
        assert np.array_equal(made, [augment(image, sample=k) for k in range(6)])
        loader.close()


def test_what_it_raises_or_changes_is_told(image):
    with pytest.raises(vg.ParameterError, match="test_custom.wrong.*KeyError.*a hole"):
        vg.Pipeline([vg.custom(wrong)])(image)
    with pytest.raises(vg.ParameterError, match=r"expected uint8 of shape \(20, 30, 3\) back"):
        vg.Pipeline([vg.custom(stretched)])(image)
    with pytest.raises(TypeError, match="expected a function"):
        vg.custom("speckled")
    with pytest.raises(vg.ParameterError, match="cannot be called"):
        vg.custom(speckled, name="")


def test_files_hold_a_name_and_run_nothing(image):
    augment = vg.Pipeline([vg.custom(speckled, name="dust", p=0.5)], seed=1)
    assert 'dust' in augment.to_yaml()
    again = vg.Pipeline.from_yaml(augment.to_yaml())
    assert all(np.array_equal(augment(image, sample=k), again(image, sample=k)) for k in range(8))
    with pytest.raises(vg.ParameterError, match="registered before this is read .did you mean .dust."):
        vg.Pipeline.from_yaml("variegate: 1\npipeline: [custom: {function: dusk}]")
    recipe = augment.draw(image.shape, sample=2)
    assert np.array_equal(augment.apply(vg.Recipe.from_json(recipe.to_json()), image=image)["image"], augment(image, sample=2))


def test_a_pickled_pipeline_brings_its_functions(image):
    augment = vg.Pipeline([vg.SomeOf([vg.custom(speckled)], 1)], seed=1)
    assert np.array_equal(pickle.loads(pickle.dumps(augment))(image, sample=1), augment(image, sample=1))


def test_functions_without_a_name_are_told_apart(image):
    def filled(v):
        return vg.Pipeline([vg.custom(lambda image, rng: np.full_like(image, v))])

    one, two = filled(1), filled(2)
    assert one(image).max() == 1 and two(image).min() == 2


def test_some_channels_alone(image):
    swapped = vg.Pipeline([vg.SelectChannels(vg.Invert(), [2])])(image)
    assert np.array_equal(swapped[..., :2], image[..., :2]) and np.array_equal(swapped[..., 2], 255 - image[..., 2])
    seven = np.random.default_rng(2).integers(0, 255, (9, 8, 7), dtype=np.uint16)
    augment = vg.Pipeline([vg.SelectChannels([vg.GaussianBlur(1.0), vg.Gamma(2.0)], [6, 0, 3])])
    expected = seven.copy()
    expected[..., [6, 0, 3]] = vg.Pipeline([vg.GaussianBlur(1.0), vg.Gamma(2.0)])(seven[..., [6, 0, 3]])
    assert np.array_equal(augment(seven), expected)


def test_luma_of_three_chosen_channels(image):
    # Three channels of many are a colour picture of their own.
    many = np.concatenate([image[..., :1], image], axis=-1).repeat(2, axis=-1)
    augment = vg.Pipeline([vg.SelectChannels(vg.Grayscale(), [2, 4, 6])])
    assert np.array_equal(augment(many)[..., [2, 4, 6]], vg.Pipeline([vg.Grayscale()])(image))


def test_channels_stay_on_top_of_each_other():
    with pytest.raises(vg.ParameterError, match="rotate moves pixels"):
        vg.SelectChannels(vg.Rotate(10), [0])
    assert vg.SelectChannels(vg.Invert(), 1) == vg.SelectChannels([vg.Invert()], [1])
