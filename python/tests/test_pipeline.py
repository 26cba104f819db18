"""The calls that users are promised."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
from operations import build, takes_pictures
from pictures import photo

import variegate as vg


def example() -> vg.Pipeline:
    return vg.Pipeline(
        [
            vg.ResizedCrop((40, 56), area=(0.3, 1.0), aspect=(3 / 4, 4 / 3)),
            vg.Flip("horizontal", p=0.5),
            vg.Rotate(degrees=(-15, 15), border="reflect"),
            vg.OneOf([vg.GaussianBlur(sigma=(0.1, 2.0)), vg.Solarize()], p=0.3),
            vg.ColorJitter(brightness=0.4, contrast=0.4, saturation=0.4, hue=0.1),
            vg.Erase(p=0.25),
            vg.Normalize("imagenet"),
        ],
        seed=7,
    )


def test_an_array_in_is_an_array_out():
    out = example()(photo())
    assert isinstance(out, np.ndarray)
    assert out.shape == (40, 56, 3)
    assert out.dtype == np.float32


def test_names_in_are_the_same_names_out_in_the_same_order():
    given = dict(
        mask=np.ones((48, 70), np.int64),
        image=photo(),
        masks=[np.ones((48, 70), bool)],
        images=[photo(channels=1)],
        boxes=np.array([[10.0, 10.0, 30.0, 30.0]]),
        box_labels=["cat"],
        points=np.array([[20.0, 20.0]], np.float32),
        labels=5,
        video=np.stack([photo()] * 3),
        volume=np.stack([photo(channels=1)] * 2),
    )
    out = example()(**given, box_format="xyxy", sample=3)
    assert list(out) == [name for key in given for name in ([key, "points_visible"] if key == "points" else [key])]
    assert out["labels"] == 5
    assert out["video"].shape == (3, 40, 56, 3)
    assert out["volume"].shape == (2, 40, 56, 1)
    assert all((frame == out["video"][0]).all() for frame in out["video"])
    assert (out["video"][0] == out["image"]).all()


def test_one_name_gives_a_dict_and_none_is_handed_through():
    out = example()(image=photo(), mask=None)
    assert set(out) == {"image", "mask"}
    assert out["mask"] is None


def test_calls_count_and_addressed_calls_do_not_depend_on_the_count():
    one, other = example(), example()
    first, second = one(photo()), one(photo())
    assert (first != second).any()
    assert (other(photo(), sample=1) == second).all()
    assert (other(photo(), sample=0) == first).all()
    assert (other(photo()) == first).all(), "addressed calls leave the counter alone"
    assert (one(photo(), epoch=3, sample=0) != first).any()


def test_a_batch_is_its_samples():
    augment = example()
    images = np.stack([photo(), photo()[::-1], photo()[:, ::-1]])
    batch = augment.batch(images, epoch=2, samples=[5, 6, 5])
    for k, sample in enumerate([5, 6, 5]):
        assert (batch[k] == augment(images[k], epoch=2, sample=sample)).all()
    assert batch.shape == (3, 40, 56, 3)
    assert batch.ctypes.data % 64 == 0


def test_a_batch_without_ids_goes_on_counting():
    one, other = example(), example()
    batch = one.batch([photo(), photo(60, 50)])
    assert (other(photo()) == batch[0]).all()
    assert (other(photo(60, 50)) == batch[1]).all()
    assert (one(photo()) == other(photo())).all()


def test_a_batch_hands_labels_through_and_moves_masks():
    augment = vg.Pipeline([vg.Rotate((-30, 30)), vg.Flip(p=0.5)], mask_fill=255)
    images = np.stack([photo()] * 4)
    masks = np.arange(4 * 48 * 70, dtype=np.uint16).reshape(4, 48, 70)
    labels = ["a", "b", "c", "d"]
    batch, same, moved = augment.batch(images, labels, masks, threads=2)
    assert same is labels
    assert moved.shape == masks.shape
    assert moved.dtype == np.uint16
    for k in range(4):
        out = augment(image=images[k], mask=masks[k], sample=k)
        assert (out["image"] == batch[k]).all()
        assert (out["mask"] == moved[k]).all()
    just, labels_again = augment.batch(images, labels)
    assert labels_again is labels
    assert just.shape == batch.shape


def test_layouts_dtypes_and_a_given_array():
    augment = example()
    images = np.stack([photo()] * 2)
    plain = augment.batch(images, samples=[0, 1])
    first = augment.batch(images, samples=[0, 1], layout="NCHW")
    assert first.shape == (2, 3, 40, 56)
    assert (first.transpose(0, 2, 3, 1) == plain).all()
    half = augment.batch(images, samples=[0, 1], dtype="float16")
    assert half.dtype == np.float16
    assert (half == plain.astype(np.float16)).all()
    out = np.full(plain.shape, np.nan, np.float32)
    assert augment.batch(images, samples=[0, 1], out=out) is out
    assert (out == plain).all()


def test_grey_batches_have_no_axis_of_channels_when_the_pictures_have_none():
    augment = vg.Pipeline([vg.Flip()])
    assert augment.batch(np.stack([photo()[..., 0]] * 2)).shape == (2, 48, 70)
    assert augment.batch([photo()[..., :1]] * 2).shape == (2, 48, 70, 1)


def test_a_plan_says_what_happens():
    augment = vg.Pipeline([vg.Rotate((-15, 15)), vg.Flip(), vg.Solarize(), vg.Normalize()])
    plan = augment.plan((375, 500), sample=1234)
    assert sorted(plan.nodes) == ["Lut", "Warp"]
    assert plan.written.count("Warp") == 2
    assert plan.passes == 1
    assert plan.input == plan.output == (375, 500, 3)
    assert str(plan) == augment.explain((375, 500), sample=1234)
    assert "1 pass over pixels" in str(plan)
    assert repr(plan).startswith("Plan(nodes=[")


def test_yaml_goes_both_ways(tmp_path):
    augment = example()
    again = vg.Pipeline.from_yaml(augment.to_yaml())
    assert again == augment
    assert again.to_yaml() == augment.to_yaml()
    assert (again(photo(), sample=9) == augment(photo(), sample=9)).all()
    path = tmp_path / "pipeline.yaml"
    path.write_text(augment.to_yaml(), encoding="utf-8")
    assert vg.Pipeline.load(path) == augment


def test_the_representation_is_the_python_that_makes_it():
    augment = example()
    assert eval(repr(augment), vars(vg) | {"Pipeline": vg.Pipeline}) == augment
    assert len(augment) == 7


def test_pipelines_are_pickled_and_copied_and_count_anew():
    augment = example()
    first = augment(photo())
    for again in (pickle.loads(pickle.dumps(augment)), copy.copy(augment), copy.deepcopy(augment)):
        assert type(again) is vg.Pipeline
        assert again == augment
        assert hash(again) == hash(augment)
        assert (again(photo()) == first).all()


def test_operations_show_what_was_said():
    assert repr(vg.Rotate()) == "Rotate()"
    assert repr(vg.Rotate(15, border="reflect", p=0.5)) == "Rotate(degrees=15, border='reflect', p=0.5)"
    assert repr(vg.Rotate(degrees=vg.normal(0, 5.5))) == "Rotate(degrees=normal(0, 5.5))"
    nested = vg.OneOf([vg.Flip(), vg.ResizedCrop((9, 8))], weights=[1, 2], p=0.5)
    assert repr(nested) == "OneOf([Flip(), ResizedCrop(size=(9, 8))], p=0.5, weights=(1, 2))"
    assert vg.Rotate(15) == vg.Rotate(15.0, border="constant")
    assert hash(vg.Rotate((1, 2))) == hash(vg.Rotate([1, 2]))


def test_options_are_kept():
    options = dict(
        seed=3,
        exact=True,
        value_range=(0, 255),
        min_area=4,
        min_visibility=0.5,
        clip_boxes=False,
        swap=[(0, 1)],
        mask_fill=255,
    )
    augment = vg.Pipeline([vg.Flip()], **options)
    assert vg.Pipeline.from_yaml(augment.to_yaml()) == augment
    for key in ("exact: true", "min_area: 4", "min_visibility: 0.5", "clip_boxes: false", "mask_fill: 255"):
        assert key in augment.to_yaml()


@pytest.mark.parametrize("seed", [0, 7, 2**31, 2**63 - 1, 2**63, 2**64 - 1])
def test_every_seed_is_kept(seed):
    augment = vg.Pipeline([vg.Flip(p=0.5)], seed=seed)
    assert augment.seed == seed
    assert pickle.loads(pickle.dumps(augment)).seed == seed


def test_float_pictures_may_be_white_at_255():
    augment = vg.Pipeline([vg.Invert()], value_range=(0, 255))
    assert (augment(np.full((4, 6, 3), 55.0, np.float32)) == 200).all()


def test_an_empty_pipeline_changes_nothing():
    assert (vg.Pipeline([])(photo()) == photo()).all()
    assert len(vg.Pipeline()) == 0


def test_defaults_agree(entry):
    """A class built with its written defaults is the operation with its declared ones."""
    operation = build(entry)
    required = {p["name"] for p in entry["parameters"] if p["required"]}
    document = vg.Pipeline([operation]).to_yaml().splitlines()[-1]
    name, _, body = document.strip().removeprefix("- ").partition(": ")
    assert name == entry["name"]
    kept = {part.partition(":")[0].strip('{" ') for part in body.strip("{}").split(',"') if part}
    assert kept <= required


def test_every_operation_runs_on_every_kind_of_picture(entry):
    if not takes_pictures(entry):
        pytest.skip("needs a volume or video")
    augment = vg.Pipeline([build(entry)], seed=1)
    if entry["targets"] == ["image"]:
        # What mixes needs company, which is test_mixing.py's matter.
        with pytest.raises(vg.UnsupportedError, match="needs a data set"):
            augment(photo())
        return
    for dtype in ("uint8", "uint16", "float32"):
        for channels in (1, 3, 4, 7):
            for size in ((48, 70), (1, 1), (3, 200)):
                picture = photo(*size, channels, dtype)
                kept = picture.copy()
                for sample in range(2):
                    out = augment(picture, sample=sample)
                    assert np.isfinite(out).all()
                assert (picture == kept).all()


def test_combinators_choose():
    one = vg.Pipeline([vg.OneOf([vg.Invert(), vg.Posterize(bits=1)], weights=[0, 1])])
    assert {step["op"] for k in range(20) for step in one.draw((4, 4), sample=k).steps} == {"posterize"}
    some = vg.Pipeline([vg.SomeOf([vg.Invert(), vg.Flip(), vg.Transpose()], n=2)])
    assert all(len(some.draw((4, 4), sample=k)) == 2 for k in range(20))
    maybe = vg.Pipeline([vg.Maybe([vg.Invert(), vg.Flip()])])
    assert {len(maybe.draw((4, 4), sample=k)) for k in range(40)} == {0, 2}
    shuffled = vg.Pipeline([vg.Shuffle([vg.Invert(), vg.Flip()])])
    assert len({tuple(s["op"] for s in shuffled.draw((4, 4), sample=k).steps) for k in range(40)}) == 2
    both = vg.Pipeline([vg.Sequential([vg.Invert(), vg.Flip()])])
    assert [step["op"] for step in both.draw((4, 4)).steps] == ["invert", "flip"]


def test_distributions_draw_what_they_say():
    def draws(value, epoch=0):
        augment = vg.Pipeline([vg.Rotate(degrees=value)])
        return np.array([augment.draw((4, 4), epoch=epoch, sample=k).steps[0]["degrees"] for k in range(400)])

    assert (draws(12) == 12).all()
    assert np.ptp(draws((-10, 10))) > 18
    assert set(draws(vg.one_of(0, 90))) == {0, 90}
    assert abs(draws(vg.normal(10, 2)).mean() - 10) < 0.5
    assert (np.abs(draws(vg.beta(2, 2)) - 0.5) <= 0.5).all()
    assert np.median(draws(vg.log_uniform(1, 100))) == pytest.approx(10, rel=0.4)
    assert (draws(vg.schedule({0: 1, 10: 5}), epoch=9) == 1).all()
    assert (draws(vg.schedule({0: 1, 10: 5}), epoch=10) == 5).all()
    assert (draws(vg.schedule({0: 1, 10: 5}, linear=True), epoch=5) == 3).all()


def test_the_registry_is_data():
    names = [entry["name"] for entry in vg.operations()]
    assert len(set(names)) == len(names)
    rotate = next(entry for entry in vg.operations() if entry["name"] == "rotate")
    assert rotate["class"] == "Rotate"
    assert rotate["family"] == "geometry"
    assert rotate["summary"] == "Turns the picture about its centre."
    degrees = rotate["parameters"][0]
    assert degrees["name"] == "degrees"
    assert degrees["unit"] == "degrees"
    assert degrees["neutral"] == 0
    assert degrees["default"] == {"uniform": [-30.0, 30.0]}
    assert "RandomRotation" in rotate["aliases"]


def test_files_are_decoded_and_encoded(tmp_path):
    picture = photo()
    data = vg.encode(picture, "png")
    path = tmp_path / "a.png"
    path.write_bytes(data)
    for source in (path, str(path), data, bytearray(data), memoryview(data), path.open("rb")):
        assert (vg.decode(source) == picture).all()
    assert vg.decode(data, "grey").shape == (48, 70, 1)
    assert vg.decode(data, "rgba").shape == (48, 70, 4)
    assert vg.decode(vg.encode(photo()[..., 0], "png"), "stored").shape == (48, 70, 1)
    deep = vg.encode(photo(dtype="uint16"), "png")
    assert vg.decode(deep, dtype=None).dtype == np.uint16
    assert vg.decode(deep).dtype == np.uint8
    # Grey, since colour is stored at half the size.
    jpeg = vg.encode(picture[..., 0], "jpeg", quality=95)
    assert jpeg[:2] == b"\xff\xd8"
    assert np.abs(vg.decode(jpeg, "grey")[..., 0].astype(int) - picture[..., 0]).mean() < 3
    assert len(vg.encode(picture[..., 0], "jpeg", quality=20)) < len(jpeg)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_stand_upright(orientation, tmp_path):
    pil = pytest.importorskip("PIL.Image")
    ops = pytest.importorskip("PIL.ImageOps")
    picture = pil.fromarray(photo())
    exif = picture.getexif()
    exif[274] = orientation
    path = tmp_path / "a.png"
    picture.save(path, exif=exif)
    expected = np.asarray(ops.exif_transpose(pil.open(path)))
    assert (vg.decode(path) == expected).all()
    assert (vg.decode(path, upright=False) == photo()).all()
