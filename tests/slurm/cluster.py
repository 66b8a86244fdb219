"""A real Slurm on this machine: a controller and two nodes on loopback, gone when the test ends."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from setup.slurm import PROGRAMS
from tests.namespaces import bound, can_bind

__all__ = ["NODES", "Cluster", "obstacle", "running"]

NODES = ("n1", "n2")
# Where every program of Slurm looks for its settings; the tests put theirs there for themselves.
_SETTINGS = Path("/etc/slurm")
_PATIENCE = 600.0

# Two jobs to a node, whatever the machine has; all of it by root, who alone can start daemons.
_CONFIGURATION = """\
ClusterName=test
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort={controller}
SlurmUser=root
SlurmdUser=root
AuthInfo=socket={folder}/munge.socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/%n.log
ProctrackType=proctrack/linuxproc
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SlurmdParameters=config_overrides
ReturnToService=0
{nodes}
PartitionName=all Nodes=ALL Default=YES
"""
_NODE = (
    "NodeName={name} NodeHostname=localhost NodeAddr=127.0.0.1 Port={port} CPUs=2 RealMemory=16000"
)


def obstacle() -> str | None:
    """Return why no Slurm can be brought up here; None where it can."""
    if sys.platform != "linux":
        return "Slurm runs on Linux alone"
    if os.geteuid() != 0:
        return "only root can bring Slurm up: its daemons start jobs for others"
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        return f"{', '.join(missing)} not on PATH; `make test` installs them on Debian"
    if not can_bind(_SETTINGS):
        return f"this machine lets no test mount its own {_SETTINGS}"
    return None


@dataclass(frozen=True)
class Cluster:
    """A Slurm that runs.

    Attributes
    ----------
    within
        A command that runs another one on the node from which jobs are submitted.
    """

    within: tuple[str, ...]

    def ask(self, *command: str) -> str:
        """Return what a program of Slurm prints."""
        done = subprocess.run([*self.within, *command], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def jobs(self, *options: str) -> list[str]:
        """Return the numbers of the jobs that squeue lists with these options."""
        return self.ask("squeue", "--noheader", "--format=%i", *options).split()

    def lose(self, node: str) -> list[str]:
        """Set a node down under its jobs; return these, once Slurm has queued them again.

        They would wait for two minutes, lest the same node gets them while it cleans up; but that
        one stays down.
        """
        jobs = self.jobs("--nodelist", node, "--states=RUNNING")
        self.ask("scontrol", "update", f"NodeName={node}", "State=DOWN", "Reason=test")
        for job in jobs:
            wait_until(partial(self._is_restarted, job), f"job {job} is queued again")
            self.ask("scontrol", "update", f"JobId={job}", "StartTime=now")
        return jobs

    def _is_restarted(self, job: str) -> bool:
        told = self.ask("scontrol", "--oneliner", "show", "job", job)
        return int(told.split("Restarts=")[1].split()[0]) > 0


@contextmanager
def running() -> Iterator[Cluster]:
    """Bring a cluster up, and take it down with every job of it."""
    with ExitStack() as stack:
        # No test's own folder: the path of a socket has only so much room.
        place = stack.enter_context(tempfile.TemporaryDirectory(prefix="slurm-"))
        folder = Path(place)
        within = (*bound(_configured(folder), _SETTINGS), "env", "-u", "SLURM_CONF")
        cluster = Cluster(within)
        stack.enter_context(_daemon(_munged(folder)))
        wait_until((folder / "munge.socket").exists, "munged opens its socket")
        stack.enter_context(_daemon([*within, "slurmctld", "-D"]))
        for name in NODES:
            stack.enter_context(_daemon([*within, "slurmd", "-D", "-N", name]))
        wait_until(lambda: _idle(cluster) == len(NODES), "both nodes are idle")
        stack.callback(_cancel_all, cluster)
        yield cluster


def wait_until(holds: Callable[[], bool], what: str, patience: float = _PATIENCE) -> None:
    """Wait until a condition holds; fail the test where it never does."""
    end = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < end, f"not within {patience:.0f} seconds: {what}"
        time.sleep(0.2)


def _configured(folder: Path) -> Path:
    """Write the settings and the key, and return the folder of the settings."""
    settings = folder / "etc"
    for name in (settings, folder / "state"):
        name.mkdir()
    key = folder / "munge.key"
    key.write_bytes(os.urandom(128))
    key.chmod(0o400)
    controller, *ports = _free_ports(1 + len(NODES))
    nodes = "\n".join(
        _NODE.format(name=name, port=port) for name, port in zip(NODES, ports, strict=True)
    )
    text = _CONFIGURATION.format(folder=folder, controller=controller, nodes=nodes)
    (settings / "slurm.conf").write_text(text, encoding="utf-8")
    return settings


def _munged(folder: Path) -> list[str]:
    files = {"key": "key", "socket": "socket", "pid": "pid", "log": "log", "seed": "seed"}
    named = [
        f"--{name}-file={folder}/munge.{end}" for name, end in files.items() if name != "socket"
    ]
    # By force, since /tmp may be written to by all.
    return ["munged", "--foreground", "--force", f"--socket={folder}/munge.socket", *named]


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


@contextmanager
def _daemon(command: list[str]) -> Iterator[None]:
    """Run a program beside the test until it is no longer needed."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    ) as process:
        try:
            yield
        finally:
            process.terminate()


def _idle(cluster: Cluster) -> int:
    asked = subprocess.run(
        [*cluster.within, "sinfo", "--noheader", "--Node", "--states=idle", "--format=%N"],
        capture_output=True,
        text=True,
        check=False,
    )
    return len(asked.stdout.split())


def _cancel_all(cluster: Cluster) -> None:
    if jobs := cluster.jobs():
        cluster.ask("scancel", *jobs)
        wait_until(lambda: not cluster.jobs(), "all jobs are cancelled")
