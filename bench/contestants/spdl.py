"""SPDL: FFmpeg decodes, cuts, scales and mirrors in one filter graph; SPDL's pipeline runs it on threads."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import spdl.io as io
from contestants import Lacks, SetUp
from spdl.pipeline import PipelineBuilder
from tasks import BATCH, MEAN, STD

_SCALE = np.tile((1 / (255 * np.array(STD))).astype(np.float32), 224)
_SHIFT = np.tile((-np.array(MEAN) / np.array(STD)).astype(np.float32), 224)


def filters(width: int, height: int, v: Any) -> str:
    low, high = math.log(v.aspect[0]), math.log(v.aspect[1])
    for _ in range(10):
        area, aspect = random.uniform(*v.area) * height * width, math.exp(random.uniform(low, high))
        w, h = round(math.sqrt(area * aspect)), round(math.sqrt(area / aspect))
        if 0 < w <= width and 0 < h <= height:
            break
    else:
        w = h = min(width, height)
    x, y = random.randint(0, width - w), random.randint(0, height - h)
    mirror = "hflip," if random.random() < v.flip else ""
    return f"crop={w}:{h}:{x}:{y}:exact=1,scale={v.size}:{v.size}:flags=bilinear,{mirror}format=pix_fmts=rgb24"


def files(set_up: SetUp) -> Callable[[], Iterator[Any]]:
    if set_up.task.does != "crop":
        raise Lacks(f"no {set_up.task.does}")
    v = set_up.v
    try:
        io.demux_image(set_up.paths[0])
    except RuntimeError as error:
        raise RuntimeError("SPDL could not load FFmpeg's shared libraries, which its package does not bring") from error

    def load(path: str) -> np.ndarray:
        packets = io.demux_image(path)
        frames = io.decode_packets(packets, filter_desc=filters(packets.width, packets.height, v))
        picture = io.to_numpy(io.convert_frames(frames))
        out = np.multiply(picture.reshape(v.size, -1), _SCALE, dtype=np.float32)
        return np.add(out, _SHIFT, out=out).reshape(v.size, v.size, 3)

    def one_pass() -> Iterator[np.ndarray]:
        builder = PipelineBuilder().add_source(set_up.paths).pipe(load, concurrency=set_up.threads, output_order="input")
        line = builder.aggregate(BATCH).pipe(np.stack).add_sink(2).build(num_threads=set_up.threads)
        with line.auto_stop():
            yield from line

    return one_pass
