"""A worker that dies at any boundary between transactions loses nothing and doubles little."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.channels.base import Transports
from pagefree.core.access import Actor
from pagefree.infra.crypto import Vault
from pagefree.infra.db import transaction
from pagefree.infra.http import GuardedClient
from pagefree.infra.ids import new_id
from pagefree.infra.queue import Context
from pagefree.tables.workflows import workflow_runs, workflow_steps
from pagefree.workflows import runs, service
from pagefree.workflows.content import WorkflowContent
from pagefree.workflows.lane import Lane
from pagefree.workflows.preparing import Surroundings
from pagefree.workflows.service import Draft
from tests.fake_servers import WebServer, serving
from tests.workflows.graphs import action, edge, graph, node, trigger

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ADMIN = Actor(new_id(), "Ana", platform_admin=True)
BOUNDARIES = 16  # more than a run of this graph passes


class Killed(BaseException):
    """The process is gone: nothing of ours may catch it."""


@dataclass(slots=True)
class MortalClock:
    """Reads the time so often, then the process dies; every transaction asks it before."""

    reads: int
    now: datetime = NOW
    read: int = field(default=0)

    def __call__(self) -> datetime:
        self.read += 1
        if self.read > self.reads:
            raise Killed
        return self.now


@pytest.fixture
async def around() -> AsyncIterator[Surroundings]:
    http = GuardedClient(["127.0.0.0/8"])
    vault = Vault("a key for tests that is long enough")
    yield Surroundings(Transports(http, None), vault, "https://pagefree.example.org")
    await http.aclose()


async def begun(engine: AsyncEngine, port: int) -> None:
    """A run that is due."""
    url = f"http://127.0.0.1:{port}/"
    content = graph(
        [
            trigger("begin", "manual"),
            action("one", "http_request", url=url, json_body={"step": 1}),
            node("so", "condition", condition="steps.one.status == 200 || true"),
            action("two", "http_request", url=url, json_body={"step": 2}),
        ],
        [edge("begin", "one"), edge("one", "so"), edge("so", "two", "yes")],
    )
    async with transaction(engine) as tx:
        made = await service.create(
            tx,
            ADMIN,
            Draft(None, "Flow"),
            WorkflowContent.model_validate(content),
            "",
            NOW,
        )
        await runs.start_by_hand(tx, ADMIN, made.id, None, NOW)


@pytest.mark.parametrize("reads", range(BOUNDARIES))
async def test_a_crash_at_any_boundary_loses_nothing_and_repeats_at_most_one_call(
    fresh_engine: AsyncEngine, around: Surroundings, reads: int
) -> None:
    log = structlog.get_logger()
    async with serving(WebServer()) as server:
        await begun(fresh_engine, server.port)
        dies = MortalClock(reads)
        try:
            await Lane(around).work(Context(fresh_engine, dies, log))
        except Killed:
            later = MortalClock(1000, NOW + timedelta(minutes=10))
            await Lane(around).work(Context(fresh_engine, later, log))

    async with transaction(fresh_engine) as tx:
        status = await tx.scalar(select(workflow_runs.c.status))
        found = await tx.execute(select(workflow_steps.c.node, workflow_steps.c.status))
        steps = {row[0]: row[1] for row in found}
    assert status == "succeeded"
    assert steps == dict.fromkeys(("one", "so", "two"), "succeeded")
    keys = [post.headers["idempotency-key"] for post in server.posts]
    assert len(set(keys)) == 2
    assert len(keys) <= 3
