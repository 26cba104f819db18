"""Instances and classes of other samples pasted by a loader: pixels, masks and boxes agree, on any threads and batches."""

from __future__ import annotations

import numpy as np
import pytest
import variegate as vg
from annotated_files import FIRST, told, write_pictures
from test_loader_targets import samples

COUNT = 22


def pasting(*parts, **options) -> vg.Pipeline:
    return vg.Pipeline([vg.Resize((60, 72)), *parts, vg.Flip("horizontal", p=0.5)], seed=2, **options)


def test_pasted_boxes_lie_where_pasted_pixels_do(boxed) -> None:
    """Instances are white on grey, so what is white lies in a box, and what lies in a box is white."""
    counts = {}
    for chance in (0.0, 1.0):
        sizes = []
        for batch in told(boxed, pasting(vg.CopyPaste(chance=chance))).batches():
            for row in range(len(batch)):
                white, count = batch.images[row, :, :, 0] > 142, batch.targets["box_counts"][row]
                covered = np.zeros_like(white)
                sizes.append(int(count))
                for x0, y0, x1, y1 in batch.targets["boxes"][row, :count]:
                    covered[max(0, round(y0 - 1)) : round(y1 + 1), max(0, round(x0 - 1)) : round(x1 + 1)] = True
                    if min(x1 - x0, y1 - y0) >= 4:
                        assert white[int(y0) + 1 : int(y1) - 1, int(x0) + 1 : int(x1) - 1].mean() > 0.8
                assert not (white & ~covered).any()
        counts[chance] = sum(sizes)
    assert counts[1.0] > 1.4 * counts[0.0]


def test_boxes_that_are_covered_are_dropped_below_a_visibility(boxed) -> None:
    def kept(visibility: float) -> int:
        loader = told(boxed, pasting(vg.CopyPaste(chance=1.0)), min_visibility=visibility)
        return sum(int(batch.targets["box_counts"].sum()) for batch in loader.batches())

    assert kept(0.0) > kept(0.99) > 0


@pytest.mark.parametrize("part", [vg.CopyPaste(chance=1.0), vg.ClassMix(fraction=0.6), vg.CopyPaste(chance=1.0, edge_px=1.5)])
def test_masks_are_painted_where_pixels_are(masked, part: vg.operation.Stage) -> None:
    changed = 0
    plain = samples(told(masked, pasting()).batches())
    for batch in told(masked, pasting(part)).batches():
        for row, i in enumerate(batch.ids):
            white, inside = batch.images[row, :, :, 0], batch.targets["masks"][row] >= FIRST
            if inside.any():
                assert (white[inside] > 60).mean() > 0.9
            assert (white[~inside] < 225).mean() > 0.95
            changed += batch.targets["masks"][row].tobytes() != plain[int(i)][-1]
    assert changed > COUNT // 2


@pytest.mark.parametrize("part", [vg.CopyPaste(), vg.CopyPaste(edge_px=2.0)])
def test_threads_batches_and_shards_change_nothing(boxed, part: vg.operation.Stage) -> None:
    augment = pasting(part)
    plain = samples(told(boxed, augment).batches())
    assert samples(told(boxed, augment, 7, 3).batches()) == plain
    shards = {}
    for shard in range(2):
        shards |= samples(told(boxed, augment, 2, 2, num_shards=2, shard_id=shard, rest="wrap").batches())
    assert shards == plain


def test_what_cannot_be_pasted_is_refused_with_its_reason(boxed, tmp_path) -> None:
    image = np.zeros((20, 20, 3), np.uint8)
    for part in (vg.CopyPaste(), vg.ClassMix()):
        with pytest.raises(vg.Error, match="Loader|partner|batch"):
            vg.Pipeline([part])(image)
        with pytest.raises(vg.Error):
            vg.Pipeline([vg.Resize(20), part]).batch([image, image])
    with pytest.raises(vg.UnsupportedError, match="class_mix.*mask"):
        told(boxed, pasting(vg.ClassMix()))
    (tmp_path / "a").mkdir()
    write_pictures(tmp_path / "a", 3)
    with pytest.raises(vg.UnsupportedError, match="copy_paste"):
        told(vg.folder(tmp_path), pasting(vg.CopyPaste()))


def test_files_say_the_same() -> None:
    for part in (vg.CopyPaste(chance=(0.3, 1.0), edge_px=1.0), vg.ClassMix(fraction=0.5, ignore=255)):
        augment = vg.Pipeline([part])
        assert vg.Pipeline.from_yaml(augment.to_yaml()).to_yaml() == augment.to_yaml()
