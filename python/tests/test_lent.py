"""Memory of results: that of one nobody looks at any more serves the next, that of one somebody holds never does."""

from __future__ import annotations

import numpy as np
import pytest
import variegate as vg

RNG = np.random.default_rng(3)
INVERT = vg.Pipeline([vg.Invert(p=1.0)])


def picture(side: int = 96, dtype: str = "uint8") -> np.ndarray:
    values = RNG.integers(0, 256, (side, side, 3))
    return (values / 255).astype(dtype) if dtype == "float32" else values.astype(dtype)


def address(array: np.ndarray) -> int:
    return array.__array_interface__["data"][0]


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_a_result_that_is_dropped_gives_its_memory_to_the_next(dtype: str) -> None:
    image = picture(dtype=dtype)
    seen = set()
    for _ in range(20):
        seen.add(address(INVERT(image)))
    assert len(seen) < 10


def test_results_that_are_held_stay_as_they_are() -> None:
    images = [picture() for _ in range(12)]
    held = [INVERT(image) for image in images]
    for _ in range(50):
        INVERT(picture())
    for image, result in zip(images, held, strict=True):
        np.testing.assert_array_equal(result, 255 - image)
    assert len({address(result) for result in held}) == len(held)


def test_a_view_keeps_the_memory_it_looks_at() -> None:
    image = picture()
    corner = INVERT(image)[10:20, 5:9]
    for _ in range(50):
        INVERT(picture())
    np.testing.assert_array_equal(corner, 255 - image[10:20, 5:9])


def test_results_can_be_written_and_change_nothing_else() -> None:
    image = picture()
    first, second = INVERT(image), INVERT(image)
    first[:] = 7
    np.testing.assert_array_equal(second, 255 - image)
    del first
    np.testing.assert_array_equal(INVERT(image), 255 - image)


def test_a_small_result_does_not_hold_the_memory_of_a_large_one() -> None:
    large = INVERT(picture(512))
    place = address(large)
    del large
    assert address(INVERT(picture(16))) != place
