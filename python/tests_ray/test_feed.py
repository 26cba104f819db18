"""`variegate.ray.feed`: N workers of Ray Train get the batches that one process gets without Ray."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import pytest
import ray.train
from files import augment, make_folder
from ray.train import RunConfig, ScalingConfig
from ray.train.v2.api.data_parallel_trainer import DataParallelTrainer

import variegate as vg
from variegate.ray import feed


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return make_folder(tmp_path_factory.mktemp("photos"))


def training():
    """A training function; made here, so that Ray sends it whole instead of naming a module that workers cannot see."""

    def train(config: dict) -> None:
        """Two epochs; every worker writes down what it was given, and after two steps where it stood."""
        sys.path.insert(0, config["modules"])
        from files import augment

        context = ray.train.get_context()
        loader = feed(vg.folder(config["photos"]), augment(), global_batch_size=8, threads=1)
        if config["token"]:
            loader.resume(config["token"])
        given = []
        token = None
        while loader.epoch < 2:
            for batch in loader.batches():
                each = [hashlib.sha256(image.tobytes()).hexdigest() for image in batch.images]
                given.append([batch.epoch, batch.step, each])
                if len(given) == 2:
                    token = loader.state()
        name = f"{context.get_world_rank()}-of-{context.get_world_size()}.json"
        (Path(config["out"]) / name).write_text(json.dumps({"given": given, "token": token}))

    return train


def steps(root, out: Path, workers: int, token: str | None = None) -> tuple[dict, str]:
    """What all workers were given together, by epoch and step, and a worker's token."""
    out.mkdir()
    config = {"photos": str(root), "out": str(out), "token": token, "modules": str(Path(__file__).parents[1] / "tests")}
    DataParallelTrainer(
        training(),
        train_loop_config=config,
        scaling_config=ScalingConfig(num_workers=workers),
        run_config=RunConfig(storage_path=str(out / "runs")),
    ).fit()
    told = [json.loads((out / f"{rank}-of-{workers}.json").read_text()) for rank in range(workers)]
    together: dict = {}
    for each in told:
        assert len(each["given"]) == len(told[0]["given"]), "all workers make the same number of steps"
        for epoch, step, pictures in each["given"]:
            together.setdefault((epoch, step), []).extend(pictures)
    return {place: sorted(pictures) for place, pictures in together.items()}, told[-1]["token"]


def test_workers_share_the_batches_of_one_process(nodes, root, tmp_path):
    whole = {}
    loader = vg.Loader(vg.folder(root), augment(), batch_size=8, rest="drop")
    for _ in range(2):
        for batch in loader.batches():
            digests = [hashlib.sha256(image.tobytes()).hexdigest() for image in batch.images]
            whole[batch.epoch, batch.step] = sorted(digests)
    assert len(whole) == 6
    two, token = steps(root, tmp_path / "two", 2)
    assert two == whole
    # From the token of one of two workers, one goes on.
    rest, _ = steps(root, tmp_path / "one", 1, token)
    assert rest == {place: pictures for place, pictures in whole.items() if place not in ((0, 0), (0, 1))}


class Context:
    """Of a worker that is one of three."""

    def get_world_size(self) -> int:
        return 3

    def get_world_rank(self) -> int:
        return 1


def test_wrong_arguments(root, monkeypatch):
    source = vg.folder(root)
    with pytest.raises(vg.ParameterError, match="in the training function of a Ray trainer"):
        feed(source, augment(), global_batch_size=8)
    monkeypatch.setattr(ray.train, "get_context", Context)
    with pytest.raises(vg.ParameterError, match="a multiple of the 3 workers, found 8"):
        feed(source, augment(), global_batch_size=8)
    with pytest.raises(vg.ParameterError, match="batch_size: Ray Train and global_batch_size say it"):
        feed(source, augment(), global_batch_size=9, batch_size=3)
    with pytest.raises(vg.ParameterError, match="rest"):
        feed(source, augment(), global_batch_size=9, rest="keep")
    assert feed(source, augment(), global_batch_size=9, loader=lambda *_, **options: options) == {
        "batch_size": 3, "num_shards": 3, "shard_id": 1, "rest": "drop",
    }  # fmt: skip
