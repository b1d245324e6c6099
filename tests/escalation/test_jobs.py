"""The job only looks: what it finds due it pages, and it says when to look again."""

from datetime import timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.core.escalation import NO_POLICY
from pagefree.escalation.jobs import JOBS
from pagefree.escalation.sweep import FEW, PATIENCE, escalate_due
from pagefree.infra.db import Channel, transaction
from pagefree.infra.queue import Context
from pagefree.tables.notifications import notifications
from tests.escalation.company import MINUTE, NOW, Company, policy, user


async def test_the_sweep_takes_all_that_is_due_and_says_when_the_next_is(
    committed: Company, fresh_engine: AsyncEngine
) -> None:
    async with transaction(fresh_engine) as tx:
        company = committed.on(tx)
        await company.incidents(policy([user(company.ana)], [user(company.bo)]), 1100)
    (job,) = JOBS

    async def run(after: timedelta) -> float | None:
        ctx = Context(fresh_engine, lambda: NOW + after, structlog.get_logger())
        return await job.work(ctx)

    early = await run(-MINUTE)
    first = await run(timedelta())
    idle = await run(MINUTE)
    second = await run(5 * MINUTE)
    last = await run(10 * MINUTE)

    assert (early, first, idle, second, last) == (60, 300, 240, 300, None)
    async with transaction(fresh_engine) as tx:
        causes = [row[0] for row in await tx.execute(select(notifications.c.cause))]
        assert {cause: causes.count(cause) for cause in set(causes)} == {
            "step 1": 1100,
            "step 2": 1100,
            "fallback": 1100,
        }


async def test_who_has_somebody_to_page_comes_before_a_storm_that_has_not(
    committed: Company, fresh_engine: AsyncEngine
) -> None:
    async with transaction(fresh_engine) as tx:
        company = committed.on(tx)
        storm = await company.incidents(NO_POLICY, FEW + 1)
        incident = await company.incident(policy([user(company.ana)]))
    (job,) = JOBS
    ctx = Context(fresh_engine, lambda: NOW, structlog.get_logger())

    assert await job.work(ctx) == 0  # more is due
    async with transaction(fresh_engine) as tx:
        paged = select(notifications.c.incident_id)
        assert [row[0] for row in await tx.execute(paged)] == [incident]

    assert await job.work(ctx) == 300
    async with transaction(fresh_engine) as tx:
        told = select(notifications.c.incident_id).where(
            notifications.c.incident_id.in_(storm)
        )
        assert {row[0] for row in await tx.execute(told)} == set(storm)


async def test_a_storm_that_has_waited_long_comes_along_a_few_at_a_time(
    committed: Company, fresh_engine: AsyncEngine
) -> None:
    async with transaction(fresh_engine) as tx:
        company = committed.on(tx)
        storm = set(await company.incidents(NO_POLICY, FEW + 1))
        incident = await company.incident(policy([user(company.ana)]))
    later = NOW + PATIENCE

    async with transaction(fresh_engine) as tx:
        assert await escalate_due(tx, later, 1, pages_first=True) == 1 + FEW
        paged = {
            row[0] for row in await tx.execute(select(notifications.c.incident_id))
        }
        assert incident in paged
        assert len(paged & storm) == FEW
        assert await escalate_due(tx, later, 1, pages_first=True) == 1


def test_the_sweep_is_woken_by_what_is_due_and_looks_every_second_anyway() -> None:
    (job,) = JOBS

    assert (job.wake, job.every_s) == (Channel.DUE, 1)
