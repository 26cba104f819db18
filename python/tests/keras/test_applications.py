"""`variegate.keras.applications` against the functions of Keras, and the operations against both."""

from __future__ import annotations

import importlib
import warnings

import numpy as np
import pytest
from files import make_folder, python
from pictures import photo

import variegate as vg
import variegate.keras as vk
from variegate.keras import applications

keras = pytest.importorskip("keras")

FAMILIES = sorted(applications.FAMILIES)


def ours(name):
    return importlib.import_module(f"variegate.keras.applications.{name}")


def theirs(name):
    return importlib.import_module(f"keras.applications.{name}")


def test_no_family_of_keras_is_missing():
    import pkgutil

    modules = {module.name for module in pkgutil.iter_modules(keras.applications.__path__)}
    assert modules == {*FAMILIES, "imagenet_utils"}
    for name in FAMILIES:
        for model in applications.FAMILIES[name].models:
            assert hasattr(keras.applications, model)


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_each_is_the_function_of_keras(name, dtype):
    pictures = np.stack([photo(9, 12), photo(9, 12)[::-1]]).astype(dtype)
    expected = theirs(name).preprocess_input(pictures.copy(), data_format="channels_last")
    kept = pictures.copy()
    result = ours(name).preprocess_input(pictures)
    np.testing.assert_allclose(result, expected, rtol=0, atol=2e-5)
    assert np.array_equal(pictures, kept) and not np.shares_memory(result, pictures)
    first = ours(name).preprocess_input(pictures.transpose(0, 3, 1, 2), data_format="channels_first")
    assert np.array_equal(first, result.transpose(0, 3, 1, 2))


@pytest.mark.parametrize("name", FAMILIES)
def test_the_operation_writes_the_same_numbers(name):
    picture = photo(20, 30)
    pipeline = vg.Pipeline([vg.Flip("horizontal"), ours(name).operation()])
    result = pipeline(picture)
    assert result.dtype == np.float32
    np.testing.assert_allclose(result, ours(name).preprocess_input(picture[:, ::-1]), rtol=0, atol=1e-4)


@pytest.mark.parametrize("name", ["vgg16", "densenet", "xception", "convnext"])
def test_tensors_stay_tensors_and_models_can_hold_it(name):
    picture = photo(8, 10)[None]
    eager = ours(name).preprocess_input(keras.ops.convert_to_tensor(picture, "float32"))
    assert keras.ops.is_tensor(eager)
    expected = ours(name).preprocess_input(picture)
    np.testing.assert_allclose(np.asarray(eager), expected, atol=2e-5)
    inputs = keras.Input((8, 10, 3))
    model = keras.Model(inputs, ours(name).preprocess_input(inputs))
    np.testing.assert_allclose(np.asarray(model(picture.astype("float32"))), expected, atol=2e-5)
    bytes_in = ours(name).preprocess_input(keras.ops.convert_to_tensor(picture))
    np.testing.assert_allclose(np.asarray(bytes_in), expected, atol=2e-5)


def test_the_utilities_have_the_order_of_arguments_of_keras():
    from variegate.keras.applications.imagenet_utils import preprocess_input

    expected = keras.applications.imagenet_utils.preprocess_input(photo(5, 6).astype("float32"), "channels_last", "tf")
    np.testing.assert_allclose(preprocess_input(photo(5, 6), "channels_last", "tf"), expected, atol=1e-6)


def test_families_are_found_by_models():
    modes = {"VGG16": "caffe", "resnet50": "caffe", "ResNet101": "caffe", "resnet50v2": "tf", "EfficientNetB3": "none"}
    assert {name: applications.of(name).mode for name in modes} == modes
    assert applications.of("efficientnetv2-b0").name == "efficientnet_v2"
    small = keras.applications.MobileNetV2(input_shape=(32, 32, 3), alpha=0.35, weights=None, include_top=False)
    assert applications.of(small) is applications.FAMILIES["mobilenet_v2"]
    with pytest.raises(vg.ParameterError, match="has none called 'VGG17'; it has vgg1"):
        applications.of("VGG17")
    with pytest.raises(TypeError, match="expected a name or a Keras model, found int"):
        applications.of(16)


def test_a_mode_alone_is_an_operation():
    assert vk.preprocess_input("caffe") == vg.Normalize("caffe") == applications.vgg19.operation()
    with pytest.raises(ValueError, match="mode: expected"):
        vk.preprocess_input("vgg")


@pytest.mark.parametrize("mode", ["caffe", "tf", "torch"])
def test_a_second_time_is_told(mode):
    # Whatever came first: the pipeline or the function.
    once = vg.Pipeline([vk.preprocess_input(mode)])(photo(20, 30))
    for second in ("caffe", "tf", "torch"):
        with pytest.warns(UserWarning, match="preprocessed already"):
            vk.preprocess_input(once, second)


@pytest.mark.parametrize("mode", ["caffe", "tf", "torch"])
def test_what_is_no_second_time_is_silent(mode):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        overshot = photo(20, 30).astype(np.float32) - np.float32(9)
        for x in (photo(20, 30), photo(20, 30).astype("float32"), overshot, np.zeros((4, 4, 3), np.float32)):
            vk.preprocess_input(x, mode)
        vk.preprocess_input(np.ones((4, 4, 3), np.float32), mode)
    with pytest.warns(UserWarning, match="pictures from 0 to 1; multiply them by 255"):
        vk.preprocess_input(photo(20, 30).astype(np.float32) / 255, mode)


def test_it_imports_no_keras():
    code = "import sys; from variegate.keras.applications.vgg16 import operation; assert 'keras' not in sys.modules"
    assert python(code).stderr == ""


@pytest.mark.parametrize("model", ["VGG16", "caffe"])
def test_a_directory_is_written_for_a_model(tmp_path, model):
    root = make_folder(tmp_path)
    options = {"image_size": (16, 20), "verbose": False, "validation_split": 0.25, "subset": "both", "seed": 1}
    plain = vk.image_dataset_from_directory(root, **options)
    mirror = vg.Pipeline([vg.Flip("horizontal")])
    prepared = vk.image_dataset_from_directory(root, augment=mirror, preprocess=model, **options)
    for ours, theirs, turn in zip(prepared, plain, (-1, 1), strict=True):
        images = ours[0][0]
        expected = vk.preprocess_input(theirs[0][0][:, :, ::turn], "caffe")
        np.testing.assert_allclose(images, expected, rtol=0, atol=1e-2 if turn == 1 else 1.0)


def test_a_directory_is_not_written_twice(tmp_path):
    root = make_folder(tmp_path)
    twice = vg.Pipeline([vg.Normalize("imagenet")])
    with pytest.raises(vg.ParameterError, match="`augment` normalises already"):
        vk.image_dataset_from_directory(root, augment=twice, preprocess="VGG16")
    with pytest.raises(vg.ParameterError, match="has none called 'VGG17'"):
        vk.image_dataset_from_directory(root, preprocess="VGG17")
