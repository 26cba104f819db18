"""Pipelines of other libraries are read from plain data and from objects, and say what differs or is missing."""

from __future__ import annotations

import enum
import json
import re
import warnings
from pathlib import Path

import keras
import numpy as np
import pytest

import variegate as vg

PAGES = sorted((Path(__file__).parents[2] / "docs" / "migration").glob("*.md"))


def quiet(read, given, **options):
    """The pipeline, where nothing is worth a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return read(given, **options)


def transform(name, **parameters):
    return {"__class_fullname__": name, **parameters}


def composed(given):
    return {"__version__": "2.0.8", "transform": transform("Compose", p=1.0, transforms=given)}


class Serializable:
    """What a transform of Albumentations can be asked."""

    seed = 11

    def to_dict(self):
        flip = transform("HorizontalFlip", p=1.0)
        return {"__version__": "2.0.8", "transform": transform("Compose", p=1.0, transforms=[flip])}


def test_albumentations_from_data_and_from_an_object():
    image = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    for given in (Serializable(), Serializable().to_dict(), transform("HorizontalFlip", p=1.0)):
        augment = quiet(vg.Pipeline.from_albumentations, given)
        np.testing.assert_array_equal(augment(image), image[:, ::-1])
    assert quiet(vg.Pipeline.from_albumentations, Serializable()).seed == 11
    assert quiet(vg.Pipeline.from_albumentations, Serializable(), seed=3).seed == 3
    assert quiet(vg.Pipeline.from_albumentations, Serializable(), seed=2**63).seed == 2**63
    with pytest.raises(TypeError, match="expected a transform of Albumentations"):
        vg.Pipeline.from_albumentations(3)


def test_a_warning_lists_what_differs():
    given = [transform("RandomFog", p=1.0), transform("RandomSnow", p=1.0)]
    said = r"2 parts of the pipeline are read with a difference:\n  pipeline.transforms\[0\] \(RandomFog\)"
    with pytest.warns(UserWarning, match=said) as seen:
        vg.Pipeline.from_albumentations(composed(given))
    assert len(seen) == 1 and seen[0].filename == __file__


def test_what_is_missing_is_named_at_once_or_left_out():
    given = composed([transform("MaskDropout"), transform("InvertImg", p=1.0), transform("Blur", sigma=3)])
    with pytest.raises(vg.ParameterError) as raised:
        vg.Pipeline.from_albumentations(given)
    for part in ("2 parts", "MaskDropout", "BoxDropout", "pipeline.transforms[2] (Blur)", '"sigma"', "strict=False"):
        assert part in str(raised.value)
    with pytest.warns(UserWarning, match="left out: 2 parts"):
        augment = vg.Pipeline.from_albumentations(given, strict=False)
    np.testing.assert_array_equal(augment(np.full((2, 2, 3), 55, np.uint8)), np.full((2, 2, 3), 200, np.uint8))


def test_a_choice_of_nothing_leaves_the_picture():
    given = composed([transform("OneOf", p=1.0, transforms=[transform("NoOp", p=1.0)])])
    augment = quiet(vg.Pipeline.from_albumentations, given)
    image = np.arange(192, dtype=np.uint8).reshape(8, 8, 3)
    for sample in range(4):
        np.testing.assert_array_equal(augment(image, sample=sample), image)


class Interpolation(enum.Enum):
    BILINEAR = "bilinear"


class Module:
    """What an object of torchvision holds, public and private."""

    def __init__(self, **attributes):
        self.training = True
        self._modules = {}
        self.__dict__.update(attributes)


class Compose(Module):
    pass


class RandomHorizontalFlip(Module):
    pass


class RandomRotation(Module):
    pass


class RandomApply(Module):
    pass


class Normalize(Module):
    pass


def test_torchvision_is_read_by_its_attributes():
    how = {"interpolation": Interpolation.BILINEAR, "expand": False, "fill": 0, "center": None, "_fill": {}}
    turn = RandomRotation(degrees=[10.0, 20.0], **how)
    inner = RandomApply(p=0.25, _modules={"transforms": [RandomHorizontalFlip(p=1.0)]})
    compose = Compose(transforms=[turn, inner, Normalize(mean=[0.5], std=(0.25,), inplace=False)])
    augment = quiet(vg.Pipeline.from_torchvision, compose)
    last = vg.Normalize("custom", mean=[0.5], std=[0.25])
    expected = vg.Pipeline([vg.Rotate((10, 20)), vg.Flip("horizontal", p=0.25), last])
    assert augment.to_yaml() == expected.to_yaml()
    with pytest.raises(vg.ParameterError, match=r"\[0\] \(RandomRotation\): pictures are turned about their middle"):
        vg.Pipeline.from_torchvision([RandomRotation(degrees=[1.0, 2.0], center=[0, 0])])
    with pytest.raises(TypeError, match="expected a transform or a list"):
        vg.Pipeline.from_torchvision(3)


def test_keras_layers_are_asked_for_their_configuration():
    layers = [keras.layers.RandomFlip("vertical"), keras.layers.RandomRotation(0.25), keras.layers.Rescaling(1 / 255)]
    one = quiet(vg.Pipeline.from_keras, layers)
    same = quiet(vg.Pipeline.from_keras, keras.Sequential([keras.Input((8, 8, 3)), *layers]))
    written = quiet(vg.Pipeline.from_keras, [keras.layers.serialize(layer) for layer in layers])
    assert one.to_yaml() == same.to_yaml() == written.to_yaml()
    stages = json.loads(one.to_json())["pipeline"]
    assert stages[0] == {"flip": {"axis": "vertical", "p": 0.5}}
    assert stages[1]["rotate"]["border"] == "reflect"
    assert stages[2] == {"normalize": {"mode": "unit"}}
    with pytest.raises(TypeError, match="from_keras: expected a layer"):
        vg.Pipeline.from_keras([3])


def test_image_layers_of_keras_are_known():
    """Every layer that Keras exports and that makes pictures of pictures has a line."""
    made: dict[str, dict] = {
        "AutoContrast": {},
        "AugMix": {},
        "CutMix": {},
        "Equalization": {},
        "MixUp": {},
        "RandAugment": {},
        "RandomInvert": {},
        "RandomBrightness": {"factor": 0.2},
        "RandomContrast": {"factor": 0.2},
        "RandomHue": {"factor": 0.2},
        "RandomColorDegeneration": {"factor": 0.2},
        "RandomColorJitter": {"brightness_factor": 0.1},
        "RandomGrayscale": {},
        "RandomPosterization": {"factor": 4},
        "RandomSharpness": {"factor": 0.2},
        "Solarization": {"threshold_factor": 0.5},
        "RandomErasing": {},
        "RandomFlip": {},
        "RandomGaussianBlur": {},
        "RandomPerspective": {},
        "RandomElasticTransform": {},
        "RandomShear": {"x_factor": 0.1},
        "RandomSaturation": {"factor": 0.4},
        "RandomRotation": {"factor": 0.1},
        "RandomTranslation": {"height_factor": 0.1, "width_factor": 0.1},
        "RandomZoom": {"height_factor": 0.1},
        "RandomCrop": {"height": 8, "width": 8},
        "CenterCrop": {"height": 8, "width": 8},
        "Resizing": {"height": 8, "width": 8},
    }
    for name, arguments in made.items():
        layer = getattr(keras.layers, name)(**arguments)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            vg.Pipeline.from_keras([layer], size=(64, 64))


def test_the_arguments_of_the_generator():
    arguments = {"rotation_range": 20, "rescale": np.float64(1 / 255), "vertical_flip": True}
    augment = quiet(vg.Pipeline.from_image_data_generator, arguments)
    assert [next(iter(stage)) for stage in json.loads(augment.to_json())["pipeline"]] == ["rotate", "flip", "normalize"]
    with pytest.raises(vg.ParameterError, match="preprocessing_function"):
        vg.Pipeline.from_image_data_generator({"preprocessing_function": str})


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_the_pages_run(page):
    """The blocks of our own Python; those of another library's are marked `py`."""
    blocks = re.findall(r"^```python\n(.*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert blocks
    for block in blocks:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(block, str(page), "exec"), {})


def test_there_is_a_page_for_each():
    assert [page.stem for page in PAGES] == ["albumentations", "imagedatagenerator", "keras", "torchvision"]
