"""A user's script over all of what users call, to be checked by mypy and pyright, and to run.

`scripts/test-types.sh` checks it; `python/tests/test_types.py` runs it. `assert_type` says what an editor would show: a type that
gets wider, or is lost, is an error.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, assert_type

import numpy as np
import numpy.typing as npt

import variegate as vg


def stripes(image: npt.NDArray[Any], rng: np.random.Generator) -> npt.NDArray[Any]:
    image[rng.integers(4) :: 4] = 0
    return image


def pipelines(place: Path) -> vg.Pipeline:
    augment = vg.Pipeline(
        [
            vg.ResizedCrop(32, area=(0.3, 1.0), aspect=(3 / 4, 4 / 3)),
            vg.Flip("horizontal", p=0.5),
            vg.Rotate(degrees=(-15, 15), border="reflect", filter=vg.one_of("bilinear", "bicubic")),
            vg.OneOf([vg.GaussianBlur(sigma=(0.1, 2.0)), vg.MotionBlur(), vg.JpegQuality(quality=(30, 90))], p=0.3),
            vg.SomeOf([vg.Brightness(), vg.Contrast(vg.normal(1.0, 0.1))], n=(1, 2)),
            vg.Sequential([vg.Gamma(vg.log_uniform(0.8, 1.25)), vg.Hue(vg.uniform(-0.02, 0.02))]),
            vg.Shuffle([vg.Sharpness(), vg.Saturation()]),
            vg.Maybe([vg.Invert()], p=0.05),
            vg.Repeat([vg.Erase()], times=2),
            vg.SelectChannels([vg.Brightness((0.9, 1.1))], channels=[0]),
            vg.Zoom(vg.schedule({0: 1.0, 30: (0.8, 1.25)}), p=vg.beta(2.0, 2.0)),
            vg.custom(stripes, "stripes", p=0.1),
            vg.ColorJitter(brightness=0.4, contrast=0.4, saturation=0.4, hue=0.1),
        ],
        seed=7,
        exact=False,
        value_range=(0.0, 1.0),
        min_area=4.0,
        min_visibility=0.1,
        clip_boxes=True,
        swap=[(0, 1)],
        mask_fill=255,
    )
    assert_type(augment.to_yaml(), str)
    (place / "pipeline.yaml").write_text(augment.to_yaml())
    assert_type(vg.Pipeline.from_yaml(augment.to_yaml()), vg.Pipeline)
    assert_type(vg.Pipeline.load(place / "pipeline.yaml"), vg.Pipeline)
    assert_type(vg.Pipeline.from_image_data_generator({"rotation_range": 15}, seed=1), vg.Pipeline)
    assert_type(vg.presets.imagenet_train(32, seed=7), vg.Pipeline)
    assert_type(augment.seed, int)
    assert_type(augment.fingerprint, int)
    assert_type(augment.view(1), vg.Pipeline)
    assert_type(len(augment), int)
    return augment


def pictures(augment: vg.Pipeline, place: Path) -> None:
    image = np.random.default_rng(0).integers(0, 256, (48, 60, 3), dtype=np.uint8)
    assert_type(vg.encode(image, "jpeg", quality=90), bytes)
    (place / "a.jpg").write_bytes(vg.encode(image))
    decoded = vg.decode(place / "a.jpg", "rgb", upright=True)
    decoded = vg.decode(io.BytesIO((place / "a.jpg").read_bytes()), max_pixels=10_000)

    out: np.ndarray = augment(decoded, epoch=3, sample=1234)
    both = augment(image=image, mask=image[..., 0], boxes=[[1.0, 2.0, 20.0, 30.0]], box_format="coco", box_labels=["a"])
    assert_type(both, dict[str, Any])
    augment(image=image, points=[[1.0, 2.0], [3.0, 4.0]], points_visible=[1, 0], labels=3)
    pictures_alone: np.ndarray = augment.batch([image, image], threads=2, dtype="float32", layout="NCHW")
    with_labels = augment.batch([image, image], labels=[0, 1], samples=range(2))
    assert_type(with_labels, tuple[Any, ...])
    opened: np.ndarray = augment.open(place / "a.jpg", colour="rgb", partial_decode="region")
    assert out.shape == opened.shape and pictures_alone.ndim == 4

    recipe = augment.draw((48, 60), epoch=3, sample=1234)
    assert_type(recipe, vg.Recipe)
    assert_type(recipe.to_json(), str)
    assert_type(recipe.to_dict(), dict[str, Any])
    assert_type(recipe.steps, list[dict[str, Any]])
    assert_type(recipe.shape, tuple[int, int, int])
    assert_type(vg.Recipe.from_json(recipe.to_json()), vg.Recipe)
    again: np.ndarray = augment.apply(recipe, image)
    assert_type(augment.apply(recipe.to_dict(), image=image, mask=image[..., 0]), dict[str, Any])
    geometry = vg.Pipeline([vg.Rotate((-10, 10))])
    turned = geometry.draw(image.shape[:2])
    back: np.ndarray = geometry.undo(turned, image)
    assert_type(geometry.undo(turned, boxes=[[1.0, 2.0, 3.0, 4.0]], points=[[1.0, 2.0]]), dict[str, Any])
    assert again.shape == out.shape and back.shape == image.shape

    plan = augment.plan((48, 60, 3), sample=1234)
    assert_type(plan, vg.Plan)
    assert_type(plan.nodes, list[str])
    assert_type(plan.passes, int)
    explained: str = augment.explain((48, 60))
    assert explained
    augment.show(image, rows=1, columns=2, seed=3).save(place / "draws.html")
    assert_type(augment.profile(image, n=2), vg.Profile)
    assert_type(vg.operations(), list[dict[str, Any]])
    assert_type(vg.uniform(1, 2), vg.Distribution)
    assert_type(vg.__version__, str)

    several = vg.views(image, [(vg.Pipeline([vg.ResizedCrop(32)]), 2), vg.Pipeline([vg.ResizedCrop(16)])], epoch=1)
    assert len(several) == 3 and len(vg.views(image, vg.five_crop(16) + vg.ten_crop(16))) == 15
    assert len(vg.views(place / "a.jpg", vg.presets.dino(32, local_size=16, local_views=2))) == 4


def sources(place: Path) -> vg.Source:
    for name in ("ant", "bee"):
        (place / "photos" / name).mkdir(parents=True)
        for k in range(6):
            image = np.full((40, 50, 3), 20 * k, np.uint8)
            (place / "photos" / name / f"{k}.png").write_bytes(vg.encode(image, "png"))
    source = vg.folder(place / "photos")
    assert_type(source, vg.Source)
    train, valid = source.split(0.25, seed=1)
    assert_type(train, vg.Source)
    assert_type(source.classes, list[str])
    assert_type(source.paths, list[str])
    assert_type(source.labels, list[int | None])
    assert_type(source.problems, list[str])
    assert_type(source.filter(lambda path, label: label == 1 and path.endswith(".png")), vg.Source)
    assert_type(source.select(range(4)).relabel([0, 1, 0, 1], ["x", "y"]), vg.Source)
    assert_type(train.concat(valid, weights=[1, 2]), vg.Source)
    x = np.zeros((8, 32, 32, 3), np.uint8)
    assert_type(vg.arrays(x, [k % 2 for k in range(8)], classes=["a", "b"]), vg.Source)
    (place / "photos.csv").write_text("image,class\nant/0.png,ant\nbee/1.png,bee\n")
    assert_type(vg.csv(place / "photos.csv", label="class", root=place / "photos"), vg.Source)
    (place / "photos.jsonl").write_text('{"image": "ant/0.png", "class": "ant"}\n')
    assert_type(vg.json(place / "photos.jsonl", label="class", root=place / "photos"), vg.Source)
    assert_type(vg.masks(place / "photos", place / "photos", classes=["a"]), vg.Source)
    return source


def annotated(place: Path) -> Iterator[vg.Source]:
    """Typed alone: the files are not there."""
    yield vg.coco(place / "instances.json", images=place, crowd=False, masks="instances")
    yield vg.voc(place, "train", one_based=True)
    yield vg.yolo(place, "train")
    yield vg.tar("shards-{0000..0099}.tar", label="cls")
    yield vg.tfrecord("train-*", label="image/class/label")
    yield vg.parquet("train-*.parquet", image="image", label="label")
    yield vg.folder("s3://bucket/photos", storage={"cache": "kept", "cache_bytes": 1 << 30, "retries": 3})


def loaders(source: vg.Source, augment: vg.Pipeline) -> None:
    loader = vg.Loader(
        source, augment, batch_size=4, shuffle=True, seed=7, num_shards=1, shard_id=0, threads=1, prefetch=1,
        memory="64MiB", dtype="uint8", layout="NHWC", on_bad="raise", drop_last=True, label_mode="categorical",
        partial_decode=False,
    )  # fmt: skip
    for images, labels in loader:
        assert images.shape[0] == labels.shape[0] == 4
    for batch in loader.batches():
        assert_type(batch, vg.Batch)
        assert_type(batch.epoch, int)
        assert_type(batch.step, int)
        assert len(batch.ids) == 4
    token = loader.state()
    assert_type(token, str)
    loader.resume(token)
    loader.seek(1, 0)
    assert_type(len(loader), int)
    assert_type(loader.epoch, int)
    assert_type(loader.classes, list[str])
    assert_type(loader.bad, list[dict[str, Any]])
    assert_type(loader.report(), vg.Report)
    with vg.Loader(source, vg.Pipeline([vg.Resize((16, 16))]), process="sidecar", progress=False) as beside:
        next(iter(beside))
    with vg.Loader(source, [(augment, 2), vg.Pipeline([vg.Resize((16, 16))])], batch_size=4) as several:
        next(iter(several))


def others(source: vg.Source, augment: vg.Pipeline, place: Path) -> None:
    train, valid = vg.keras.image_dataset_from_directory(
        place / "photos", image_size=(32, 32), batch_size=4, validation_split=0.25, subset="both", seed=7, augment=augment
    )
    assert vg.keras.shards() == {"num_shards": 1, "shard_id": 0}
    assert train.class_names == valid.class_names
    plain = vg.Pipeline([vg.Resize((32, 32))])
    report = vg.offline.write(source, plain, place / "shards", copies=1, shard_size=6)
    assert report["made"] == len(vg.offline.plan(source, plain, 1, 6))
    packed = vg.pack(source, place / "packed", short_side=32, progress=lambda done, all: None)
    assert isinstance(packed, dict)


def errors(place: Path) -> None:
    try:
        vg.decode(place / "missing.jpg")
    except vg.IoError as error:
        assert_type(error.kind, str)
        assert_type(error.path, str | None)
    for kind in (vg.InputError, vg.LimitError, vg.ParameterError, vg.UnsupportedError, vg.InternalError):
        assert issubclass(kind, vg.Error)
    try:
        vg.Rotate(border="mirrored")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        vg.Pipeline([vg.Rotate(border="mirrored")])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    except vg.ParameterError as error:
        assert "mirror" in str(error)
    else:
        raise AssertionError("a wrong word was taken")


def main(place: Path) -> None:
    """Runs all of it in an empty folder."""
    augment = pipelines(place)
    pictures(augment, place)
    source = sources(place)
    loaders(source, augment)
    others(source, augment, place)
    errors(place)


if __name__ == "__main__":
    import sys

    main(Path(sys.argv[1]))
