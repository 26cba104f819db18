"""What a person does on the page: with the mouse, with the keyboard alone, on a telephone."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest
from conftest import opened

import variegate as vg

# The pipeline the page begins with.
STANDS = "{variegate: 1, seed: 3, pipeline: [{flip: {p: 0.5}}, {rotate: {degrees: [-20, 20], border: reflect}}]}"
# Both pictures of the large view say their size, so both are there.
BOTH = """() => {
    const said = [...document.querySelectorAll("#large figcaption")].map((caption) => caption.textContent);
    return said.length === 2 && said.every((text) => text.includes("×"));
}"""
# What is seen in the place of the drawn picture, as PNG.
SEEN = """() => {
    const image = document.querySelector("#large figure:last-child img");
    const size = {width: image.naturalWidth, height: image.naturalHeight};
    const canvas = Object.assign(document.createElement("canvas"), size);
    canvas.getContext("2d").drawImage(image, 0, 0);
    return canvas.toDataURL("image/png");
}"""
# The widest that anything on the page reaches, in pixels.
WIDEST = """() => Math.max(document.documentElement.scrollWidth,
    ...[...document.querySelectorAll("button, input, select, pre, p")].filter((e) => e.offsetParent)
        .map((e) => e.getBoundingClientRect().right))"""


def exported(page, kind="YAML"):
    """The pipeline as the page downloads it."""
    page.click("#exchange")
    with page.expect_download() as download:
        page.click(f"#files >> text=Download {kind}")
    page.click("#files >> text=Close")
    return download.value.path().read_text(encoding="utf-8")


def stages(page):
    """The pipeline's stages as the engine reads them from the export."""
    return json.loads(vg.Pipeline.from_yaml(exported(page)).to_json())["pipeline"]


def names(page):
    return page.locator("#chain > li .title > span").all_inner_texts()


def first_tile(page):
    return page.locator("#grid img").first.get_attribute("src")


def redrawn(page, before):
    """Waits till the first tile is another picture."""
    page.wait_for_function("before => document.querySelector('#grid img').src !== before", arg=before)


def test_the_page_begins_with_the_file_and_says_how_fast_it_is(page):
    assert names(page) == ["flip", "rotate"]
    assert page.locator("#grid img").count() == 9
    status = page.inner_text("#status")
    assert status.startswith("9 pictures in ") and "img/s on one core" in status and "pass" in status
    assert exported(page) == vg.Pipeline.from_yaml(STANDS).to_yaml()


def test_an_operation_is_found_by_a_foreign_name_added_and_tuned(page):
    page.fill("#search", "RandomErasing")
    assert "RandomErasing" in page.locator("#found [role=option]").first.inner_text()
    page.press("#search", "Enter")
    assert names(page) == ["flip", "rotate", "erase"]
    page.fill('[aria-label="erase: area, from"]', "0.1")
    page.press('[aria-label="erase: area, from"]', "Enter")
    page.select_option('[aria-label="erase: p, how it is drawn"]', "fixed")
    page.fill('[aria-label="erase: p"]', "0.25")
    page.press('[aria-label="erase: p"]', "Enter")
    assert stages(page)[2] == {"erase": {"area": {"uniform": [0.1, 0.33]}, "p": 0.25}}


def test_a_slider_redraws_and_is_one_step_back(page):
    page.click("#chain >> text=rotate")
    before = first_tile(page)
    slider = page.locator('[aria-label="rotate: degrees, to, slider"]')
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    redrawn(page, before)
    assert stages(page)[1]["rotate"]["degrees"]["uniform"][1] != 20
    while not page.is_disabled("#undo"):
        page.click("#undo")
    assert stages(page)[1]["rotate"]["degrees"]["uniform"] == [-20, 20]


def test_order_switch_undo_and_redo(page):
    page.click('[aria-label="Move down flip"]')
    assert names(page) == ["rotate", "flip"]
    page.uncheck('[aria-label="Use rotate"]')
    assert [list(stage)[0] for stage in stages(page)] == ["flip"]
    page.click("#undo")
    page.click("#undo")
    assert names(page) == ["flip", "rotate"]
    page.click("#redo")
    assert [list(stage)[0] for stage in stages(page)] == ["rotate", "flip"]
    page.click('[aria-label="Remove flip"]')
    assert names(page) == ["rotate"]
    assert page.is_disabled("#redo")


def test_a_card_is_dragged_to_its_place(page):
    page.drag_and_drop("#chain > li:nth-child(2) .grip", "#chain > li:nth-child(1)")
    assert names(page) == ["rotate", "flip"]


def test_another_seed_is_another_picture_and_the_first_comes_back(page):
    first = draw(page, 3)
    assert draw(page, 4) != first
    assert draw(page, 3) == first


def draw(page, seed):
    """The bytes of the grid's answer under a seed, less what it says of time."""
    with page.expect_response("**/api/draw") as answer:
        page.fill("#seed", str(seed + 100))
        page.press("#seed", "Enter")
    answer.value.finished()
    with page.expect_response("**/api/draw") as answer:
        page.fill("#seed", str(seed))
        page.press("#seed", "Enter")
    body = answer.value.body()
    return body[4 + int.from_bytes(body[:4], "little") :]


