"""The computed order of `variegate.order`: a permutation, chosen by its seed, and the same for ever."""

from __future__ import annotations

import pytest

import variegate as vg
from variegate.order import Order


def test_every_count_is_permuted():
    for count in [*range(130), 1000, 4097]:
        order = Order(count, 5)
        assert len(order) == count and sorted(order[place] for place in range(count)) == list(range(count))


def test_seeds_choose():
    """Two orders of 1000 agree in as many places as chance has it: one, and never fifteen."""
    orders = [[Order(1000, seed)[place] for place in range(1000)] for seed in (0, 1, 2, 2**63)]
    for k, first in enumerate(orders):
        for second in [list(range(1000)), *orders[:k]]:
            assert sum(a == b for a, b in zip(first, second, strict=True)) < 15


def test_neighbours_are_parted():
    """The mean distance of what were neighbours is a third of the count, as of numbers thrown at random."""
    order = Order(3000, 7)
    places = [order[place] for place in range(3000)]
    distance = sum(abs(a - b) for a, b in zip(places, places[1:], strict=False)) / 2999
    assert 900 < distance < 1100


def test_values_are_kept():
    """Shards that were published stay what the plan says."""
    assert [Order(10, 7)[place] for place in range(10)] == [2, 8, 7, 5, 9, 0, 4, 1, 3, 6]


def test_places_that_are_none():
    with pytest.raises(IndexError, match="place 3: the order has 3"):
        Order(3, 0)[3]
    with pytest.raises(vg.ParameterError, match="below 2⁶⁴"):
        Order(3, -1)
