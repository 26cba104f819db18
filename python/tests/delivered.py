"""Sources under test: what they deliver, beside the folder of the same pictures."""

from __future__ import annotations

from files import augment, samples

import variegate as vg


def loaded(source, threads=2, **options):
    """The bytes of each sample of one epoch, by id."""
    with vg.Loader(source, augment(), batch_size=5, threads=threads, **options) as loader:
        return samples(loader.batches())


def labels(source):
    """The label of each sample of one epoch, by id."""
    with vg.Loader(source, augment(), batch_size=5) as loader:
        return {int(i): int(label) for batch in loader.batches() for i, label in zip(batch.ids, batch.labels, strict=True)}


def same(source, folder):
    """Whether a source delivers what the folder does, on one thread and on three, and goes on where it stood."""
    wanted = loaded(folder, threads=1)
    assert len(source) == len(folder) and source.labels == folder.labels
    assert loaded(source, threads=1) == wanted and loaded(source, threads=3) == wanted
    with vg.Loader(source, augment(), batch_size=4, threads=1) as loader:
        batches = loader.batches()
        next(batches), next(batches)
        token = loader.state()
        rest = samples(batches)
    with vg.Loader(source, augment(), batch_size=4, threads=3) as loader:
        loader.resume(token)
        assert samples(loader.batches()) == rest and len(rest) == len(folder) - 8


def bad_of(source):
    """What is told of the bad samples of one epoch: path and reason."""
    with vg.Loader(source, augment(), batch_size=4, on_bad="substitute") as loader:
        for _ in loader.batches():
            pass
        return [(entry["path"], entry["reason"]) for entry in loader.bad]
