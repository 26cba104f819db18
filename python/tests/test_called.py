"""An operation or a combinator called by itself."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
import variegate as vg

IMAGE = np.random.default_rng(5).integers(0, 256, (40, 60, 3), dtype=np.uint8)


def test_an_operation_called_alone_is_a_pipeline_of_one() -> None:
    np.testing.assert_array_equal(vg.Flip("horizontal")(IMAGE), IMAGE[:, ::-1])
    out = vg.Flip("horizontal")(image=IMAGE, boxes=[[0, 0, 10, 10]], box_format="xyxy")
    np.testing.assert_array_equal(out["boxes"], [[50, 0, 60, 10]])


def test_each_call_draws_anew_and_an_addressed_one_does_not() -> None:
    turn = vg.Rotate(degrees=(-90, 90))
    assert len({turn(IMAGE).tobytes() for _ in range(5)}) == 5
    np.testing.assert_array_equal(turn(IMAGE, sample=3), vg.Pipeline([turn])(IMAGE, sample=3))


@pytest.mark.parametrize("part", [vg.Invert(), vg.OneOf([vg.Invert(), vg.Flip("vertical")])])
def test_what_was_called_is_still_plain_data(part: vg.operation.Stage) -> None:
    before = part.to_dict()
    part(IMAGE)
    for again in (pickle.loads(pickle.dumps(part)), copy.deepcopy(part)):
        assert again == part and again.to_dict() == before
        assert again(IMAGE).shape == IMAGE.shape
