"""A real cluster of two nodes on this machine, and ways to kill parts of it."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

ray = pytest.importorskip("ray")
cluster_utils = pytest.importorskip("ray.cluster_utils")


class TwoNodes:
    """A head and a second node, of two CPUs each."""

    def __init__(self) -> None:
        small = {"num_cpus": 2, "object_store_memory": 200 * 2**20}
        self.cluster = cluster_utils.Cluster(initialize_head=True, head_node_args=small | {"include_dashboard": False})
        self._small = small
        self.second = self.cluster.add_node(**small)
        ray.init(address=self.cluster.address, log_to_driver=False)
        self.cluster.wait_for_nodes()

    def workers(self, second: bool = False) -> list[int]:
        """Numbers of the processes that run an actor of a data set, on both nodes or on the second one."""
        nodes = [self.second] if second else self.cluster.list_all_nodes()
        raylets = [node.all_processes["raylet"][0].process.pid for node in nodes]
        return [pid for pid in children(raylets) if b"MapWorker" in command(pid)]

    def kill_worker(self) -> None:
        """Kills one process that runs an actor of a data set."""
        os.kill(self.workers()[0], signal.SIGKILL)

    def kill_node(self) -> None:
        """Kills the second node, with all that runs and lies on it."""
        self.cluster.remove_node(self.second, allow_graceful=False)
        self.second = None

    def mend(self) -> None:
        """Puts a second node where there is none."""
        if self.second is None:
            self.second = self.cluster.add_node(**self._small)
            self.cluster.wait_for_nodes()

    def end(self) -> None:
        """Ends all processes of the cluster."""
        ray.shutdown()
        self.cluster.shutdown()


def children(parents: list[int]) -> list[int]:
    """Numbers of the processes that some processes have started."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                status = (entry / "stat").read_text()
            except OSError:
                continue
            # The name, in brackets, may hold anything.
            if int(status.rpartition(")")[2].split()[1]) in parents:
                found.append(int(entry.name))
    return found


def command(pid: int) -> bytes:
    """How a process calls itself; nothing where it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


@pytest.fixture(scope="session")
def whole_cluster():
    nodes = TwoNodes()
    yield nodes
    nodes.end()


@pytest.fixture
def nodes(whole_cluster):
    whole_cluster.mend()
    return whole_cluster
