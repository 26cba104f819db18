"""Pipelines of well-known recipes.

    train = vg.presets.imagenet_train(size=224, seed=7)
    large, also_large, *small = vg.views(image, vg.presets.dino())

Each function reads one file of the engine and makes a pipeline of it; `docs/presets.md` says what is in them. What a recipe does
to the data set (repeated augmentation) or with partners (MixUp, CutMix, mosaic) is not in them.
"""

from __future__ import annotations

import operator

from ._variegate import preset_yaml
from .pipeline import Pipeline


def _named(name: str, size: int, seed: int) -> Pipeline:
    return Pipeline.from_yaml(preset_yaml(name, operator.index(size), operator.index(seed)))


def imagenet_train(size: int = 224, *, seed: int = 0) -> Pipeline:
    """Training on ImageNet as torchvision, timm and Keras do it: a random crop and a flip."""
    return _named("imagenet_train", size, seed)


def imagenet_eval(size: int = 224, *, seed: int = 0) -> Pipeline:
    """Evaluation on ImageNet: the shorter side to 256 of 224 parts of the size, and the middle."""
    return _named("imagenet_eval", size, seed)


def trivial_wide(size: int = 224, *, seed: int = 0) -> Pipeline:
    """torchvision's newer recipe: TrivialAugment's wide ranges and random erasing."""
    return _named("trivial_wide", size, seed)


def deit(size: int = 224, *, seed: int = 0) -> Pipeline:
    """DeiT (arXiv 2012.12877): RandAugment and random erasing; MixUp and CutMix are for the loader's pipeline."""
    return _named("deit", size, seed)


def deit_3(size: int = 224, *, seed: int = 0) -> Pipeline:
    """DeiT III (arXiv 2204.07118): three-augment."""
    return _named("deit_3", size, seed)


def convnext(size: int = 224, *, seed: int = 0) -> Pipeline:
    """ConvNeXt (arXiv 2201.03545): RandAugment and random erasing."""
    return _named("convnext", size, seed)


def ssd(size: int = 300, *, seed: int = 0) -> Pipeline:
    """SSD (Liu et al., 2016): photometric distortion, zoom out, a crop around boxes and a flip."""
    return _named("ssd", size, seed)


def yolo(size: int = 640, *, seed: int = 0) -> Pipeline:
    """YOLO's detectors without mosaic: shift and zoom in a letterbox, colour in the hexcone and a flip."""
    return _named("yolo", size, seed)


def segmentation(size: int = 512, *, seed: int = 0) -> Pipeline:
    """Semantic segmentation: a scale from 0.5 to 2, a crop, a flip and photometric distortion."""
    return _named("segmentation", size, seed)


def medical(size: int = 224, *, seed: int = 0) -> Pipeline:
    """Slices of CT or MR: gentle geometry and tissue that bends, gamma, blur and noise."""
    return _named("medical", size, seed)


def microscopy(size: int = 224, *, seed: int = 0) -> Pipeline:
    """Microscopy: no direction is up, tissue bends, stains and exposure differ."""
    return _named("microscopy", size, seed)


def documents(size: int = 224, *, seed: int = 0) -> Pipeline:
    """Photographed and scanned pages: a slant, uneven light, shadows, blur and noise."""
    return _named("documents", size, seed)


def satellite(size: int = 224, *, seed: int = 0) -> Pipeline:
    """Aerial and satellite pictures: no direction is up; haze and light differ."""
    return _named("satellite", size, seed)


def simclr(size: int = 224, *, seed: int = 0) -> list[tuple[Pipeline, int]]:
    """The views of SimCLR (arXiv 2002.05709), as `vg.views` and `vg.Loader` take them."""
    return [
        (_named("simclr", size, seed), 2),
    ]


def byol(size: int = 224, *, seed: int = 0) -> list[tuple[Pipeline, int]]:
    """The views of BYOL (arXiv 2006.07733), as `vg.views` and `vg.Loader` take them."""
    return [
        (_named("byol_1", size, seed), 1),
        (_named("byol_2", size, seed), 1),
    ]


def dino(size: int = 224, *, local_size: int = 96, local_views: int = 8, seed: int = 0) -> list[tuple[Pipeline, int]]:
    """The views of DINO (arXiv 2104.14294), as `vg.views` and `vg.Loader` take them."""
    return [
        (_named("dino_global_1", size, seed), 1),
        (_named("dino_global_2", size, seed), 1),
        (_named("dino_local", local_size, seed), local_views),
    ]


def dinov2(size: int = 224, *, local_size: int = 96, local_views: int = 8, seed: int = 0) -> list[tuple[Pipeline, int]]:
    """The views of DINOv2 (arXiv 2304.07193), as `vg.views` and `vg.Loader` take them."""
    return [
        (_named("dinov2_global_1", size, seed), 1),
        (_named("dinov2_global_2", size, seed), 1),
        (_named("dinov2_local", local_size, seed), local_views),
    ]


__all__ = [
    "byol",
    "convnext",
    "deit",
    "deit_3",
    "dino",
    "dinov2",
    "documents",
    "imagenet_eval",
    "imagenet_train",
    "medical",
    "microscopy",
    "satellite",
    "segmentation",
    "simclr",
    "ssd",
    "trivial_wide",
    "yolo",
]