def test_a_group_takes_members_and_a_preset_replaces_all(page):
    page.fill("#search", "one of")
    page.press("#search", "Enter")
    for name in ("gaussian blur", "posterize"):
        page.fill("#search", name)
        page.press("#search", "Enter")
    assert [list(member)[0] for member in stages(page)[2]["one_of"]["of"]] == ["gaussian_blur", "posterize"]
    page.select_option("#preset", "deit")
    assert stages(page) == json.loads(vg.presets.deit(224).to_json())["pipeline"]
    # The final numbers are part of the pipeline; what is added now comes before them.
    page.fill("#search", "invert")
    page.press("#search", "Enter")
    assert [list(stage)[0] for stage in stages(page)][-2:] == ["invert", "normalize"]


def test_what_is_exported_draws_the_same_in_python(page, studio):
    page.fill("#search", "ColorJitter")
    page.press("#search", "Enter")
    page.click("#grid li:nth-child(2) button")
    number = int(page.get_attribute("#grid li:nth-child(2) button", "data-picture"))
    yaml, program = exported(page), exported(page, "Python")
    page.click("#enlarge")
    page.wait_for_function(BOTH)
    shown = vg.decode(base64.b64decode(page.evaluate(SEEN).partition(",")[2]))[..., :3]
    original = vg.decode(studio.files[number])
    assert np.array_equal(vg.Pipeline.from_yaml(yaml)(original, epoch=0, sample=number), shown)
    made: dict = {}
    exec(program, made)
    assert np.array_equal(made["augment"](original, epoch=0, sample=number), shown)
    assert not np.array_equal(original, shown)


def test_an_export_comes_back_as_it_was(page):
    page.fill("#search", "select channels")
    page.press("#search", "Enter")
    page.fill("#search", "invert")
    page.press("#search", "Enter")
    before = exported(page)
    assert json.loads(vg.Pipeline.from_yaml(before).to_json())["pipeline"][2]["select_channels"]["channels"] == [0]
    page.select_option("#preset", "deit")
    assert exported(page) != before
    page.click("#exchange")
    page.fill("#given", before)
    page.click("#take")
    page.wait_for_selector("#files .said:has-text('Imported')")
    page.click("#files >> text=Close")
    assert exported(page) == before


def test_imports_say_what_differs_and_wrong_ones_change_nothing(page):
    foreign = {"__version__": "2.0.8", "transform": {"__class_fullname__": "Compose", "p": 1.0, "transforms": [
        {"__class_fullname__": "HorizontalFlip", "p": 0.5}]}}  # fmt: skip
    page.click("#exchange")
    page.select_option("#library", "albumentations")
    page.fill("#given", json.dumps(foreign))
    page.click("#take")
    page.wait_for_selector("#files .said:has-text('Imported')")
    page.select_option("#library", "variegate")
    page.fill("#given", "variegate: 1\npipeline:\n  - rotat: {}\n")
    page.click("#take")
    page.wait_for_selector("#files .said:has-text('pipeline.yaml:3')")
    assert "rotate" in page.inner_text("#files .said")
    page.click("#files >> text=Close")
    assert stages(page) == [{"flip": {"p": 0.5}}]


def test_saving_writes_the_file_that_was_named(page, studio):
    page.click("#save")
    page.wait_for_selector("#status:has-text('Saved to')")
    assert studio.saved.read_text() == vg.Pipeline.from_yaml(STANDS).to_yaml()


def test_a_wrong_pipeline_is_said_and_the_pictures_stay(page):
    page.click("#chain >> text=flip")
    page.select_option('[aria-label="flip: p, how it is drawn"]', "other")
    page.fill('[aria-label="flip: p, as JSON"]', '{"normal": "x"}')
    page.press('[aria-label="flip: p, as JSON"]', "Enter")
    page.wait_for_selector("#alert:has-text('flip')")
    assert page.locator("#grid img").count() == 9
    page.click("#undo")
    page.wait_for_selector("#alert", state="hidden")


def test_the_keyboard_alone_is_enough(page):
    page.keyboard.press("/")
    page.keyboard.type("blur")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert len(names(page)) == 3
    page.focus('[aria-label="Move up rotate"]')
    page.keyboard.press("Enter")
    assert names(page)[:2] == ["rotate", "flip"]
    # The button has no further place to lead to: the focus stays with its card.
    assert page.evaluate("document.activeElement.innerText").startswith("rotate")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+z")
    assert names(page)[:2] == ["flip", "rotate"]
    page.focus("#grid li:nth-child(3) button")
    page.keyboard.press("Enter")
    assert page.get_attribute("#grid li:nth-child(3) button", "aria-pressed") == "true"
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_telephone_shows_one_pane_and_nothing_is_cut(browser, studio, scheme):
    page = opened(browser, studio, viewport={"width": 390, "height": 844}, color_scheme=scheme, has_touch=True)
    for pane in ("chain", "grid", "details"):
        page.tap(f".bar [data-pane={pane}]")
        assert page.locator(".pane:visible").count() == 1
        assert page.locator(f"#pane-{pane}").is_visible()
        if pane == "chain":
            page.tap("#chain >> text=rotate")
        assert page.evaluate(WIDEST) <= 390
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    assert page.faults == []
    page.context.close()
