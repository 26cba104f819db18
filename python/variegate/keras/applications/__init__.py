"""What each model of `keras.applications` was trained with: its `preprocess_input`, and the same as an operation.

    from variegate.keras.applications.vgg16 import preprocess_input, operation

    augment = vg.Pipeline([vg.ResizedCrop(224), operation()])     # in the final write, for nothing
    batch = preprocess_input(images)                              # or afterwards; never both

The modules have the names of Keras's. They are made from the table below, which is all that a new family needs, and
they hold no models: those stay Keras's. `of` finds a family by the name of a model. Importing this imports no Keras.
"""

from __future__ import annotations

import difflib
import re
import sys
from types import ModuleType
from typing import Any

from ...errors import ParameterError
from . import imagenet_utils
from .family import Family

FAMILIES = {
    family.name: family
    for family in (
        Family("convnext", "none", tuple(f"ConvNeXt{k}" for k in ("Tiny", "Small", "Base", "Large", "XLarge"))),
        Family("densenet", "torch", ("DenseNet121", "DenseNet169", "DenseNet201")),
        Family("efficientnet", "none", tuple(f"EfficientNetB{k}" for k in range(8))),
        Family("efficientnet_v2", "none", tuple(f"EfficientNetV2{k}" for k in ("B0", "B1", "B2", "B3", "S", "M", "L"))),
        Family("inception_resnet_v2", "tf", ("InceptionResNetV2",)),
        Family("inception_v3", "tf", ("InceptionV3",)),
        Family("mobilenet", "tf", ("MobileNet",)),
        Family("mobilenet_v2", "tf", ("MobileNetV2",)),
        Family("mobilenet_v3", "none", ("MobileNetV3Small", "MobileNetV3Large")),
        Family("nasnet", "tf", ("NASNetMobile", "NASNetLarge")),
        Family("resnet", "caffe", ("ResNet50", "ResNet101", "ResNet152")),
        Family("resnet50", "caffe", ("ResNet50",)),
        Family("resnet_v2", "tf", ("ResNet50V2", "ResNet101V2", "ResNet152V2")),
        Family("vgg16", "caffe", ("VGG16",)),
        Family("vgg19", "caffe", ("VGG19",)),
        Family("xception", "tf", ("Xception",)),
    )
}


def of(model: str | Any) -> Family:
    """The family of a model.

    Args:
        model: "VGG16", "resnet_v2", "EfficientNetB3", …, in any case; or a model of `keras.applications`, which Keras
            names so unless told otherwise.

    Raises:
        ParameterError: If no family has a model of this name, with the nearest names.

    >>> of("ResNet50V2").mode
    'tf'
    """
    name = model if isinstance(model, str) else getattr(model, "name", None)
    if not isinstance(name, str):
        raise TypeError(f"model: expected a name or a Keras model, found {type(model).__name__}")
    # MobileNets add their width and the size of their pictures: "mobilenetv2_1.00_224".
    found = _BY_NAME.get(_plain(re.sub(r"_\d\.\d+_\d+$", "", name)))
    if found is None:
        near = difflib.get_close_matches(_plain(name), _BY_NAME, n=3, cutoff=0.5)
        known = ", ".join(near) if near else ", ".join(FAMILIES)
        raise ParameterError(f"model: keras.applications has none called {name!r}; it has {known}")
    return found


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


_BY_NAME = {_plain(name): family for family in FAMILIES.values() for name in (*family.models, family.name)}


def _module(family: Family) -> ModuleType:
    """A module as a file of this name would be: `from variegate.keras.applications.vgg16 import preprocess_input`."""
    module = ModuleType(f"{__name__}.{family.name}", family.__doc__)
    module.preprocess_input = family.preprocess_input
    module.operation = family.operation
    module.mode = family.mode
    module.__all__ = ["mode", "operation", "preprocess_input"]
    sys.modules[module.__name__] = module
    return module


globals().update({name: _module(family) for name, family in FAMILIES.items()})

__all__ = ["FAMILIES", "Family", "imagenet_utils", "of", *FAMILIES]
