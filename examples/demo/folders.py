"""Finds pictures in class folders and lays out what one run trains and tests on.

`__main__` calls it for both kinds of data. A run's pictures are hard links (copies where the file system has none) in
fresh folders, so that training reads ordinary class folders; the user's own folder is only read.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from failure import Failure

SUFFIXES = {".bmp", ".gif", ".jpeg", ".jpg", ".png"}
TEST_NAMES = ("val", "valid", "validation", "test")
#: Most pictures used, so that a folder of any size is done in minutes.
TRAIN_LIMIT, TEST_LIMIT = 2000, 1000
#: Fewest pictures a class must have: in one folder, and in each part where the folder is divided already.
FEWEST, FEWEST_TRAIN, FEWEST_TEST = 8, 4, 1

Classes = dict[str, list[Path]]


@dataclass(frozen=True)
class Pictures:
    """Files by class. `test` is None where the rest of `train` is to be tested on."""

    train: Classes
    test: Classes | None = None

    @property
    def classes(self) -> list[str]:
        return sorted(self.train)


def scan(folder: Path) -> Pictures:
    """Reads a folder of class folders, or one that has train/ and one of val/, valid/, validation/, test/."""
    if not folder.is_dir():
        raise Failure(f"{folder}: there is no such folder. PHOTOS names a folder that holds one folder per class.")
    train = folder / "train"
    tests = [folder / name for name in TEST_NAMES if (folder / name).is_dir()]
    if train.is_dir() and tests:
        pictures = Pictures(classes_in(train, FEWEST_TRAIN), classes_in(tests[0], FEWEST_TEST))
        if pictures.classes != sorted(pictures.test):
            odd = sorted(set(pictures.train) ^ set(pictures.test))
            raise Failure(
                f"{train} and {tests[0]} must hold the same classes; only in one of them: {', '.join(odd[:8])}"
            )
        return pictures
    return Pictures(classes_in(folder, FEWEST))


def classes_in(folder: Path, fewest: int) -> Classes:
    """Files of each class folder, sorted; raises `Failure` where they do not suffice."""
    found = {
        entry.name: sorted(p for p in entry.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
        for entry in sorted(folder.iterdir())
        if entry.is_dir() and not entry.name.startswith(".")
    }
    found = {name: files for name, files in found.items() if files}
    kinds = ", ".join(sorted(s[1:] for s in SUFFIXES))
    if not found:
        raise Failure(
            f"{folder}: no class folder with pictures was found ({kinds}).\n"
            f"Put the pictures of each class into a folder of its own, such as {folder.name}/cat and {folder.name}/dog."
        )
    if len(found) == 1:
        raise Failure(f"{folder}: there is only one class, {next(iter(found))!r}; telling apart needs at least two.")
    few = {name: len(files) for name, files in found.items() if len(files) < fewest}
    if few:
        listed = ", ".join(f"{name} ({count})" for name, count in list(few.items())[:8])
        raise Failure(f"{folder}: every class needs at least {fewest} pictures; too few in: {listed}")
    return found


def split(pictures: Pictures, count: int | None, seed: int) -> tuple[Classes, Classes]:
    """Chooses what one seed trains on, `count` a class, and what it is tested on, which is never trained on.

    Without a count everything is used, within the limits: of undivided classes three quarters to train.
    """
    rng = np.random.default_rng(seed)
    train, test = {}, {}
    train_limit = count or max(FEWEST_TRAIN, TRAIN_LIMIT // len(pictures.train))
    test_limit = None if count else max(1, TEST_LIMIT // len(pictures.train))
    for name in pictures.classes:
        files = shuffled(pictures.train[name], rng)
        if pictures.test is not None:
            rest = shuffled(pictures.test[name], rng)
        else:
            cut = count or len(files) * 3 // 4
            files, rest = files[:cut], files[cut:]
        train[name] = sorted(files[:train_limit])
        test[name] = sorted(rest[:test_limit])
    return train, test


def lay_out(classes: Classes, folder: Path) -> Path:
    """Makes class folders that hold exactly these files."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, files in classes.items():
        (folder / name).mkdir(parents=True)
        for number, file in enumerate(files):
            link = folder / name / f"{number:05d}{file.suffix.lower()}"
            try:
                os.link(file, link)
            except OSError:
                shutil.copyfile(file, link)
    return folder


def size(classes: Classes) -> int:
    """Number of files in all classes."""
    return sum(len(files) for files in classes.values())


def shuffled(files: list[Path], rng: np.random.Generator) -> list[Path]:
    """The files in another order."""
    return [files[k] for k in rng.permutation(len(files))]
