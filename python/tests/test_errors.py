"""What goes wrong is said with what was expected, and how to mend it."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from pictures import photo

import variegate as vg
from variegate import _variegate

FLIP = vg.Pipeline([vg.Flip()])


def test_classes_are_what_users_catch():
    for name, kind, builtin in [
        ("InputError", "input", ValueError),
        ("ParameterError", "parameter", ValueError),
        ("LimitError", "limit", MemoryError),
        ("UnsupportedError", "unsupported", ValueError),
        ("IoError", "io", OSError),
        ("InternalError", "internal", RuntimeError),
    ]:
        error = getattr(vg, name)("what happened", "a/b.jpg")
        assert isinstance(error, vg.Error)
        assert isinstance(error, builtin)
        assert (error.kind, error.path, str(error)) == (kind, "a/b.jpg", "what happened")
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again), again.path) == (type(error), str(error), error.path)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: vg.Rotate(degrees="ten"), 'rotate.degrees: expected a number from -3600 to 3600 degrees, found "ten"'),
        (lambda: vg.Rotate(degrees=(30, -30)), "rotate.degrees: the range (30, -30) runs backwards; write (-30, 30)"),
        (lambda: vg.Rotate(border="reflct"), 'did you mean "reflect"?'),
        (lambda: vg.Rotate(p=1.5), "rotate.p: expected a number from 0 to 1, found 1.5"),
        (lambda: vg.Rotate(fill=255), "; for 255 of 255 write 255 / 255"),
        (lambda: vg.Rotate(degrees=float("nan")), "rotate.degrees: expected a number"),
        (lambda: vg.ResizedCrop(0), "resized_crop.size: expected a size in pixels"),
        (lambda: vg.Posterize(bits=2.5), "posterize.bits: expected a whole number from 1 to 8 bits, found 2.5"),
        (lambda: vg.Flip(axis=("horizontal", "vertical")), "flip.axis: expected one of horizontal, vertical, both"),
        (lambda: vg.Normalize(p=0.5), "must be the last operation and have p = 1"),
        (lambda: vg.Pipeline([vg.Normalize(), vg.Flip()]), "normalize writes the final numbers"),
        (lambda: vg.OneOf([]), "one_of: needs at least one operation"),
        (lambda: vg.OneOf([vg.Flip()], weights=[1, 2]), "one_of: 2 weights for 1 operations"),
        (lambda: vg.Rotate(vg.schedule({3: 1})), "a schedule starts at epoch 0"),
        (lambda: vg.Pipeline([], seed=-1), "seed: expected a whole number from 0"),
        (lambda: vg.Pipeline([], min_visibility=2), "min_visibility: expected a share from 0 to 1, found 2"),
        (lambda: FLIP.draw((0, 5)), "a picture of 0 × 5 with 3 channels: expected 1 to"),
        (lambda: FLIP.draw(5), "expected a size (height, width) or (height, width, channels) in whole pixels, found 5"),
        (lambda: FLIP(photo(), sample=-1), "sample: expected a whole number from 0, found -1"),
        (lambda: FLIP(photo(), epoch=1.5), "epoch: expected a whole number from 0, found 1.5"),
        (lambda: FLIP(image=photo(), boxes=[[1, 2, 3, 4]], box_format="xyyx"), "did you mean"),
        (lambda: FLIP.batch([photo()], threads=0), "threads: expected 1 or more, or None for one a core, found 0"),
        (lambda: FLIP.batch([photo()], dtype="int8"), "dtype: expected uint8, uint16, float32, float16 or bfloat16"),
        (lambda: FLIP.batch([photo()], layout="CNHW"), 'layout: expected "NHWC" or "NCHW", found "CNHW"'),
        (lambda: FLIP.batch([photo()], out=np.zeros((1, 4, 4, 3), np.uint8)), "out: expected a C-contiguous array"),
        (lambda: vg.decode(b"", colour="cmyk"), 'colour: expected "rgb", "grey", "rgba" or "stored", found "cmyk"'),
        (lambda: vg.decode(5), "expected a path, bytes, or a file opened in binary mode, found int"),
        (lambda: vg.encode(photo(), "gif"), 'format: expected "jpeg", "png", "webp", "bmp" or "tiff", found "gif"'),
        (lambda: vg.encode(photo(), quality=0), "quality: expected 1 to 100, found 0"),
    ],
)
def test_wrong_arguments(make, said):
    with pytest.raises(vg.ParameterError) as caught:
        make()
    assert said in str(caught.value)
    assert caught.value.kind == "parameter"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: FLIP(np.zeros((2, 4, 6, 3), np.uint8)), "image: expected an array of (height, width) or (height, width, channels), found shape [2, 4, 6, 3]"),
        (lambda: FLIP("photo.jpg"), "to read a file, use vg.decode"),
        (lambda: FLIP(np.zeros((0, 4, 3), np.uint8)), "every side must be at least 1"),
        (lambda: FLIP(image=photo(), mask=np.zeros((4, 6))), "mask is 4 × 6 (height × width), image is 48 × 70; all that moves together has one size"),
        (lambda: FLIP(image=photo(), masks=[np.zeros((48, 70)), np.zeros((4, 6))]), "masks[1] is 4 × 6"),
        (lambda: FLIP(image=photo(), images=[photo(9, 9)]), "images[0] is 9 × 9"),
        (lambda: FLIP(image=photo(), boxes=[[1, 2, 3]]), "boxes: expected an array of (n, 4) numbers, found shape [1, 3]"),
        (lambda: FLIP(image=photo(), boxes=[["a", "b", "c", "d"]]), "boxes: expected an array of (n, 4) numbers, found <U1"),
        (lambda: FLIP(image=photo(), boxes=[[1, 2, 3, np.nan]]), "box 0 holds NaN; expected finite numbers"),
        (lambda: FLIP(image=photo(), points=[[1]]), "points: expected an array of (n, 2 to 4) numbers"),
        (lambda: FLIP(image=photo(), boxes=[[1, 2, 3, 4]], box_labels=["a", "b"]), "box_labels: expected one for each of the 1 boxes, found 2"),
        (lambda: FLIP(image=photo(), mask=np.array([[object()] * 70] * 48)), "mask: expected numbers, found object"),
        (lambda: FLIP.batch([]), "images: expected at least one picture, found none"),
        (lambda: FLIP.batch([photo(), photo(9, 9)]), "images[1] comes out at 9 × 9 with 3 channels, images[0] at 48 × 70 with 3"),
        (lambda: FLIP.batch([photo(), photo(channels=1)]), "images[1] has 1 channels of uint8, images[0] has 3 of uint8"),
        (lambda: FLIP.batch([photo()], labels=[1, 2]), "labels: expected one for each of the 1 pictures, found 2"),
        (lambda: FLIP.batch([photo()], samples=[1, 2]), "samples: expected one for each of the 1 pictures, found 2"),
        (lambda: FLIP.batch([photo()], masks=[np.zeros((4, 4))]), "masks[0] is 4 × 4 (height × width), images[0] is 48 × 70"),
        (lambda: FLIP.apply(FLIP.draw((9, 9)), photo()), "image is 48 × 70 (height × width), the recipe was drawn for 9 × 9"),
        (lambda: vg.decode(b"GIF89"), ""),
        (lambda: vg.decode(vg.encode(photo(), "png")[:-30]), ""),
    ],
)
def test_unusable_input(make, said):
    with pytest.raises(vg.InputError) as caught:
        make()
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: FLIP(), "expected a picture: augment(image), or augment(image=…"),
        (lambda: FLIP(photo(), photo()), "2 positional arguments given, at most 1 expected"),
        (lambda: FLIP(photo(), image=photo()), "image is given twice"),
        (lambda: FLIP(image=photo(), bboxes=[]), 'unknown argument "bboxes"; did you mean "boxes"?'),
        (lambda: FLIP(image=photo(), maks=None), 'unknown argument "maks"; did you mean "masks"?'),
        (lambda: FLIP(boxes=[[1, 2, 3, 4]]), "boxes and points alone have no size"),
        (lambda: FLIP(image=photo(), box_labels=[]), "box_labels are given, but no boxes"),
        (lambda: vg.Pipeline([vg.Flip]), "operations[0]: expected an operation as vg.Rotate(15), found type; write Flip(…)"),
        (lambda: vg.Pipeline([lambda x: x]), "operations[0]: expected an operation as vg.Rotate(15), found function"),
        (lambda: vg.Rotate(degrees=object()), "rotate.degrees: expected a number, a pair, a word, a list or a distribution"),
        (lambda: vg.Rotate(angle=5), "angle"),
        (lambda: FLIP.apply(5, photo()), "expected a Recipe, the dict of to_dict() or the text of to_json(), found int"),
    ],
)
def test_wrong_calls(make, said):
    with pytest.raises(TypeError) as caught:
        make()
    assert said in str(caught.value)


def test_files_name_themselves(tmp_path):
    missing = tmp_path / "missing.jpg"
    with pytest.raises(vg.IoError) as caught:
        vg.decode(missing)
    assert caught.value.path == str(missing)
    assert str(missing) in str(caught.value)
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0 nothing more")
    with pytest.raises(vg.InputError) as caught:
        vg.decode(broken)
    assert caught.value.path == str(broken)
    with pytest.raises(OSError, match=r"pipeline\.yaml"):
        vg.Pipeline.load(tmp_path / "pipeline.yaml")


def test_limits_are_errors_of_memory():
    with pytest.raises(MemoryError, match="max_pixels"):
        vg.decode(vg.encode(photo(), "png"), max_pixels=100)


def test_documents_say_where(tmp_path):
    text = "variegate: 1\npipeline:\n  - flip: {}\n  - rotate: {degres: 5}\n"
    with pytest.raises(vg.ParameterError) as caught:
        vg.Pipeline.from_yaml(text)
    assert str(caught.value) == '<text>:4:14: rotate has no parameter "degres"; did you mean "degrees"?'
    path = tmp_path / "pipeline.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(vg.ParameterError) as caught:
        vg.Pipeline.load(path)
    assert str(caught.value).startswith(f"{path}:4:14: ")


@pytest.mark.parametrize("text", ["", "- 1", "variegate: 2\npipeline: []", "variegate: 1", "{", "variegate: 1\npipeline: 5", "a: &x [*x]"])
def test_broken_documents_are_refused(text):
    with pytest.raises(vg.ParameterError):
        vg.Pipeline.from_yaml(text)


def test_names_of_others_are_known():
    with pytest.raises(vg.ParameterError, match='here it is called "flip"'):
        vg.Pipeline.from_yaml("variegate: 1\npipeline: [RandomHorizontalFlip]")


def test_nothing_of_ours_is_a_panic():
    """Whatever a document says, the answer is an `Error`, which `except Exception` catches."""
    for text in ("variegate: 1\npipeline: [{one_of: {of: []}}]", "{" * 500, "variegate: 99999999999999999999"):
        with pytest.raises(vg.Error):
            _variegate.Pipeline(text)
