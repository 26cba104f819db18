"""Boxes, points and masks through the loader: where the pixels say they are, on any threads and in any batch."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

import variegate as vg
from annotated_files import (
    CLASSES,
    FIRST,
    mask,
    picture,
    rectangles,
    told,
    write_coco,
    write_masks,
    write_pictures,
    write_voc,
    write_yolo,
)

COUNT = 22


def pipeline(seed: int = 7, **options) -> vg.Pipeline:
    """Geometry of every kind, and a crop that looks at the boxes."""
    stages = [
        vg.BoxSafeCrop(p=0.5),
        vg.Rotate((-20, 20), p=0.7),
        vg.Resize((48, 56)),
        vg.Flip("horizontal", p=0.5),
        vg.Brightness((0.8, 1.2)),
    ]
    return vg.Pipeline(stages, seed=seed, **options)


def samples(batches) -> dict[int, tuple]:
    """Pixels and what is attached of each sample, without padding."""
    found = {}
    for batch in batches:
        targets = batch.targets
        for row, i in enumerate(batch.ids):
            attached = [batch.images[row].tobytes()]
            if "boxes" in targets:
                count = targets["box_counts"][row]
                assert (targets["box_labels"][row, count:] == -1).all() and not targets["boxes"][row, count:].any()
                attached += [targets["boxes"][row, :count].tobytes(), targets["box_labels"][row, :count].tobytes()]
            if "masks" in targets:
                attached.append(targets["masks"][row].tobytes())
            if "points" in targets:
                attached += [targets["points"][row].tobytes(), targets["points_visible"][row].tobytes()]
            found[int(i)] = tuple(attached)
    return found


def test_a_sample_is_what_the_pipeline_makes_of_arrays(boxed):
    augment = pipeline(min_visibility=0.3)
    met = 0
    for epoch in (0, 3):
        loader = told(boxed, augment, partial_decode=False)
        loader.seek(epoch)
        for batch in loader.batches():
            for row, i in enumerate(batch.ids):
                _, boxes, labels = rectangles(int(i))
                rows = np.array(boxes, np.float64).reshape(-1, 4)
                alone = augment(image=picture(int(i)), boxes=rows, box_labels=labels, sample=int(i), epoch=epoch)
                assert (batch.images[row] == alone["image"]).all()
                count = batch.targets["box_counts"][row]
                assert (batch.targets["boxes"][row, :count] == alone["boxes"].astype(np.float32)).all()
                assert batch.targets["box_labels"][row, :count].tolist() == list(alone["box_labels"])
                met += count
    assert met > COUNT


def test_a_mask_is_what_the_pipeline_makes_of_it(masked):
    augment = vg.Pipeline([vg.CropToMask(p=0.5), vg.Rotate((-30, 30)), vg.Resize((40, 44))], seed=3, mask_fill=9)
    for batch in told(masked, augment, partial_decode=False).batches():
        assert batch.targets["masks"].shape == (len(batch), 40, 44) and batch.targets["masks"].dtype == np.uint8
        assert batch.targets["masks"].ctypes.data % 64 == 0
        for row, i in enumerate(batch.ids):
            alone = augment(image=picture(int(i)), mask=mask(int(i)), sample=int(i), epoch=0)
            assert (batch.targets["masks"][row] == alone["mask"]).all() and (batch.images[row] == alone["image"]).all()


@pytest.mark.parametrize("kind", ["boxed", "masked"])
def test_threads_batches_shards_and_restarts_change_nothing(kind, request):
    source, augment = request.getfixturevalue(kind), pipeline()
    plain = samples(told(source, augment).batches())
    assert len(plain) == COUNT
    for batch_size, threads, shuffle in [(4, 2, True), (5, 7, True), (1, 2, False), (COUNT, 3, True)]:
        assert samples(told(source, augment, batch_size, threads, shuffle=shuffle).batches()) == plain
    shards = {}
    for shard in range(2):
        shards |= samples(told(source, augment, 2, 2, num_shards=2, shard_id=shard, rest="wrap").batches())
    assert shards == plain
    first = told(source, augment, 4, 2)
    begun = first.batches()
    early = samples([next(begun), next(begun)])
    second = told(source, augment, 2, 1)
    second.resume(first.state())
    assert early | samples(second.batches()) == plain


def test_boxes_lie_where_their_pixels_do(boxed):
    """Each rectangle is white, so the box around it in the picture is known without the engine."""
    augment = vg.Pipeline([vg.ResizedCrop((64, 72), area=(0.5, 1.0)), vg.Flip("horizontal", p=0.5)], seed=5)
    met = 0
    for batch in told(boxed, augment).batches():
        for row in range(len(batch)):
            white = batch.images[row, :, :, 0] > 142
            for x0, y0, x1, y1 in batch.targets["boxes"][row, : batch.targets["box_counts"][row]]:
                near = np.zeros_like(white)
                near[max(0, int(y0) - 3) : int(y1) + 4, max(0, int(x0) - 3) : int(x1) + 4] = True
                v, u = np.nonzero(white & near)
                if x1 - x0 < 4 or y1 - y0 < 4:
                    continue
                found = np.array([u.min(), v.min(), u.max() + 1, v.max() + 1])
                np.testing.assert_allclose(found, [x0, y0, x1, y1], atol=1.01)
                met += 1
    assert met > COUNT // 2


def test_a_mosaic_joins_boxes_and_masks_where_the_pixels_are(tmp_path):
    """In a mosaic of rectangles every pixel that is white lies in a box, and boxes hold white pixels."""
    source = vg.coco(write_coco(tmp_path, COUNT), tmp_path / "images")
    augment = vg.Pipeline([vg.Resize((60, 72)), vg.Mosaic(), vg.Flip("horizontal", p=0.5)], seed=2)
    sizes = []
    for batch in told(source, augment).batches():
        for row in range(len(batch)):
            white = batch.images[row, :, :, 0] > 142
            covered = np.zeros_like(white)
            count = batch.targets["box_counts"][row]
            sizes.append(count)
            for x0, y0, x1, y1 in batch.targets["boxes"][row, :count]:
                covered[max(0, round(y0 - 1)) : round(y1 + 1), max(0, round(x0 - 1)) : round(x1 + 1)] = True
                if min(x1 - x0, y1 - y0) >= 3:
                    assert white[int(y0) + 1 : int(y1) - 1, int(x0) + 1 : int(x1) - 1].mean() > 0.9
            assert not (white & ~covered).any()
    # More than any one picture has.
    assert max(sizes) > 3 and sum(sizes) > 2 * COUNT
    plain = samples(told(source, augment, 4, 1).batches())
    assert samples(told(source, augment, 7, 3).batches()) == plain


def test_a_mosaic_joins_masks(masked):
    augment = vg.Pipeline([vg.Resize((60, 72)), vg.Mosaic()], seed=2)
    for batch in told(masked, augment).batches():
        for row in range(len(batch)):
            white, inside = batch.images[row, :, :, 0], batch.targets["masks"][row] >= FIRST
            # Resampling blurs the edges of the pixels, never of the mask.
            assert (white[inside] > 60).mean() > 0.97 and (white[~inside] < 225).mean() > 0.97


def test_what_cannot_be_joined_is_refused_at_once(boxed, masked):
    with pytest.raises(vg.UnsupportedError, match="mix_up cannot carry.*a mask holds one class"):
        told(masked, vg.Pipeline([vg.Resize((20, 20)), vg.MixUp()]))
    with pytest.raises(vg.UnsupportedError, match="patch_mix cannot carry.*targets="):
        told(boxed, vg.Pipeline([vg.Resize((20, 20)), vg.OneOf([vg.PatchMix()])]))
    assert next(iter(told(boxed, vg.Pipeline([vg.Resize((20, 20)), vg.MixUp()]))))[1]["boxes"].shape[2] == 4
    images = next(iter(told(masked, vg.Pipeline([vg.Resize((20, 20)), vg.MixUp()]), targets=[])))
    assert images.shape == (4, 20, 20, 3)


def test_formats_limits_and_rules(boxed):
    augment = vg.Pipeline([vg.Resize((50, 100))], seed=1)
    plain = next(told(boxed, augment, COUNT, shuffle=False).batches()).targets
    shares = told(boxed, augment, COUNT, shuffle=False, box_format="rel_center_xywh", max_boxes=5)
    whole = next(shares.batches()).targets
    assert whole["boxes"].shape == (COUNT, 5, 4) and plain["boxes"].shape == (COUNT, 3, 4)
    x0, y0, x1, y1 = np.moveaxis(plain["boxes"], 2, 0)
    wanted = np.stack([(x0 + x1) / 200, (y0 + y1) / 100, (x1 - x0) / 100, (y1 - y0) / 50], axis=2)
    np.testing.assert_allclose(whole["boxes"][:, :3], wanted, atol=1e-6)
    few = next(told(boxed, augment, COUNT, shuffle=False, max_boxes=1).batches()).targets
    assert (few["boxes"][:, 0] == plain["boxes"][:, 0]).all() and few["box_counts"].max() == 1
    area = ((x1 - x0) * (y1 - y0)).ravel()
    limit = float(np.median(area[area > 0])) + 0.01
    large = next(told(boxed, augment, COUNT, shuffle=False, min_area=limit).batches()).targets
    assert large["box_counts"].sum() == (area > limit).sum() < plain["box_counts"].sum()
    for name, value, expected in [
        ("box_format", "xyyx", 'unknown box format "xyyx"'),
        ("box_format", "oriented", "upright"),
        ("max_boxes", 0, "max_boxes: expected"),
        ("min_area", -1, "min_area: expected"),
        ("min_visibility", 2, "min_visibility: expected"),
        ("targets", ["box"], "targets: expected"),
        ("mask_dtype", "int8", "mask_dtype: expected"),
    ]:
        with pytest.raises(vg.ParameterError, match=expected):
            told(boxed, augment, **{name: value})


def test_views_have_targets_of_their_own(boxed):
    one, two = vg.Pipeline([vg.Resize((40, 50))], seed=1), pipeline()
    batch = next(told(boxed, [one, two], COUNT, shuffle=False).batches())
    alone = next(told(boxed, one, COUNT, shuffle=False).batches())
    assert (batch.targets[0]["boxes"] == alone.targets["boxes"]).all()
    assert batch.targets[1]["boxes"].max() > batch.targets[0]["boxes"][..., 0].max() - 50
    images, targets = batch.pair()
    assert len(images) == len(targets) == 2


def test_masks_of_sixteen_bits_keep_their_ids(tmp_path):
    write_pictures(tmp_path / "images", 3)
    (tmp_path / "masks").mkdir()
    for k in range(3):
        ids = mask(k).astype(np.uint16) * 300
        (tmp_path / "masks" / f"{k:03}_ids.png").write_bytes(vg.encode(ids, "png"))
    source = vg.masks(tmp_path / "images", tmp_path / "masks", suffix="_ids")
    augment = vg.Pipeline([vg.CenterCrop((40, 40))])
    for dtype in (None, "int32"):
        batch = next(told(source, augment, shuffle=False, mask_dtype=dtype).batches())
        assert batch.targets["masks"].dtype == (dtype or "uint16")
        for k in range(3):
            wanted = augment(image=picture(k), mask=mask(k).astype(np.uint16) * 300)["mask"]
            assert (batch.targets["masks"][k] == wanted).all()
    loader = told(source, augment, mask_dtype="uint8", on_bad="raise")
    with pytest.raises(vg.InputError, match=r"_ids\.png.*more than its element type uint8 can"):
        next(iter(loader))


def test_a_fill_is_a_value_of_the_masks_type(tmp_path, masked):
    augment = vg.Pipeline([vg.PadTo((100, 100))], mask_fill=-1)
    masks = next(told(masked, augment, mask_dtype="int32").batches()).targets["masks"]
    assert masks.dtype == np.int32 and (masks[:, 0, 0] == -1).all() and masks.max() >= FIRST
    with pytest.raises(vg.ParameterError, match="mask_fill -1 of the pipeline is no value of uint8 masks"):
        told(masked, augment)


def test_a_palette_is_read_as_its_indices(tmp_path):
    pil = pytest.importorskip("PIL.Image")
    write_pictures(tmp_path / "images", 2)
    (tmp_path / "masks").mkdir()
    for k in range(2):
        coloured = pil.fromarray(mask(k)).convert("L").convert("P")
        coloured.putdata(mask(k).ravel().tolist())
        coloured.putpalette([(7 * v) % 256 for v in range(768)])
        coloured.save(tmp_path / "masks" / f"{k:03}.png")
    source = vg.masks(tmp_path / "images", tmp_path / "masks")
    batch = next(told(source, vg.Pipeline([vg.PadTo((70, 90), x=0.0, y=0.0)]), shuffle=False).batches())
    for k in range(2):
        height, width = mask(k).shape
        assert (batch.targets["masks"][k, :height, :width] == mask(k)).all()


def test_targets_go_to_jax(boxed):
    batch = next(told(boxed, vg.Pipeline([vg.Resize((20, 24))])).batches())
    images, targets = batch.jax()
    assert type(targets["boxes"]).__module__.startswith("jax") and images.shape == (4, 20, 24, 3)
    assert (np.asarray(targets["box_labels"]) == batch.targets["box_labels"]).all()


def test_keypoints_go_with_their_boxes(tmp_path):
    write_pictures(tmp_path / "images", 6)
    images, annotations = [], []
    for k in range(6):
        (height, width), boxes, _ = rectangles(k)
        images.append({"id": k, "file_name": f"{k:03}.png", "height": height, "width": width})
        for x0, y0, x1, y1 in boxes:
            keypoints = [x0, y0, 2, x1, y1, 1, 0, 0, 0]
            one = {"image_id": k, "category_id": 1, "bbox": [x0, y0, x1 - x0, y1 - y0], "keypoints": keypoints}
            annotations.append(one)
    document = {"images": images, "annotations": annotations, "categories": [{"id": 1, "name": "bolt"}]}
    (tmp_path / "keypoints.json").write_text(json.dumps(document))
    source = vg.coco(tmp_path / "keypoints.json", tmp_path / "images")
    augment = vg.Pipeline([vg.Resize((60, 60)), vg.Flip("horizontal")], swap=[(0, 1)], seed=1)
    targets = next(told(source, augment, 6, shuffle=False).batches()).targets
    most = targets["boxes"].shape[1]
    assert targets["points"].shape == (6, most, 3, 2) and targets["points_visible"].shape == (6, most, 3)
    for k in range(6):
        (height, width), boxes, _ = rectangles(k)
        for j, (x0, y0, x1, y1) in enumerate(boxes):
            # Mirrored, and the first two exchange places.
            wanted = [(60 - x1 * 60 / width, y1 * 60 / height), (60 - x0 * 60 / width, y0 * 60 / height)]
            np.testing.assert_allclose(targets["points"][k, j, :2], wanted, atol=1e-3)
            assert targets["points_visible"][k, j].tolist() == [1, 2, 0]


def sideways(k: int) -> bytes:
    """Picture `k` as a JPEG whose EXIF data says that it has to be turned a quarter clockwise."""
    jpeg = vg.encode(picture(k), "jpeg", quality=95)
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    return jpeg[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2) + exif + jpeg[2:]


@pytest.mark.parametrize("upright", [False, True])
def test_annotations_turn_with_a_picture_that_lies_on_its_side(tmp_path, upright):
    """Whether they were made for it as it is stored or as it stands, boxes and masks lie where the white pixels do."""
    path = write_coco(tmp_path, 4)
    document = json.loads(path.read_text())
    for k in range(4):
        (tmp_path / "images" / f"{k:03}.jpg").write_bytes(sideways(k))
        document["images"][k]["file_name"] = f"{k:03}.jpg"
        height = document["images"][k]["height"]
        if upright:
            image = document["images"][k]
            image["height"], image["width"] = image["width"], image["height"]
            for one in (one for one in document["annotations"] if one["image_id"] == image["id"]):
                x, y, w, h = one["bbox"]
                one["bbox"] = [height - y - h, x, h, w]
    for one in document["annotations"]:
        x, y, w, h = one["bbox"]
        one["segmentation"] = [[x, y, x + w, y, x + w, y + h, x, y + h]]
    path.write_text(json.dumps(document))
    source = vg.coco(path, tmp_path / "images", masks="instances")
    batch = next(told(source, vg.Pipeline([vg.PadTo((90, 90))]), shuffle=False).batches())
    for row in range(4):
        white = batch.images[row, :, :, 0] > 142
        assert (white == (batch.targets["masks"][row] > 0)).mean() > 0.99
        for k, (x0, y0, x1, y1) in enumerate(batch.targets["boxes"][row, : batch.targets["box_counts"][row]]):
            v, u = np.nonzero(batch.targets["masks"][row] == k + 1)
            assert [u.min(), v.min(), u.max() + 1, v.max() + 1] == [x0, y0, x1, y1]


def test_annotations_of_another_size_make_a_bad_sample(tmp_path):
    path = write_coco(tmp_path, 2)
    document = json.loads(path.read_text())
    document["images"][0]["width"] += 1
    path.write_text(json.dumps(document))
    loader = told(vg.coco(path, tmp_path / "images"), vg.Pipeline([vg.Resize((20, 20))]), on_bad="raise", shuffle=False)
    with pytest.raises(vg.InputError, match=r"000\.png: the annotations are for a picture of 60 × 85"):
        next(iter(loader))


def test_a_token_of_other_boxes_is_refused(tmp_path):
    path = write_coco(tmp_path, 8)
    augment = vg.Pipeline([vg.Resize((20, 20))])
    token = told(vg.coco(path, tmp_path / "images"), augment).state()
    document = json.loads(path.read_text())
    document["annotations"][0]["bbox"][0] += 1
    path.write_text(json.dumps(document))
    with pytest.raises(vg.ParameterError, match="data set"):
        told(vg.coco(path, tmp_path / "images"), augment).resume(token)


def test_splits_keep_what_is_known(boxed):
    train, valid = boxed.split(0.25, seed=3)
    assert len(train) + len(valid) == COUNT
    chosen = boxed.select([5, 0, 2])
    targets = next(told(chosen, vg.Pipeline([vg.PadTo((80, 90))]), 3, shuffle=False).batches()).targets
    assert targets["box_counts"].tolist() == [len(rectangles(k)[1]) for k in (5, 0, 2)]
    labelled = boxed.relabel([k % 2 for k in range(COUNT)])
    targets = next(told(labelled, vg.Pipeline([vg.Resize((20, 20))]), COUNT, shuffle=False).batches()).targets
    assert targets["labels"].tolist() == [k % 2 for k in range(COUNT)] and targets["boxes"].shape[2] == 4


def test_sources_that_are_joined_keep_their_boxes(tmp_path, boxed, masked):
    """Classes are one by name, so the labels of boxes follow."""
    names = {"categories": [{"id": 90, "name": "bolt"}, {"id": 7, "name": "washer"}, {"id": 3, "name": "ring"}]}
    other = vg.coco(write_coco(tmp_path, 8, **names), tmp_path / "images")
    both = boxed.concat(other)
    assert both.classes == [*CLASSES, "washer"] and other.classes == ["ring", "washer", "bolt"]
    targets = next(told(both, vg.Pipeline([vg.PadTo((80, 90))]), COUNT + 8, shuffle=False).batches()).targets
    for k in range(8):
        _, boxes, labels = rectangles(k)
        count = targets["box_counts"][COUNT + k]
        assert count == len(boxes)
        # Category ids are 3, 7 and 90 for labels 0, 1 and 2, and are called otherwise in the second file.
        assert targets["box_labels"][COUNT + k, :count].tolist() == [[2, 3, 0][label] for label in labels]
    with pytest.raises(vg.ParameterError, match="source 1 knows other things"):
        boxed.concat(masked)
    roots = [(tmp_path / "first", {}), (tmp_path / "second", names)]
    classed = [vg.coco(write_coco(root, 3, **more), root / "images", masks="classes") for root, more in roots]
    with pytest.raises(vg.ParameterError, match="source 1 numbers its classes otherwise"):
        classed[0].concat(classed[1])


def test_a_source_without_annotations_delivers_labels(tmp_path):
    write_pictures(tmp_path / "a", 2)
    write_pictures(tmp_path / "b", 2)
    batch = next(told(vg.folder(tmp_path), vg.Pipeline([vg.Resize((20, 20))])).batches())
    assert batch.targets is None and batch.pair()[1].dtype == np.int32


def test_the_page_runs(tmp_path, monkeypatch):
    """The code of `docs/detection.md`, block by block, in a folder with the files it names."""
    write_coco(tmp_path, 24)
    write_voc(tmp_path / "voc", 12)
    write_yolo(tmp_path / "yolo", 12)
    write_pictures(tmp_path / "photos", 12)
    write_masks(tmp_path / "labels", 12)
    monkeypatch.chdir(tmp_path)
    page = (Path(__file__).parents[2] / "docs" / "detection.md").read_text()
    blocks = re.findall(r"```python\n(.*?)```", page, re.S)
    assert len(blocks) >= 4
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "docs/detection.md", "exec"), names)
