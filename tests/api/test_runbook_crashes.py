"""A worker that dies at every boundary there is: nothing runs twice, nothing hangs.

A boundary is the beginning or the commit of a transaction, and a request before and after
the target has acted on it. They are counted in a run that nobody disturbs, then a run dies
at each of them.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.infra.db import create_engine, transaction
from pagefree.runbooks import lane, run_queries
from tests.api.automation import Automation, automation_of
from tests.api.conftest import Api
from tests.fakes.awx import Awx
from tests.fakes.github import GitHub
from tests.fakes.gitlab import GitLab
from tests.fakes.http_server import Answer, Asked, Handle
from tests.fakes.rundeck import Rundeck
from tests.fakes.runner import Runner

ROUNDS = 14  # of a minute: the lease is three
LEAST_BOUNDARIES = 8
DONE: dict[str, dict[str, object]] = {
    "jobs": {"status": "successful"},
    "executions": {"status": "succeeded"},
    "runs": {"status": "completed", "conclusion": "success"},
    "pipelines": {"status": "success"},
}


class Died(Exception):
    """The process is gone."""


@dataclass(slots=True)
class Death:
    """Comes at one boundary, once."""

    at: int | None = None  # none: never
    crossed: list[str] = field(default_factory=list)

    def comes(self, boundary: str) -> bool:
        self.crossed.append(boundary)
        return len(self.crossed) - 1 == self.at


@pytest.fixture
async def automation(api: Api) -> AsyncIterator[Automation]:
    async with automation_of(api) as made:
        yield made


@pytest.fixture
async def mortal(api_database: str) -> AsyncIterator[AsyncEngine]:
    """Connections of the worker that dies."""
    engine = create_engine(api_database)
    yield engine
    await engine.dispose()


@dataclass(slots=True)
class Worker:
    """Works on one run until it dies, and is started again."""

    automation: Automation
    engine: AsyncEngine
    death: Death = field(default_factory=Death)
    task: asyncio.Task[None] | None = None

    def watch(self) -> None:
        """See every transaction begin and end."""

        def begins(_: object) -> None:
            if self.death.comes("begin"):
                raise Died

        def commits(_: object) -> None:
            if self.death.comes("commit"):
                raise Died

        event.listen(self.engine.sync_engine, "begin", begins)
        event.listen(self.engine.sync_engine, "commit", commits)

    def between(self, handle: Handle) -> Handle:
        """The target, at whose requests the worker may die."""

        def handled(asked: Asked) -> Answer:
            if self.task is None:
                return handle(asked)
            if self.death.comes(f"{asked.method} arrives"):
                self.task.cancel()
                return Answer(lost=True)
            answer = handle(asked)
            if self.death.comes(f"{asked.method} was acted upon"):
                self.task.cancel()
                return Answer(lost=True)
            return answer

        return handled

    async def round(self) -> None:
        """One look at what is due."""
        means = replace(self.automation.means, engine=self.engine)
        async with transaction(self.automation.api.engine) as tx:
            now = self.automation.api.clock()
            ids = await run_queries.claim_due(tx, now, lane.LEASE, lane.AT_ONCE)
        for run_id in ids:
            self.task = asyncio.create_task(lane.work(means, run_id))
            await asyncio.gather(self.task, return_exceptions=True)
            if self.task.cancelled() or isinstance(self.task.exception(), Died):
                continue
            self.task.result()
        self.task = None


FAKES: dict[str, tuple[type[Any], str]] = {
    "awx": (Awx, "jobs"),
    "rundeck": (Rundeck, "executions"),
    "github_actions": (GitHub, "runs"),
    "gitlab": (GitLab, "pipelines"),
}


@pytest.mark.parametrize("kind", list(FAKES))
async def test_a_worker_may_die_anywhere_where_the_target_can_be_asked(
    automation: Automation, mortal: AsyncEngine, kind: str
) -> None:
    made, where = FAKES[kind]
    fake = made()
    worker = Worker(automation, mortal)
    worker.watch()
    await automation.connect(kind, worker.between(fake.handle))
    runbook_id = await automation.approved(kind, timeout_s=3600)

    async def lived(death: Death) -> tuple[str, int]:
        worker.death = death
        before = fake.launches
        run_id = await automation.start(runbook_id)
        for _ in range(ROUNDS):
            await worker.round()
            for run in getattr(fake, where).values():
                run.update(DONE[where])
            if (await automation.run(run_id))["finished_at"]:
                break
            automation.api.clock.now += lane.LEASE / 3
        return (await automation.run(run_id))["state"], fake.launches - before

    undisturbed = Death()
    assert await lived(undisturbed) == ("succeeded", 1)
    assert len(undisturbed.crossed) >= LEAST_BOUNDARIES
    ends = {
        f"{at} {boundary}": await lived(Death(at))
        for at, boundary in enumerate(undisturbed.crossed)
    }

    # nothing is launched twice; what was launched is found again and has worked; a run is
    # unknown only where the worker died between writing down that it launches and doing so
    assert {launches for _, launches in ends.values()} <= {0, 1}, ends
    assert {state for state, launches in ends.values() if launches} == {"succeeded"}, (
        ends
    )
    assert {state for state, launches in ends.values() if not launches} <= {"unknown"}


async def test_a_worker_may_die_anywhere_where_the_runner_has_to_call_back(
    automation: Automation, mortal: AsyncEngine
) -> None:
    fake = Runner(automation.api.clock())
    worker = Worker(automation, mortal)
    worker.watch()
    await automation.connect("webhook", worker.between(fake.handle))
    runbook_id = await automation.approved("webhook", timeout_s=3600)

    async def lived(death: Death) -> tuple[str, int]:
        worker.death = death
        before = len(fake.orders)
        run_id = await automation.start(runbook_id)
        for _ in range(ROUNDS):
            await worker.round()
            for order in fake.orders[before:]:
                token = order["callback"]["token"]
                await automation.call_back(run_id, token, state="succeeded")
            if (await automation.run(run_id))["finished_at"]:
                break
            automation.api.clock.now += lane.LEASE / 3
        return (await automation.run(run_id))["state"], len(fake.orders) - before

    undisturbed = Death()
    assert await lived(undisturbed) == ("succeeded", 1)
    ends = {
        f"{at} {boundary}": await lived(Death(at))
        for at, boundary in enumerate(undisturbed.crossed)
    }

    assert {launches for _, launches in ends.values()} <= {0, 1}, ends
    # the runner itself says how it ended, whoever has died
    assert {state for state, launches in ends.values() if launches} == {"succeeded"}, (
        ends
    )
    assert {state for state, launches in ends.values() if not launches} <= {"unknown"}
