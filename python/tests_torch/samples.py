"""Data sets as users write them, in a module that worker processes can import."""

from __future__ import annotations

import numpy as np
import torch
from PIL import Image

import variegate as vg


def picture(k: int, size: tuple[int, int] = (40, 56)) -> np.ndarray:
    """A picture that no other number has."""
    rows, columns = np.indices(size)
    return np.stack([rows * 5 + k, columns * 3 + 7 * k, rows + columns + k * k], axis=2).astype(np.uint8)


def augment(seed: int = 7) -> vg.Pipeline:
    """A pipeline that draws in every call."""
    colour = [vg.Brightness((0.7, 1.3)), vg.GaussianNoise()]
    return vg.Pipeline([vg.ResizedCrop((24, 32)), vg.Flip("horizontal", p=0.5), *colour], seed=seed)


class Pictures(torch.utils.data.Dataset):
    """(PIL picture, number), with a transform as torchvision's data sets take one."""

    def __init__(self, count: int = 24, transform=None) -> None:
        self.count, self.transform = count, transform

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, k: int):
        image = Image.fromarray(picture(k))
        return (self.transform(image) if self.transform else image), k
