"""The whole chain: distinct alerts as fast as they go, an incident and a page of each."""

import asyncio
from collections.abc import Sequence

from bench.load import CONNECTIONS, Load, wrk
from bench.pages import Page, once_each
from bench.processes import Child
from bench.rig import Rig
from bench.scenario import Budget, Scenario, check
from pagefree.infra.clock import system_clock

SECONDS = 5.0
IN_FLIGHT_S = 0.5  # what was on its way when the load stopped has come by then


async def run(rig: Rig) -> dict[str, float]:
    """Every stored alert must page exactly once; first in two processes, then in one."""
    async with rig.web() as web, rig.worker() as worker:
        apart = await _storm(rig, web.port, "w", (web, worker))
    async with rig.up() as up:
        together = await _storm(rig, up.port, "u", (up,))
    return {**apart, "one process: pages": together["pages"]}


async def _storm(
    rig: Rig, port: int, prefix: str, programs: Sequence[Child]
) -> dict[str, float]:
    before = await _stored(rig)
    async with rig.sink() as sink:
        cpu = _cpu_s(rig, programs)
        began = system_clock().timestamp()
        load = await wrk(
            port, rig.seconds(SECONDS), rig.world.paging_key, prefix=prefix
        )
        stored = await _stored(rig) - before
        pages = await sink.pages(stored)
        used = [
            now - then for now, then in zip(_cpu_s(rig, programs), cpu, strict=True)
        ]
    _check(load, stored, pages)
    took = max(page.at for page in pages) - began
    return {
        "pages": stored / took,
        "accepted meanwhile": load.per_second,
        "last page after the last alert": 1e3 * (took - load.seconds),
        "PostgreSQL CPU per page": used[0] / stored * 1e6,
        "web CPU per page": used[1] / stored * 1e6,
        "worker CPU per page": used[-1] / stored * 1e6,
    }


async def _stored(rig: Rig) -> int:
    """How many requests were taken, once the last of a load are."""
    stored = -1
    while stored != (now := await rig.count("SELECT count(*) FROM inbound_requests")):
        stored = now
        await asyncio.sleep(IN_FLIGHT_S)
    return stored


def _cpu_s(rig: Rig, programs: Sequence[Child]) -> list[float]:
    return [rig.postgres_cpu_s(), *(program.cpu_s() for program in programs)]


def _check(load: Load, stored: int, pages: Sequence[Page]) -> None:
    check(load.refused == 0, f"{load.refused} refused")
    check(
        load.answers <= stored <= load.answers + CONNECTIONS,
        f"{load.answers} answers, {stored} stored",
    )
    check(not (wrong := once_each(pages, stored)), str(wrong))


SCENARIO = Scenario(
    "chain",
    "alert to incident to page at a sink, a page for each",
    (
        Budget("pages", "/s", 3000),
        Budget("one process: pages", "/s"),
        Budget("accepted meanwhile", "/s"),
        Budget("last page after the last alert", "ms"),
        Budget("PostgreSQL CPU per page", "us"),
        Budget("web CPU per page", "us"),
        Budget("worker CPU per page", "us"),
    ),
    run,
)
