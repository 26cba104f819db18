"""Recipes are saved, shown, edited and replayed, and their geometry is undone."""

from __future__ import annotations

import copy
import json
import pickle

import numpy as np
import pytest
from operations import build, only_alone
from pictures import disc, photo

import variegate as vg


def test_a_recipe_is_what_a_call_does(entry):
    only_alone(entry)
    augment = vg.Pipeline([build(entry)], seed=2)
    recipe = augment.draw((48, 70), epoch=1, sample=9)
    assert (augment.apply(recipe, photo()) == augment(photo(), epoch=1, sample=9)).all()
    again = vg.Recipe.from_json(recipe.to_json())
    assert again == recipe
    assert (augment.apply(again, photo()) == augment.apply(recipe, photo())).all()


def test_every_form_of_a_recipe_is_accepted():
    augment = vg.Pipeline([vg.Rotate((-30, 30)), vg.Erase()], seed=2)
    recipe = augment.draw((48, 70), sample=3)
    plain = augment.apply(recipe, photo())
    forms = [recipe.to_dict(), recipe.to_json(), pickle.loads(pickle.dumps(recipe)), copy.deepcopy(recipe)]
    for form in [*forms, vg.Recipe.from_dict(recipe.to_dict())]:
        assert (augment.apply(form, photo()) == plain).all()
        assert (augment.apply(form, image=photo())["image"] == plain).all()


def test_a_recipe_shows_what_was_drawn():
    recipe = vg.Pipeline([vg.Rotate((-30, 30)), vg.Flip()], seed=2).draw((48, 70, 1), epoch=4, sample=3)
    assert (recipe.seed, recipe.epoch, recipe.sample, recipe.shape) == (2, 4, 3, (48, 70, 1))
    assert len(recipe) == 2
    assert [step["op"] for step in recipe.steps] == ["rotate", "flip"]
    assert repr(recipe) == "Recipe(epoch=4, sample=3, size=48 × 70, steps=[rotate, flip])"
    assert hash(recipe) == hash(vg.Recipe.from_json(recipe.to_json()))


def test_an_edited_recipe_does_the_edit():
    augment = vg.Pipeline([vg.Rotate((-30, 30)), vg.Flip()], seed=2)
    edited = augment.draw((48, 70)).to_dict()
    edited["steps"][0]["degrees"] = 180
    del edited["steps"][1]
    assert (augment.apply(edited, photo()) == photo()[::-1, ::-1]).all()


def test_an_edit_out_of_bounds_is_refused():
    augment = vg.Pipeline([vg.Rotate((-30, 30))])
    recipe = augment.draw((48, 70)).to_dict()

    def refused(said: str, **changes) -> None:
        edited = json.loads(json.dumps(recipe))
        edited["steps"][0].update(changes)
        with pytest.raises(vg.ParameterError, match=said):
            augment.apply(edited, photo())

    refused("rotate.degrees: expected a number from -3600 to 3600", degrees=1e9)
    refused('rotate has no parameter "angle"', angle=5)
    refused("there is no operation", op="rotat")
    with pytest.raises(vg.ParameterError, match="value version"):
        vg.Recipe.from_dict(recipe | {"values": 999})
    with pytest.raises(vg.ParameterError, match='the recipe has no "height"'):
        vg.Recipe.from_dict({key: value for key, value in recipe.items() if key != "height"})
    with pytest.raises(vg.ParameterError, match="expected 1 to"):
        vg.Recipe.from_dict(recipe | {"width": 0})


def reversible() -> vg.Pipeline:
    return vg.Pipeline(
        [
            vg.Rotate((-20, 20)),
            vg.Flip(p=0.5),
            vg.QuarterTurn(),
            vg.Zoom((0.9, 1.1)),
            vg.Resize((90, 120)),
            vg.Solarize(),
            vg.Normalize(),
        ],
        seed=4,
        swap=[(0, 1)],
    )


@pytest.mark.parametrize("sample", range(6))
def test_boxes_and_points_come_home(sample):
    augment = reversible()
    recipe = augment.draw((48, 70), sample=sample)
    points = np.array([[30.0, 20.0], [40.0, 25.0], [35.0, 24.0]])
    there = augment.apply(recipe, points=points)
    back = augment.undo(recipe, points=there["points"])
    assert back["points"] == pytest.approx(points, abs=1e-6)
    assert back["points_visible"].all()
    straight = vg.Pipeline([vg.Flip(), vg.QuarterTurn(1), vg.Resize((90, 120))])
    recipe = straight.draw((48, 70))
    for name, row in [("xyxy", [10.0, 12.0, 40.0, 30.0]), ("yolo", [0.4, 0.5, 0.3, 0.2])]:
        boxes = np.array([row])
        there = straight.apply(recipe, boxes=boxes, box_format=name)["boxes"]
        back = straight.undo(recipe, boxes=there, box_format=name)["boxes"]
        assert back == pytest.approx(boxes)


@pytest.mark.parametrize("sample", range(6))
def test_predictions_come_home(sample):
    """A disc that stays inside returns to where it was: at most the ring of half-covered pixels differs."""
    augment = reversible()
    recipe = augment.draw((48, 70), sample=sample)
    mask = (disc(48, 70, 35, 24, 12) > 0.5).astype(np.int32)
    moved = augment.apply(recipe, mask=mask)["mask"]
    assert moved.shape == (90, 120)
    home = augment.undo(recipe, mask=moved, masks=[moved])
    assert home["mask"].shape == mask.shape
    assert home["mask"].dtype == mask.dtype
    assert (home["mask"] != mask).sum() <= 24
    assert (home["masks"][0] == home["mask"]).all()
    chances = augment.undo(recipe, np.repeat(moved[..., None], 5, axis=2).astype(np.float32))
    assert chances.shape == (48, 70, 5)
    assert np.abs(chances[..., 0] - mask).mean() < 0.03


def test_undo_asks_for_the_size_the_recipe_ends_in():
    augment = reversible()
    with pytest.raises(vg.InputError, match="mask is 48 × 70 .*, the recipe ends in 90 × 120"):
        augment.undo(augment.draw((48, 70)), mask=np.zeros((48, 70)))


def test_a_recipe_for_boxes_alone_needs_no_picture():
    augment = vg.Pipeline([vg.Flip()])
    out = augment.apply(augment.draw((48, 70)), boxes=[[10.0, 20.0, 40.0, 44.0]])
    assert out["boxes"] == pytest.approx(np.array([[30.0, 20.0, 60.0, 44.0]]))
