"""The line that says how far an epoch is."""

from __future__ import annotations

import io

import pytest
from files import augment, make_folder

import variegate as vg
from variegate.progress import shown


@pytest.fixture
def loader(tmp_path):
    return vg.Loader(vg.folder(make_folder(tmp_path)), augment(), batch_size=4, threads=1)


class Terminal(io.StringIO):
    def isatty(self):
        return True


def seconds(step):
    """A clock that goes on by `step` whenever it is looked at."""
    time = [0.0]

    def now():
        time[0] += step
        return time[0]

    return now


def test_a_terminal_has_one_line(loader):
    out = Terminal()
    assert len(list(shown(loader.batches(), len(loader), out, seconds(1.0)))) == 6
    *_, last, end = out.getvalue().split("\r")[-1:], out.getvalue()[-1:]
    assert end == "\n" and out.getvalue().count("\n") == 1 and out.getvalue().count("\r") == 7
    line = last[0]
    assert "epoch 0" in line and "█" * 24 in line and "6/6 batches" in line and "images/s" in line and "took 0:" in line
    first = out.getvalue().split("\r")[1]
    # Looked at: at the start, before and after the wait, and twice for the line.
    assert "1/6 batches" in first and "1 images/s" in first and "waiting 25 %" in first and "0:20 left" in first


def test_elsewhere_lines_are_few_and_whole(loader):
    out = io.StringIO()
    list(shown(loader.batches(), len(loader), out, seconds(0.01)))
    assert out.getvalue().count("\n") == 1 and "\r" not in out.getvalue() and "6/6 batches" in out.getvalue()
    out = io.StringIO()
    list(shown(loader.batches(), len(loader), out, seconds(4.0)))
    assert out.getvalue().count("\n") == 7


def test_a_loop_that_is_left_says_how_far_it_was(loader, capsys):
    batches = loader.batches(progress=True)
    next(batches), next(batches)
    batches.close()
    assert "2/6 batches" in capsys.readouterr().err
    for _ in loader.batches():
        pass
    assert capsys.readouterr().err == ""


def test_a_loader_shows_it_in_every_epoch(tmp_path, capsys):
    load = vg.Loader(vg.folder(make_folder(tmp_path)), augment(), batch_size=4, progress=True)
    for _ in range(2):
        assert len(list(load)) == 6
    told = capsys.readouterr().err.splitlines()
    assert [line[:7] for line in told] == ["epoch 0", "epoch 1"]
