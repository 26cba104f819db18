"""Ids of calls that say none: they count, and child processes never have each other's."""

from __future__ import annotations

import pickle

from files import python

from variegate.stream import Stream


def test_the_main_process_counts():
    stream = Stream()
    assert [stream.take() for _ in range(3)] == [0, 1, 2]
    assert pickle.loads(pickle.dumps(stream)).take() == 3, "a copy goes on where it was taken"


CHILDREN = """
import multiprocessing, sys
from variegate.stream import Stream
stream = Stream()
def some(_):
    # Each child must take part, or the test would show nothing.
    barrier.wait(20)
    return [stream.take() for _ in range(5)]
def set_up(b):
    global barrier
    barrier = b
if __name__ == "__main__":
    first = [stream.take() for _ in range(5)]
    context = multiprocessing.get_context("fork")
    with context.Pool(3, set_up, (context.Barrier(3),)) as pool:
        ids = sum(pool.map(some, range(3), chunksize=1), first)
    print(len(ids), len(set(ids)), max(ids) < 2**63)
"""


def test_children_have_ids_of_their_own():
    done = python(CHILDREN)
    assert done.stdout.split() == ["20", "20", "True"], done.stderr
