"""Readers of annotated data sets: what they take, what they mend, and what they say of what is broken."""

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


def listed(source: vg.Source) -> list[list[tuple]]:
    """(label, left, top, right, bottom) of each box of each picture."""
    loader = told(source, vg.Pipeline([vg.PadTo((90, 90), x=0.0, y=0.0)]), len(source), shuffle=False)
    targets = next(loader.batches()).targets
    rows = zip(targets["boxes"], targets["box_labels"], targets["box_counts"], strict=True)
    return [
        [(int(label), *map(float, box)) for box, label in zip(boxes[:n], labels[:n], strict=True)]
        for boxes, labels, n in rows
    ]


def wanted(count: int) -> list[list[tuple]]:
    return [[(label, *box) for box, label in zip(*rectangles(k)[1:], strict=True)] for k in range(count)]


def test_every_layout_says_the_same(tmp_path):
    """Three writers, three readers, one set of boxes."""
    coco = vg.coco(write_coco(tmp_path / "coco", COUNT), tmp_path / "coco" / "images")
    voc = vg.voc(write_voc(tmp_path / "voc", COUNT))
    yolo = vg.yolo(write_yolo(tmp_path / "yolo", COUNT))
    made = []
    for source in (coco, voc, yolo):
        assert source.classes == CLASSES and len(source) == COUNT and source.problems == []
        loader = told(source, vg.Pipeline([vg.PadTo((80, 90))]), shuffle=False)
        made.append([batch.targets for batch in loader.batches()])
    for first, second, third in zip(*made, strict=True):
        assert (first["box_labels"] == second["box_labels"]).all()
        assert (first["box_labels"] == third["box_labels"]).all()
        assert (first["boxes"] == second["boxes"]).all()
        np.testing.assert_allclose(first["boxes"], third["boxes"], atol=1e-4)


def outlined(root: Path, count: int, form: str) -> Path:
    """The rectangles of every picture as polygons, run lengths, or packed run lengths of a COCO file."""
    path = write_coco(root, count)
    document = json.loads(path.read_text())
    for one in document["annotations"]:
        x, y, w, h = one["bbox"]
        image = next(image for image in document["images"] if image["id"] == one["image_id"])
        height, width = image["height"], image["width"]
        if form == "polygons":
            continue
        # Down the columns, with a run of what is outside first.
        counts = [x * height + y, *[h, height - h] * (w - 1), h, (width - x - w) * height + height - y - h]
        one["segmentation"] = {"size": [height, width], "counts": counts if form == "runs" else packed(counts)}
    path.write_text(json.dumps(document))
    return path


def packed(counts: list[int]) -> str:
    """Run lengths packed as COCO does: five bits a character, differences to the run before the last."""
    text = ""
    for k, count in enumerate(counts):
        rest = count - counts[k - 2] if k > 2 else count
        while True:
            bits, rest = rest & 31, rest >> 5
            ends = rest == (-1 if bits & 16 else 0)
            text += chr(48 + bits + (0 if ends else 32))
            if ends:
                break
    return text


@pytest.mark.parametrize("form", ["polygons", "runs", "packed"])
def test_outlines_are_drawn_as_classes(tmp_path, form):
    source = vg.coco(outlined(tmp_path, COUNT, form), tmp_path / "images", masks="classes")
    augment = vg.Pipeline([vg.Rotate((-20, 20)), vg.Resize((48, 56)), vg.Flip("horizontal", p=0.5)], seed=3)
    for batch in told(source, augment).batches():
        for row, i in enumerate(batch.ids):
            classes = mask(int(i))
            classes[classes > 0] -= FIRST - 1
            alone = augment(image=picture(int(i)), mask=classes, sample=int(i), epoch=0)["mask"]
            assert (batch.targets["masks"][row] == alone).all() and batch.targets["masks"].dtype == np.uint8


@pytest.mark.parametrize("mixing", [False, True])
def test_instances_follow_the_boxes_that_stay(tmp_path, mixing):
    """Value k + 1 marks what box k holds, also where boxes are dropped before it and where others are joined."""
    source = vg.coco(outlined(tmp_path, COUNT, "polygons"), tmp_path / "images", masks="instances")
    stages = [vg.Resize((60, 72)), vg.Mosaic()] if mixing else [vg.ResizedCrop((60, 72), area=(0.2, 0.4))]
    dropped = met = 0
    for batch in told(source, vg.Pipeline(stages, seed=4, min_visibility=0.4)).batches():
        targets = batch.targets
        assert targets["masks"].dtype == np.uint16
        for row, i in enumerate(batch.ids):
            count = targets["box_counts"][row]
            dropped += len(rectangles(int(i))[1]) > count
            assert targets["masks"][row].max() <= count
            for k, (x0, y0, x1, y1) in enumerate(targets["boxes"][row, :count]):
                v, u = np.nonzero(targets["masks"][row] == k + 1)
                if min(x1 - x0, y1 - y0) >= 2:
                    found = [u.min(), v.min(), u.max() + 1, v.max() + 1]
                    np.testing.assert_allclose(found, [x0, y0, x1, y1], atol=1.01)
                    met += 1
    assert met > COUNT / 2 and (mixing or dropped)


