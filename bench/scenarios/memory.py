"""Memory of an idle `pagefree up`, with the PostgreSQL that it brings."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil

from bench.processes import free_port, running
from bench.rig import PAGEFREE, WEB_READY, Rig
from bench.scenario import Budget, Scenario, check

IDLE_S = 10.0
MIB = 1024 * 1024


async def run(rig: Rig) -> dict[str, float]:
    """Memory that all its processes have for themselves or share, counted once."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="pagefree-bench-") as folder:
        variables = {"PAGEFREE_DATA_DIR": f"{folder}/data", "PAGEFREE_PORT": str(port)}
        async with running((PAGEFREE, "up"), variables, port, WEB_READY) as child:
            await asyncio.sleep(rig.seconds(IDLE_S))
            ours = _pss(psutil.Process(child.process.pid))
            postmaster = Path(folder) / "data" / "postgres" / "postmaster.pid"
            server = psutil.Process(int(postmaster.read_text().split()[0]))
            postgres = sum(_pss(process) for process in _family(server))
            check(child.process.returncode is None, "it has ended")
    return {
        "memory": (ours + postgres) / MIB,
        "PageFree": ours / MIB,
        "PostgreSQL": postgres / MIB,
    }


def _family(process: psutil.Process) -> Iterator[psutil.Process]:
    yield process
    yield from process.children(recursive=True)


def _pss(process: psutil.Process) -> int:
    """What a process uses; pages shared by several count for each in part."""
    used: int = process.memory_full_info().pss
    return used


SCENARIO = Scenario(
    "memory",
    "idle `pagefree up`, PostgreSQL included",
    (
        Budget("memory", "MiB", 300, at_least=False),
        Budget("PageFree", "MiB"),
        Budget("PostgreSQL", "MiB"),
    ),
    run,
)
