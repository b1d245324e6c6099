"""Processes stand still, are doubled, are told to go, or come back from the dead."""

import asyncio
import random
import resource
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import psutil
import pytest

from tests.chaos.standing import Standing, go_on, pause
from tests.crash.installation import answers
from tests.crash.monitoring_tool import Event, MonitoringTool
from tests.programs import Program, eventually, free_port

pytestmark = [pytest.mark.xdist_group("standing"), pytest.mark.crash]

LEASE_S = 30
TIMES = 4
CONDITIONS = 12
KILLS = 15
LARGE = 400_000  # letters: more than is left of any piece of memory
SHORT_S = 4  # of memory


async def send(tool: MonitoringTool, *events: Event) -> None:
    """Each is taken."""
    for event in events:

        async def taken(event: Event = event) -> bool:
            return await tool._is_taken(event)

        await eventually(taken, 30)
        tool.taken.append(event)


@pytest.mark.fault("T-10", "two workers, and every event four times at once")
async def test_events_that_come_four_times_at_once_page_once(
    installation: Standing,
) -> None:
    second = installation.another("worker")
    second.start()
    await second.wait_for("Working: ")
    async with httpx2.AsyncClient(base_url=installation.installation.address) as client:
        key = installation.installation.routing_key
        tools = [MonitoringTool(client, key) for _ in range(TIMES)]
        wanted = [Event("trigger", f"doubled-{n}") for n in range(CONDITIONS)]
        await asyncio.gather(*(send(tool, *wanted) for tool in tools))
    tools[0].taken *= TIMES
    await installation.nothing_is_lost(tools[0])

    opened = await installation.sql(
        "SELECT dedup_key, count(*), sum(occurrences) FROM alerts"
        " WHERE dedup_key LIKE 'doubled-%' GROUP BY 1"
    )
    assert sorted(opened) == sorted((event.dedup_key, 1, TIMES) for event in wanted)
    ids = Counter(mail.message_id for mail in installation.installation.mails.mails)
    unsure = await installation.sql(
        "SELECT count(*) FROM attempts WHERE possible_duplicate"
    )
    assert [name for name, n in ids.items() if n > 1] == [] or unsure != [(0,)]


@pytest.mark.fault("T-11", "nobody sends for a while, and half of it is over by then")
async def test_nobody_is_paged_late_for_what_is_over(installation: Standing) -> None:
    inside = installation.installation
    pause(inside.worker)
    try:
        async with httpx2.AsyncClient(base_url=inside.address) as client:
            tool = MonitoringTool(client, inside.routing_key)
            for verb, count in (("trigger", CONDITIONS), ("resolve", CONDITIONS // 2)):
                await send(tool, *(Event(verb, f"stale-{n}") for n in range(count)))
    finally:
        go_on(inside.worker)
    await installation.nothing_is_lost(tool)

    paged = await installation.sql(
        "SELECT count(*) FROM notifications AS n JOIN incidents AS i"
        " ON i.id = n.incident_id WHERE i.title LIKE 'Condition stale-%'"
        " AND i.status = 'resolved' AND n.channel = 'email' AND n.status = 'accepted'"
    )
    assert paged == [(0,)]


@pytest.mark.fault("T-05", "one of two web processes is told to stop, again and again")
async def test_web_processes_are_replaced_one_after_the_other_under_load(
    installation: Standing,
) -> None:
    port = free_port()
    second = installation.another("web", PAGEFREE_PORT=str(port))
    second.start()
    await answers(f"http://127.0.0.1:{port}")
    async with installation.load() as tool:
        first = installation.installation.web
        await asyncio.to_thread(first.stop)
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as other:
            key = installation.installation.routing_key
            beside = MonitoringTool(other, key, f"{tool.name}-beside", per_s=10)
            await beside.send_for(1, random.Random(1))
            assert beside.refused == 0
        first.start()
        await answers(installation.installation.address)


@pytest.mark.long
@pytest.mark.fault("T-06", "a worker stands still for longer than its leases")
async def test_a_worker_that_comes_back_from_the_dead_changes_nothing(
    installation: Standing,
) -> None:
    second = installation.another("worker")
    second.start()
    await second.wait_for("Working: ")
    async with installation.load():
        await asyncio.sleep(2)
        pause(installation.installation.worker)
        await asyncio.sleep(LEASE_S + 10)
        go_on(installation.installation.worker)
        await asyncio.sleep(2)


@pytest.mark.long
@pytest.mark.fault("T-08", "the loop of a worker is blocked for 20 s")
async def test_a_blocked_worker_holds_nobody_else_up(installation: Standing) -> None:
    blocked = installation.another(
        "worker", PAGEFREE_FAIL="sender.before_provider:sleep"
    )
    blocked.start()
    await blocked.wait_for("Working: ")
    async with installation.load():
        await asyncio.sleep(25)


@pytest.mark.long
@pytest.mark.fault("T-04", "web and worker are killed every two seconds, 15 times")
async def test_any_process_is_killed_every_two_seconds(installation: Standing) -> None:
    chance = random.Random(4)
    inside = installation.installation
    async with installation.load():
        for _ in range(KILLS):
            part = chance.choice([inside.web, inside.worker])
            part.kill()
            part.start()
            await asyncio.sleep(2)
            await answers(inside.address)  # where it takes longer than that to start


@contextmanager
def short_of_memory(program: Program) -> Iterator[None]:
    """It gets no more than it has; malloc answers no, and Python raises MemoryError."""
    assert program.process is not None
    pid = program.process.pid
    has = psutil.Process(pid).memory_info().vms
    before = resource.prlimit(pid, resource.RLIMIT_AS, (has, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        if program.runs:
            resource.prlimit(pid, resource.RLIMIT_AS, before)


@pytest.mark.long
@pytest.mark.fault("T-07", "the web process gets no more memory")
async def test_a_web_process_without_memory_takes_nothing_that_it_cannot_keep(
    installation: Standing,
) -> None:
    inside = installation.installation
    async with installation.load():
        with short_of_memory(inside.web):
            refused = await send_large(installation)
            await asyncio.sleep(SHORT_S)
        if not inside.web.runs:  # whoever looks after processes starts it again
            inside.web.start()
    assert refused > 0


async def send_large(installation: Standing) -> int:
    """So many large events at once that they need more; how many were not taken."""
    inside = installation.installation
    async with httpx2.AsyncClient(base_url=inside.address) as client:
        body = {
            "routing_key": inside.routing_key,
            "event_action": "trigger",
            "dedup_key": f"large-{installation.tests}",
            "payload": {
                "summary": "Large",
                "source": "x" * LARGE,
                "severity": "critical",
            },
        }
        posts = (client.post("/v2/enqueue", json=body, timeout=20) for _ in range(50))
        answers = await asyncio.gather(*posts, return_exceptions=True)
    return sum(isinstance(one, BaseException) or not one.is_success for one in answers)


@pytest.mark.long
@pytest.mark.fault("T-07", "the worker gets no more memory")
async def test_a_worker_without_memory_leaves_nobody_unpaged(
    installation: Standing,
) -> None:
    inside = installation.installation
    async with installation.load():
        with short_of_memory(inside.worker):
            await asyncio.sleep(SHORT_S)
        if not inside.worker.runs:
            inside.worker.start()