def test_instances_refuse_a_fill_and_runs_of_another_size(tmp_path):
    source = vg.coco(outlined(tmp_path, 3, "runs"), tmp_path / "images", masks="instances")
    with pytest.raises(vg.ParameterError, match="mask_fill 7 of the pipeline would be an instance"):
        told(source, vg.Pipeline([vg.Resize((20, 20))], mask_fill=7))
    document = json.loads((tmp_path / "instances.json").read_text())
    document["annotations"][0]["segmentation"]["size"][0] += 1
    (tmp_path / "instances.json").write_text(json.dumps(document))
    with pytest.raises(vg.InputError, match=r"annotation 0: run lengths of 61 × 84 for a picture of 60 × 84"):
        vg.coco(tmp_path / "instances.json", masks="classes")
    with pytest.raises(vg.ParameterError, match='masks: expected "classes"'):
        vg.coco(tmp_path / "instances.json", masks="class")


def test_what_is_broken_is_named_with_file_and_place(tmp_path):
    path = write_coco(tmp_path / "coco", 2)
    path.write_text(path.read_text().replace('"bbox": [', '"bbox": [true, ', 1))
    with pytest.raises(vg.InputError, match=r"instances\.json.*line 1 column \d+"):
        vg.coco(path)
    voc = write_voc(tmp_path / "voc", 2)
    broken = voc / "Annotations" / "001.xml"
    broken.write_text(broken.read_text().replace("<xmax>", "<xmax>wide", 1))
    with pytest.raises(vg.InputError, match=r"001\.xml: line 8: <xmax>: expected a number, found \"wide"):
        vg.voc(voc)
    with pytest.raises(vg.InputError, match=r"\.xml: line \d+: unknown class \"\w+\"; (did you mean|the classes are)"):
        vg.voc(write_voc(tmp_path / "classes", 2), classes=["bolts"])
    yolo = write_yolo(tmp_path / "yolo", 2)
    label = yolo / "labels" / "train" / "001.txt"
    label.write_text(label.read_text() + "7 0.5 0.5 0.1 0.1\n")
    with pytest.raises(vg.InputError, match=r"001\.txt: line \d+: class 7: expected a whole number from 0 to 2"):
        vg.yolo(yolo)
    with pytest.raises(vg.ParameterError, match='no split "vall"'):
        vg.yolo(yolo, "vall")


def test_boxes_that_leave_are_cut_and_told(tmp_path):
    images = [{"id": 1, "file_name": "000.png", "height": 60, "width": 84}]
    bboxes = [[-5, 10, 20, 20], [70, 50, 14.4, 10], [10, 10, 0, 5], [90, 10, 5, 5], [20, 20, 8, 8]]
    annotations = [{"id": k, "image_id": 1, "category_id": 1, "bbox": bbox} for k, bbox in enumerate(bboxes)]
    annotations.append({"id": 9, "image_id": 2, "category_id": 1, "bbox": [0, 0, 1, 1]})
    annotations.append({"id": 10, "image_id": 1, "category_id": 1, "bbox": [0, 0, 9, 9], "iscrowd": 1})
    document = {"images": images, "annotations": annotations, "categories": [{"id": 1, "name": "bolt"}]}
    write_pictures(tmp_path, 1)
    (tmp_path / "some.json").write_text(json.dumps(document))
    source = vg.coco(tmp_path / "some.json")
    targets = next(told(source, None, 1).batches()).targets
    assert targets["boxes"][0].tolist() == [[0, 10, 15, 30], [70, 50, 84, 60], [20, 20, 28, 28]]
    assert [int(re.search(r"annotation (\d+)", problem)[1]) for problem in source.problems] == [0, 2, 3, 9]
    crowd = vg.coco(tmp_path / "some.json", crowd=True)
    assert next(told(crowd, None, 1).batches()).targets["box_counts"].tolist() == [4]


def test_voc_reads_lists_and_leaves_aside_what_is_not_wanted(tmp_path):
    root = write_voc(tmp_path, 6)
    assert listed(vg.voc(root)) == wanted(6)
    (root / "ImageSets" / "Main").mkdir(parents=True)
    (root / "ImageSets" / "Main" / "val.txt").write_text("004  1\n001 -1\n\n")
    chosen = vg.voc(root, "val", classes=CLASSES)
    assert [Path(path).stem for path in chosen.paths] == ["004", "001"]
    assert listed(chosen) == [wanted(6)[4], wanted(6)[1]]
    easy = listed(vg.voc(root, classes=CLASSES, difficult=False))
    assert easy == [[box for box in boxes if box[0] % 2 == 0] for boxes in wanted(6)]
    shifted = listed(vg.voc(root, one_based=True))
    assert shifted[0] == [(label, x0 - 1, y0 - 1, x1, y1) for label, x0, y0, x1, y1 in wanted(1)[0]]
    with pytest.raises(vg.IoError, match="test.txt"):
        vg.voc(root, "test")


