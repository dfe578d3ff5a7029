"""What runs of the command line cost: time, CPU of the parent and of its workers, memory."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Cost", "cost_of"]

_LOOK = 0.02  # seconds between two looks


@dataclass(slots=True)
class Cost:
    """What a run cost.

    Attributes:
        wall: seconds from start to end.
        parent: seconds of CPU of the process itself.
        memory: megabytes that it had at most.
        workers: seconds of CPU of each of its workers.
        worker_memory: megabytes that a worker had at most.
    """

    wall: float = 0.0
    parent: float = 0.0
    memory: float = 0.0
    workers: dict[str, float] = field(default_factory=dict)
    worker_memory: float = 0.0

    @property
    def cpu(self) -> float:
        """Seconds of CPU of all processes."""
        return self.parent + sum(self.workers.values())


def cost_of(arguments: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Cost:
    """Run `zhreport` with arguments in a folder; of Linux, whose /proc is looked at."""
    start, cost = time.perf_counter(), Cost()
    command = [sys.executable, "-m", "zhreport", *arguments]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, env=environment) as run:
        while run.poll() is None:
            if (found := _look(str(run.pid))) is not None:
                cost.parent, cost.memory = max(cost.parent, found[0]), max(cost.memory, found[1])
                for worker in found[2]:
                    if (own := _look(worker)) is not None:
                        cost.workers[worker] = own[0]
                        cost.worker_memory = max(cost.worker_memory, own[1])
            time.sleep(_LOOK)
        if run.returncode:
            raise SystemExit(f"zhreport {' '.join(arguments)} ended with {run.returncode}")
    cost.wall = time.perf_counter() - start
    return cost


def _look(pid: str) -> tuple[float, float, list[str]] | None:
    """Seconds of CPU, megabytes in memory, and the children of a process; None if it has ended."""
    place = Path("/proc") / pid
    try:
        fields = (place / "stat").read_text().rpartition(")")[2].split()
        pages = int((place / "statm").read_text().split()[1])
        children = (place / "task" / pid / "children").read_text().split()
    except (OSError, IndexError):
        return None
    seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return seconds, pages * os.sysconf("SC_PAGE_SIZE") / 2**20, children
