"""Arrays of every kind go in, and none is ever changed."""

from __future__ import annotations

import numpy as np
import pytest
from pictures import photo

import variegate as vg


def turned() -> vg.Pipeline:
    return vg.Pipeline([vg.Rotate(20), vg.Brightness(factor=1.2)])


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_dtypes_are_kept(dtype):
    assert turned()(photo(dtype=dtype)).dtype == dtype


@pytest.mark.parametrize("dtype", ["float16", "float64"])
def test_other_floats_are_cast_to_float32(dtype):
    picture = photo(dtype="float32").astype(dtype)
    out = turned()(picture)
    assert out.dtype == np.float32
    assert (out == turned()(picture.astype(np.float32))).all()


def test_foreign_byte_order_is_read():
    picture = photo(dtype="uint16")
    assert (turned()(picture.astype(">u2")) == turned()(picture)).all()
    floats = photo(dtype="float32")
    assert (turned()(floats.astype(">f4")) == turned()(floats)).all()


@pytest.mark.parametrize("dtype", ["int32", "int64", "bool", "complex64", "U5"])
def test_other_dtypes_are_refused_with_a_reason(dtype):
    with pytest.raises(vg.InputError, match="image: expected uint8, uint16 or float32, found"):
        turned()(np.zeros((4, 6, 3), dtype))


def test_the_number_of_axes_is_kept():
    assert turned()(photo()).shape == (48, 70, 3)
    assert turned()(photo()[..., :1]).shape == (48, 70, 1)
    assert turned()(photo()[..., 0]).shape == (48, 70)
    assert (turned()(photo()[..., :1])[..., 0] == turned()(photo()[..., 0])).all()


def memories():
    picture = photo()
    padded = np.zeros((60, 90, 3), np.uint8)
    padded[5:53, 7:77] = picture
    read_only = picture.copy()
    read_only.flags.writeable = False
    misaligned = np.zeros(picture.size + 1, np.uint8)[1:].reshape(picture.shape)
    misaligned[...] = picture
    yield "plain", picture
    yield "read-only", read_only
    yield "fortran", np.asfortranarray(picture)
    yield "window", padded[5:53, 7:77]
    yield "negative strides", picture[::-1, ::-1, ::-1].copy()[::-1, ::-1, ::-1]
    yield "planes", np.ascontiguousarray(picture.transpose(2, 0, 1)).transpose(1, 2, 0)
    yield "steps", np.repeat(np.repeat(picture, 2, 0), 2, 1)[::2, ::2]
    yield "bytes", np.frombuffer(picture.tobytes(), np.uint8).reshape(picture.shape)
    yield "misaligned", misaligned


@pytest.mark.parametrize(("name", "picture"), list(memories()), ids=lambda value: value if isinstance(value, str) else "")
def test_every_layout_in_memory_gives_the_same_bytes(name, picture):
    kept = picture.copy()
    assert (turned()(picture) == turned()(photo())).all()
    assert (picture == kept).all()


@pytest.mark.parametrize("dtype", ["uint16", "float32"])
def test_misaligned_arrays_are_read(dtype):
    picture = photo(dtype=dtype)
    memory = np.zeros(picture.nbytes + 1, np.uint8)
    misaligned = memory[1:].view(dtype).reshape(picture.shape)
    misaligned[...] = picture
    assert not misaligned.flags.aligned
    assert (turned()(misaligned) == turned()(picture)).all()


def test_broadcast_arrays_are_read():
    grey = np.broadcast_to(photo()[..., :1], (48, 70, 3))
    assert (turned()(grey) == turned()(grey.copy())).all()


def test_results_are_new_arrays_that_may_be_written():
    picture = photo()
    out = vg.Pipeline([])(picture)
    assert not np.shares_memory(out, picture)
    out[...] = 0
    assert (picture == photo()).all()


def test_nothing_given_is_changed():
    given = dict(
        image=photo(),
        mask=np.arange(48 * 70).reshape(48, 70),
        boxes=np.array([[-5.0, 3.0, 30.0, 30.0], [60.0, 40.0, 69.0, 47.0]]),
        box_labels=np.array([1, 2]),
        points=np.array([[1.0, 2.0], [60.0, 30.0]]),
        video=np.stack([photo()] * 2),
    )
    kept = {key: value.copy() for key, value in given.items()}
    for value in given.values():
        value.flags.writeable = False
    vg.Pipeline([vg.Rotate(50), vg.Flip(), vg.CenterCrop(20)], swap=[(0, 1)])(**given)
    for key, value in given.items():
        assert (value == kept[key]).all(), key


def test_subclasses_and_other_array_objects_are_read():
    class Tagged(np.ndarray):
        pass

    assert (turned()(photo().view(Tagged)) == turned()(photo())).all()

    class Foreign:
        def __array__(self, dtype=None, copy=None):
            return photo()

    assert (turned()(Foreign()) == turned()(photo())).all()


def test_pillow_pictures_are_read():
    pil = pytest.importorskip("PIL.Image")
    assert (turned()(pil.fromarray(photo())) == turned()(photo())).all()


def test_an_array_that_is_written_into_may_not_be_read_from():
    images = np.stack([photo(dtype="float32")] * 2)
    with pytest.raises(vg.ParameterError, match="share no memory"):
        turned().batch(images, out=images)


def test_results_outlive_the_pipeline():
    out = turned().batch(np.stack([photo()] * 2))
    kept = out.copy()
    [np.zeros(out.nbytes, np.uint8) for _ in range(20)]
    assert (out == kept).all()


def test_results_share_memory_through_dlpack():
    out = turned().batch(np.stack([photo(dtype="float32")] * 2))
    assert np.shares_memory(np.from_dlpack(out), out)