def test_voc_takes_one_folder_and_finds_the_picture_by_its_own_name(tmp_path):
    """Annotations beside their pictures, which they name as another machine did, and without a size."""
    root = write_voc(tmp_path / "made", 3)
    flat = write_pictures(tmp_path / "flat", 3)
    for path in (root / "Annotations").iterdir():
        text = path.read_text().replace(f"{path.stem}.png", "C:\\data\\photo.bmp")
        unsized = "<size><width>0</width><height>0</height></size>"
        (flat / path.name).write_text(re.sub("<size>.*</size>", unsized, text))
    source = vg.voc(flat, classes=CLASSES)
    assert [Path(path).name for path in source.paths] == ["000.png", "001.png", "002.png"]
    assert listed(source) == wanted(3)


@pytest.mark.parametrize(
    ("yaml", "split"),
    [
        ("train: ../train/images\nval: val\nnames: [bolt, nut, ring]\n", None),
        ("path: /nowhere/at/all\nval: other\ntrain: [train/images]\nnames: {0: bolt, 1: nut, 2: ring}\n", "train"),
        ("names: [bolt, nut, ring]\n", "train"),
    ],
)
def test_yolo_finds_pictures_and_labels_as_they_are_handed_on(tmp_path, yaml, split):
    made = write_yolo(tmp_path / "made", 4)
    (tmp_path / "set" / "train").mkdir(parents=True)
    (made / "images" / "train").rename(tmp_path / "set" / "train" / "images")
    (made / "labels" / "train").rename(tmp_path / "set" / "train" / "labels")
    (tmp_path / "set" / "data.yaml").write_text(yaml)
    source = vg.yolo(tmp_path / "set", split)
    assert source.classes == CLASSES and len(source) == 4
    np.testing.assert_allclose(sum(listed(source), []), sum(wanted(4), []), atol=1e-4)


def test_yolo_without_names_and_with_outlines(tmp_path):
    root = write_pictures(tmp_path, 2)
    (root / "001.txt").write_text("4 0.25 0.5 0.5 0.25 0.75 0.5\n\n")
    source = vg.yolo(root)
    assert source.classes == ["0", "1", "2", "3", "4"]
    (height, width), _, _ = rectangles(1)
    box = (4, width / 4, height / 4, width * 3 / 4, height / 2)
    found = listed(source)
    assert found[0] == [] and np.allclose(found[1], [box], atol=1e-4)
    (root / "001.txt").write_text("0 0.5 0.5\n")
    with pytest.raises(vg.InputError, match=r"001\.txt: line 1: expected `class cx cy width height`"):
        vg.yolo(root)
    (root / "data.yaml").write_text("names: 3\n")
    with pytest.raises(vg.InputError, match=r"data\.yaml: line 1, column \d+: expected a list of names"):
        vg.yolo(root)


def test_masks_and_pictures_without_each_other_are_left_aside(tmp_path):
    images, labels = write_pictures(tmp_path / "images", 4), write_masks(tmp_path / "masks", 5)
    (labels / "001.png").unlink()
    source = vg.masks(images, labels, classes=["none", "some"])
    assert [Path(path).stem for path in source.paths] == ["000", "002", "003"] and source.classes == ["none", "some"]
    problems = [re.search(r"(\w+)\.png: no (\w+)", problem).groups() for problem in source.problems]
    assert problems == [("001", "mask"), ("004", "picture")]
    with pytest.raises(vg.InputError, match="no annotated picture found; first problem"):
        vg.masks(images, labels, suffix="_mask")
    rgb = vg.encode(picture(0), "png")
    (labels / "000.png").write_bytes(rgb)
    with pytest.raises(vg.InputError, match=r"000\.png: a mask holds one number a pixel .* has 3 channels"):
        next(iter(told(vg.masks(images, labels), vg.Pipeline([vg.Resize((9, 9))]), on_bad="raise", shuffle=False)))


def test_a_coco_file_that_is_none_says_what_is_missing(tmp_path):
    path = tmp_path / "some.json"
    for text, message in [
        ('{"images": [], "annotations": []}', 'a COCO document has no "categories" at line 1'),
        ('{"images": [{"id": 1}]}', 'an image has no "file_name" at line 1'),
        ('{"annotations": [\n{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3]}]}', "invalid length 3.* line 2"),
        ('{"images": [', "EOF while parsing a list at line 1 column 12"),
        ('{"images": [], "annotations": [], "categories": []}', "no annotated picture found"),
    ]:
        path.write_text(text)
        with pytest.raises(vg.InputError, match=rf"some\.json: {message}"):
            vg.coco(path)
