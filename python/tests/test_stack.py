"""Arrays deliver what the folder of the same pictures does."""

from __future__ import annotations

import numpy as np
import pytest
from delivered import bad_of, labels, loaded, same
from pictures import photo

import variegate as vg


class TestArrays:
    @pytest.fixture
    def images(self, tmp_path):
        """The pictures of an array, and a folder of the same pictures."""
        images = np.stack([np.roll(photo(40, 56), 5 * k, axis=1) for k in range(12)])
        (tmp_path / "same").mkdir()
        for k, image in enumerate(images):
            (tmp_path / "same" / f"{k:02}.png").write_bytes(vg.encode(image, "png"))
        return images, vg.folder(tmp_path / "same")

    def test_an_array_delivers_what_the_folder_does(self, images):
        images, folder = images
        source = vg.arrays(images)
        same(source, folder)
        assert source.paths[3] == "array[3]" and source.classes == []

    @pytest.mark.parametrize("kind", ["uint16", "float32", "strided", "swapped", "mapped"])
    def test_every_kind_of_array(self, images, kind, tmp_path):
        images, folder = images
        match kind:
            case "uint16":
                array = images.astype(np.uint16) * 257
            case "float32":
                array = images.astype(np.float32) / 255
            case "strided":
                array = np.repeat(images, 2, axis=2)[:, :, ::2]
            case "swapped":
                array = (images.astype(np.uint16) * 257).astype(">u2")
            case "mapped":
                np.save(tmp_path / "images.npy", images)
                array = np.load(tmp_path / "images.npy", mmap_mode="r")
        assert loaded(vg.arrays(array)) == loaded(folder)

    def test_a_grey_array_is_a_grey_picture(self, images):
        images, _ = images
        grey = np.ascontiguousarray(images[..., 1])
        assert loaded(vg.arrays(grey)) == loaded(vg.arrays(np.repeat(grey[..., np.newaxis], 3, axis=3)))

    def test_labels_are_numbers_or_names(self, images):
        images, _ = images
        assert labels(vg.arrays(images, [k % 3 for k in range(12)])) == {k: k % 3 for k in range(12)}
        source = vg.arrays(images, np.array(["bee", "ant"] * 6))
        assert source.classes == ["ant", "bee"] and source.labels == [1, 0] * 6
        assert vg.arrays(images, np.zeros((12, 1), np.int64)).labels == [0] * 12
        for wrong in ([0] * 11, [-1] * 12, np.zeros((12, 3)), [0.5] * 12):
            with pytest.raises(vg.ParameterError):
                vg.arrays(images, wrong)
        with pytest.raises(vg.ParameterError, match="'bee' is none of the 1 classes"):
            vg.arrays(images, ["bee"] * 12, classes=["ant"])

    def test_the_array_outlives_its_name(self, images):
        images, folder = images
        source = vg.arrays(images.copy())
        assert loaded(source.select([1, 2])) == loaded(folder.select([1, 2]))

    def test_what_is_no_picture_is_refused(self):
        for wrong in (np.zeros((2, 4, 4, 3), np.int32), np.zeros((4, 4), np.uint8), np.zeros((2, 4, 4, 5), np.uint8)):
            with pytest.raises(vg.InputError, match="images: expected"):
                vg.arrays(wrong)
        with pytest.raises(vg.ParameterError, match="no picture"):
            vg.arrays(np.zeros((2, 0, 4, 3), np.uint8))
        [(path, reason)] = bad_of(vg.arrays(np.stack([np.full((8, 8), v, np.float32) for v in (0.5, 3.0)])))
        assert path == "array[1]" and "beyond 0 to 1" in reason
