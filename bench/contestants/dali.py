"""NVIDIA DALI with its CPU operators: a graph for each pipeline, fed from memory or by its own file reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
from contestants import Lacks, SetUp, feeding, pipeline_of
from nvidia.dali import fn, pipeline_def, types
from nvidia.dali.auto_aug import rand_augment
from tasks import BATCH, MEAN, STD


def around(limit: float) -> Any:
    return fn.random.uniform(range=(-limit, limit))


def chance(p: float) -> Any:
    return fn.random.coin_flip(probability=p)


def where(mask: Any, yes: Any, no: Any) -> Any:
    """Both are computed: without conditionals of the graph there is no other way to leave a picture alone."""
    return mask * yes + (1 - mask) * no


def crop(pictures: Any, v: SimpleNamespace) -> Any:
    return fn.random_resized_crop(pictures, size=(v.size, v.size), random_area=v.area, random_aspect_ratio=v.aspect)


def simclr(pictures: Any, v: SimpleNamespace) -> Any:
    out = crop(pictures, v)
    j = v.jitter
    on = fn.cast(chance(j["p"]), dtype=types.FLOAT)
    out = fn.color_twist(
        out,
        brightness=1 + on * around(j["brightness"]),
        contrast=1 + on * around(j["contrast"]),
        saturation=1 + on * around(j["saturation"]),
        hue=on * around(j["hue"] * 360),
    )
    out = fn.hsv(out, saturation=1 - fn.cast(chance(v.grey), dtype=types.FLOAT))
    blurred = fn.gaussian_blur(out, window_size=13, sigma=fn.random.uniform(range=v.blur["sigma"]))
    on = fn.cast(chance(v.blur["p"]), dtype=types.UINT8)
    return fn.cast(where(on, blurred, out), dtype=types.UINT8)


def classic(pictures: Any, v: SimpleNamespace) -> Any:
    centre = (112.0, 112.0)
    matrix = fn.transforms.rotation(angle=around(v.degrees), center=centre)
    zoom = fn.random.uniform(range=v.zoom)
    matrix = fn.transforms.scale(matrix, scale=fn.stack(zoom, zoom), center=centre)
    matrix = fn.transforms.shear(matrix, angles=fn.stack(around(v.shear), types.Constant(0.0)), center=centre)
    shift = v.shift * 224
    matrix = fn.transforms.translation(matrix, offset=fn.stack(around(shift), around(shift)))
    out = fn.warp_affine(pictures, matrix=matrix, fill_value=0, inverse_map=False)
    return fn.brightness(out, brightness=fn.random.uniform(range=v.brightness))


def policy(pictures: Any, v: SimpleNamespace) -> Any:
    # Its strengths go to 30.
    out = rand_augment.rand_augment(pictures, n=v.count, m=v.strength, shape=(224, 224))
    return out


PIPELINES: dict[str, Callable[[SimpleNamespace], Callable[[Any], Any]]] = {
    "crop": lambda v: lambda p: crop(p, v),
    "simclr": lambda v: lambda p: simclr(p, v),
    "classic": lambda v: lambda p: classic(p, v),
    "policy": lambda v: lambda p: policy(p, v),
}


def finished(out: Any, flip: float) -> Any:
    mean, std = ([255 * x for x in row] for row in (MEAN, STD))
    return fn.crop_mirror_normalize(out, mirror=chance(flip), mean=mean, std=std, output_layout="HWC")


def erased(out: Any, v: SimpleNamespace) -> Any:
    """One rectangle in a quarter of the pictures; its sides are drawn apart."""
    sides = tuple(a**0.5 for a in v.area)
    on = fn.cast(chance(v.p), dtype=types.FLOAT)
    shape = fn.stack(on * fn.random.uniform(range=sides), on * fn.random.uniform(range=sides))
    anchor = fn.stack(fn.random.uniform(range=(0.0, 0.6)), fn.random.uniform(range=(0.0, 0.6)))
    return fn.erase(out, anchor=anchor, shape=shape, axis_names="HW", normalized=True, fill_value=0)


def arrays(output: Any) -> np.ndarray:
    return output.as_array()


def memory(set_up: SetUp) -> Iterator[np.ndarray]:
    change, v, pictures = pipeline_of(set_up, PIPELINES), set_up.v, set_up.pictures
    place = 0

    def source() -> list[np.ndarray]:
        nonlocal place
        place += BATCH
        return [pictures[i % len(pictures)] for i in range(place - BATCH, place)]

    # Its policies choose by conditionals of the graph.
    @pipeline_def(batch_size=BATCH, num_threads=set_up.threads, device_id=None, seed=7, enable_conditionals=set_up.task.does == "policy")
    def graph() -> Any:
        given = fn.external_source(source=source, batch=True, layout="HWC", no_copy=True)
        out = change(given)
        if set_up.task.does == "policy":
            out = erased(out, SimpleNamespace(**v.erase))
        return finished(out, getattr(v, "flip", 0.0))

    line = graph()
    line.build()

    def batches() -> Iterator[np.ndarray]:
        while True:
            yield arrays(line.run()[0])

    return feeding.mixed(batches(), v.mixup) if set_up.task.does == "policy" else batches()


def files(set_up: SetUp) -> Callable[[], Iterator[Any]]:
    if set_up.task.does != "crop":
        raise Lacks(f"no {set_up.task.does}")
    v = set_up.v

    @pipeline_def(batch_size=BATCH, num_threads=set_up.threads, device_id=None, seed=7)
    def graph() -> Any:
        data, _ = fn.readers.file(files=set_up.paths, name="reader")
        out = fn.decoders.image_random_crop(data, device="cpu", random_area=v.area, random_aspect_ratio=v.aspect)
        return finished(fn.resize(out, size=(v.size, v.size)), v.flip)

    line = graph()
    line.build()
    count = len(set_up.paths)

    def one_pass() -> Iterator[np.ndarray]:
        """As many batches as the files fill; the reader goes round."""
        for first in range(0, count, BATCH):
            yield arrays(line.run()[0])[: count - first]

    return one_pass
