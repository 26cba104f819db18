"""`Transform`: what goes in, what comes out, and that no two workers draw the same."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
import torch
from samples import Pictures, augment, picture
from PIL import Image

import variegate as vg
from variegate.stream import Stream
from variegate.torch import Transform


def same(tensor: torch.Tensor, array: np.ndarray) -> bool:
    return tensor.numpy().dtype == array.dtype and np.array_equal(tensor.numpy(), array)


@pytest.mark.parametrize("kind", ["PIL", "array", "tensor", "read-only", "strided"])
def test_pictures_of_every_kind_give_the_tensor_of_the_same_bytes(kind):
    image = picture(3)
    given = {
        "PIL": lambda: Image.fromarray(image),
        "array": lambda: image,
        "tensor": lambda: torch.from_numpy(image).permute(2, 0, 1).contiguous(),
        "read-only": lambda: np.broadcast_to(image, image.shape),
        "strided": lambda: np.repeat(image, 2, axis=1)[:, ::2],
    }[kind]()
    out = Transform(augment())(given, epoch=2, index=5)
    assert out.shape == (3, 24, 32) and out.is_contiguous()
    assert same(out, augment()(image, epoch=2, sample=5).transpose(2, 0, 1))


def test_other_modes_and_depths():
    turn = Transform(vg.Pipeline([vg.Flip("horizontal")]))
    image = picture(1)
    grey = Image.fromarray(image).convert("L")
    assert same(turn(grey), np.asarray(grey)[None, :, ::-1])
    rgba = Image.fromarray(image).convert("RGBA")
    assert same(turn(rgba), np.asarray(rgba)[:, ::-1].transpose(2, 0, 1))
    palette = Image.fromarray(image).convert("P")
    assert same(turn(palette), np.asarray(palette.convert("RGB"))[:, ::-1].transpose(2, 0, 1))
    bits = Image.fromarray(image).convert("1")
    assert same(turn(bits), np.asarray(bits.convert("L"))[None, :, ::-1])
    deep = image.astype(np.uint16) * 257
    assert same(turn(deep), deep[:, ::-1].transpose(2, 0, 1))
    real = (image / 255).astype(np.float32)
    assert same(turn(torch.from_numpy(real).permute(2, 0, 1)), real[:, ::-1].transpose(2, 0, 1))
    assert same(turn(torch.from_numpy(image[:, :, 0])), image[None, :, ::-1, 0])


def test_what_is_given_is_not_changed():
    image = torch.from_numpy(picture(2)).permute(2, 0, 1).contiguous()
    before = image.clone()
    Transform(vg.Pipeline([vg.Invert()]))(image)
    assert torch.equal(image, before)


def test_a_dict_moves_as_one():
    image = picture(4)
    mask = (image[:, :, 0] > 100).astype(np.uint8)
    boxes = torch.tensor([[2.0, 3.0, 20.0, 30.0], [30.0, 5.0, 50.0, 39.0]])
    sample = {"image": Image.fromarray(image), "mask": torch.from_numpy(mask), "boxes": boxes, "file": "a.jpg"}
    sample["points"] = np.array([[5.0, 6.0]])
    out = Transform(vg.Pipeline([vg.Flip("horizontal")]))(sample)
    assert list(out) == list(sample) and out["file"] == "a.jpg"
    assert same(out["image"], image[:, ::-1].transpose(2, 0, 1))
    assert same(out["mask"], mask[:, ::-1])
    assert torch.equal(out["boxes"], torch.tensor([[36.0, 3.0, 54.0, 30.0], [6.0, 5.0, 26.0, 39.0]]))
    assert out["points"].tolist() == [[51.0, 6.0]]


def test_labels_go_where_their_boxes_go():
    """A crop that one of two boxes leaves takes its label and mask along; labels of the picture stay."""
    crop = vg.Pipeline([vg.CenterCrop((40, 28))])
    target = {
        "boxes": torch.tensor([[0.0, 0.0, 10.0, 40.0], [20.0, 5.0, 36.0, 30.0]]),
        "labels": torch.tensor([7, 9]),
        "masks": torch.zeros((2, 40, 56), dtype=torch.uint8),
        "image_id": 12,
    }
    target["masks"][0, :, :10] = 1
    target["masks"][1, 5:30, 20:36] = 1
    transform = Transform(crop, names={"masks": "instance_masks"})
    image, out = transform(Image.fromarray(picture(5)), target)
    assert image.shape == (3, 40, 28) and out["image_id"] == 12
    assert out["labels"].tolist() == [9] and out["labels"].dtype == torch.int64
    assert out["boxes"].tolist() == [[6.0, 5.0, 22.0, 30.0]]
    assert out["masks"].shape == (1, 40, 28) and out["masks"][0, 5:30, 6:22].all()
    whole = {"image": picture(5), "boxes": target["boxes"], "labels": torch.tensor([1, 0, 1])}
    assert Transform(crop)(whole)["labels"].tolist() == [1, 0, 1]


def test_tuples_and_names():
    image = picture(6)
    palette = Image.fromarray(image).convert("P")
    turn = vg.Pipeline([vg.Flip("horizontal")])
    out = Transform(turn, names=("image", "mask"))(Image.fromarray(image), palette)
    assert isinstance(out, tuple) and same(out[1], np.asarray(palette)[:, ::-1])
    out = Transform(turn)((Image.fromarray(image), 3, "more"))
    assert same(out[0], image[:, ::-1].transpose(2, 0, 1)) and out[1:] == (3, "more")
    out = Transform(turn, names={"pixels": "image"})({"pixels": image, "labels": 4})
    assert out["labels"] == 4 and same(out["pixels"], image[:, ::-1].transpose(2, 0, 1))
    out = Transform(turn)({"image": image, "masks": torch.ones((3, 40, 56), dtype=torch.bool)})
    assert out["masks"].shape == (3, 40, 56) and out["masks"].dtype == torch.bool
    out = Transform(turn)({"image": image, "mask": torch.ones((1, 40, 56), dtype=torch.uint8)})
    assert out["mask"].shape == (1, 40, 56)
    clip = np.stack([picture(k) for k in range(4)])
    out = Transform(turn)({"video": torch.from_numpy(clip).permute(0, 3, 1, 2)})
    assert same(out["video"], clip[:, :, ::-1].transpose(0, 3, 1, 2))


def test_wrong_arguments_are_errors_where_they_are_given():
    with pytest.raises(TypeError, match=r"expected a vg\.Pipeline, found list"):
        Transform([vg.Invert()])
    with pytest.raises(vg.ParameterError, match="'label' is nothing a pipeline knows; expected one of image"):
        Transform(augment(), names=("image", "label"))
    with pytest.raises(vg.ParameterError, match="expected a list"):
        Transform(augment(), names="image")
    with pytest.raises(vg.ParameterError, match="two parts called 'image'"):
        Transform(augment(), names={"pixels": "image"})({"pixels": picture(0), "image": picture(1)})
    with pytest.raises(vg.ParameterError, match="epoch: expected a whole number from 0, found -1"):
        Transform(augment()).set_epoch(-1)
    with pytest.raises(vg.UnsupportedError, match="mix"):
        Transform(vg.Pipeline([vg.MixUp()]))(picture(0))


def test_a_copy_draws_as_the_first_does():
    transform = Transform(augment())
    transform.set_epoch(3)
    copies = [pickle.loads(pickle.dumps(transform)), copy.deepcopy(transform)]
    for other in copies:
        assert other.epoch == 3
        assert torch.equal(other(picture(0), index=4), transform(picture(0), index=4))


def test_calls_without_an_address_go_on():
    transform = Transform(augment())
    first, second = transform(picture(0)), transform(picture(0))
    assert not torch.equal(first, second)
    assert torch.equal(first, transform(picture(0), index=0)) and torch.equal(second, transform(picture(0), index=1))


class Ids(torch.utils.data.Dataset):
    """The ids that calls in a worker get."""

    def __init__(self) -> None:
        self.stream = Stream()

    def __len__(self) -> int:
        return 64

    def __getitem__(self, _: int) -> int:
        return self.stream.take()


@pytest.mark.parametrize("context", ["fork", "spawn", "forkserver"])
def test_no_two_workers_draw_the_same(context):
    """Over two passes every call has an id of its own, and the same seed gives the same ids."""
    workers = 4 if context == "fork" else 2

    def passes() -> list[int]:
        torch.manual_seed(11)
        loader = torch.utils.data.DataLoader(Ids(), batch_size=4, num_workers=workers, multiprocessing_context=context)
        return [id for _ in range(2) for batch in loader for id in batch.tolist()]

    ids = passes()
    assert len(set(ids)) == len(ids) == 128 and min(ids) >= 2**62 and max(ids) < 2**63
    if context == "fork":
        assert passes() == ids
        main = Stream()
        assert [main.take() for _ in range(3)] == [0, 1, 2], "the main process counts from 0"


def test_in_a_dataloader_every_picture_is_drawn_anew():
    data = Pictures(16, Transform(augment()))
    loader = torch.utils.data.DataLoader(data, batch_size=4, num_workers=2, multiprocessing_context="fork")
    seen = [image.numpy().tobytes() for _ in range(2) for images, _ in loader for image in images]
    assert len(set(seen)) == 32
