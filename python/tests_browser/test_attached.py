"""Boxes, masks and points over the pictures, where the engine's own Python says they are."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import opened

import variegate as vg

# Left, top, right, bottom of each box on a tile, by the number of its picture.
BOXES = """() => Object.fromEntries([...document.querySelectorAll("#grid button")].map((tile) => [tile.dataset.picture,
    [...tile.querySelectorAll(".boxes:not(.under) rect")].map((box) => {
        const [x, y, width, height] = ["x", "y", "width", "height"].map((key) => Number(box.getAttribute(key)));
        return [x, y, x + width, y + height];
    })]))"""
# The distance in pixels of the screen from the first tile's picture to its layers, at each edge.
APART = """() => {
    const tile = document.querySelector("#grid button");
    const edges = (e) => { const r = e.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; };
    const own = edges(tile.querySelector("img"));
    return [...tile.querySelectorAll(".overlay")].flatMap((layer) => edges(layer).map((edge, k) => Math.abs(edge - own[k])));
}"""


@pytest.fixture
def page(browser, data_set):
    made = opened(browser, data_set, viewport={"width": 1280, "height": 800}, accept_downloads=True)
    yield made
    made.context.close()
    assert made.faults == []


def test_boxes_stand_where_python_moves_them(page):
    augment = vg.Pipeline([vg.Flip(p=0.5)], seed=3)
    image, box = np.zeros((120, 160, 3), np.uint8), np.array([[20.0, 30.0, 60.0, 90.0]])
    seen = page.evaluate(BOXES)
    assert len(seen) == 9 and len({str(boxes) for boxes in seen.values()}) == 2
    for picture, boxes in seen.items():
        expected = augment(image=image, boxes=box, box_format="xyxy", sample=int(picture))["boxes"]
        assert np.allclose(boxes, expected)
    assert max(page.evaluate(APART)) < 1
    assert page.locator("#grid li:first-child .masks").count() == 1
    # Of three points one is not there; each that is has a rim.
    assert page.locator("#grid li:first-child .points path").count() == 4


def test_each_kind_is_switched_off_and_on_by_keyboard(page):
    for kind, place in (("boxes", ".boxes rect"), ("masks", "img.masks"), ("points", ".points path")):
        first = page.locator(f"#grid li:first-child {place}").last
        assert first.evaluate("e => getComputedStyle(e.closest('g') ?? e).display") != "none"
        page.focus(f"#show-{kind}")
        page.keyboard.press("Space")
        page.wait_for_selector(f"body.no-{kind}")
        assert first.evaluate("e => getComputedStyle(e.closest('g') ?? e).display") == "none"
        page.keyboard.press("Space")
        page.wait_for_selector(f"body:not(.no-{kind})")


def test_the_large_view_has_both_sides_boxes(page):
    page.click("#enlarge")
    page.wait_for_function("() => document.querySelectorAll('#large svg').length === 2")
    rects = page.locator("#large .boxes:not(.under) rect")
    assert rects.count() == 2
    assert [rects.first.get_attribute(key) for key in ("x", "y", "width", "height")] == ["20", "30", "40", "60"]
    assert page.locator("#large img.masks").count() == 2


def test_lost_boxes_are_told(page):
    assert page.is_hidden("#remarks")
    page.fill("#search", "center crop")
    page.press("#search", "Enter")
    page.fill('[aria-label="center crop: size, height"]', "20")
    page.press('[aria-label="center crop: size, height"]', "Enter")
    page.fill('[aria-label="center crop: size, width"]', "20")
    page.press('[aria-label="center crop: size, width"]', "Enter")
    page.wait_for_selector("#remarks:has-text('9 of 9 boxes (100 %) are lost')")


def test_a_telephone_shows_switches_and_nothing_is_cut(browser, data_set):
    page = opened(browser, data_set, viewport={"width": 390, "height": 844}, color_scheme="dark", has_touch=True)
    for kind in ("boxes", "masks", "points"):
        assert page.locator(f"#show-{kind}").bounding_box()["x"] + 18 <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.context.close()
