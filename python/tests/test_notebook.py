"""What a notebook shows, looked at without one: the HTML is parsed, its pictures are decoded, and pixels compared."""

from __future__ import annotations

import base64
from html.parser import HTMLParser

import numpy as np
import pytest

import variegate as vg


class Images(HTMLParser):
    """The pictures of a page; any tag that loads or runs something else is a fault."""

    def __init__(self, text):
        super().__init__()
        self.found, self.titles = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        assert tag in {"div", "img", "pre", "code", "ol", "li", "b"}, tag
        if tag == "img":
            given = dict(attrs)
            kind, _, data = given["src"].partition(",")
            assert kind == "data:image/png;base64"
            self.found.append(vg.decode(base64.b64decode(data)))
            self.titles.append(given["title"])


@pytest.fixture
def image():
    y, x = np.mgrid[0:60, 0:80]
    return np.stack([x * 3, y * 4, x + y], axis=-1).astype(np.uint8)


def test_every_draw_is_the_sample_of_its_number(image):
    augment = vg.Pipeline([vg.Flip(p=0.5), vg.Rotate((-30, 30)), vg.Normalize("imagenet")], seed=3)
    shown = augment.show(image, rows=2, columns=3, seed=9)
    found = Images(shown._repr_html_()).found
    plain = vg.Pipeline([vg.Flip(p=0.5), vg.Rotate((-30, 30))], seed=9)
    assert len(found) == 6
    for k, picture in enumerate(found):
        assert np.array_equal(picture, plain(image, sample=k))
        assert np.array_equal(picture, shown.pictures[k])
    assert not np.array_equal(found[0], found[1])


def test_boxes_masks_and_points_move_with_the_picture(image):
    image[:] = 100
    mask = np.zeros((60, 80), np.uint8)
    mask[0:10, 0:10] = 1
    augment = vg.Pipeline([vg.Flip("horizontal")])
    (picture,) = augment.show(image, 1, 1, mask=mask, boxes=[[10, 20, 30, 40]], box_labels=[2], points=[[5.5, 50.5]]).pictures
    # Mirrored: the box stands at 50 to 70, the point at 74.5, the mask at 70 to 80.
    assert (picture[20:22, 50:70] == (0, 122, 255)).all() and (picture[20:40, 68:70] == (0, 122, 255)).all()
    assert (picture[25:35, 53:67] == 100).all() and (picture[20:40, 10:30] == 100).all()
    assert tuple(picture[50, 74]) == (255, 225, 26) and (picture[50, 5] == 100).all()
    assert (picture[2:8, 72:80] == ((100 + 255) // 2, (100 + 59) // 2, (100 + 48) // 2)).all()


def test_folders_and_large_pictures(image, tmp_path):
    for k in range(3):
        (tmp_path / f"<{k}>.png").write_bytes(vg.encode(np.repeat(np.repeat(image, 10, 0), 10, 1), "png"))
    shown = vg.Pipeline([vg.Invert()]).show(tmp_path, columns=2)
    found = Images(shown._repr_html_())
    assert found.titles == [f"<{k}>.png, sample {k}" for k in range(3)]
    assert all(picture.shape == (192, 256, 3) for picture in found.found)


def test_saving_writes_what_is_seen(image, tmp_path):
    shown = vg.Pipeline([vg.Flip(p=0.5)], seed=1).show(image, rows=2, columns=2)
    shown.save(tmp_path / "draws.png")
    sheet = vg.decode(tmp_path / "draws.png")
    assert sheet.shape == (124, 164, 3)
    assert np.array_equal(sheet[64:, 84:], shown.pictures[3])
    shown.save(tmp_path / "draws.html")
    assert (tmp_path / "draws.html").read_text().count("data:image/png;base64,") == 4
    with pytest.raises(vg.errors.ParameterError, match=r"\.html, \.png"):
        shown.save(tmp_path / "draws.txt")


def test_grey_float_and_sixteen_bits_are_shown(image):
    for given in (image[..., 0], image.astype(np.float32) / 255, image.astype(np.uint16) * 257, image[..., :1]):
        (picture,) = vg.Pipeline([vg.Flip("vertical")]).show(given, 1, 1).pictures
        assert np.array_equal(picture[..., 0], image[::-1, :, 0])


def test_what_cannot_be_shown_is_said(image, tmp_path):
    augment = vg.Pipeline([vg.Invert()])
    with pytest.raises(vg.errors.ParameterError, match="400 draws"):
        augment.show(image, rows=0)
    (tmp_path / "a.png").write_bytes(vg.encode(image, "png"))
    with pytest.raises(vg.errors.ParameterError, match="with one image"):
        augment.show(tmp_path, boxes=[[0, 0, 1, 1]])


def test_texts_stay_texts(image):
    augment = vg.Pipeline([vg.Rotate((-5, 5))], seed=4)
    said = augment.explain((60, 80))
    assert isinstance(said, str) and said == str(said) and "Warp" in said
    assert said._repr_html_().startswith("<pre>") and "\n" in said
    assert "<li><code>Rotate(degrees=" in augment._repr_html_() and "seed 4" in augment._repr_html_()
    assert vg.Flip()._repr_html_() == "<code>Flip()</code>"
