"""Turns of a round robin, taken by several sweeps at once."""

import asyncio
from collections import Counter
from dataclasses import replace

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.core.escalation import Policy
from pagefree.escalation import service
from pagefree.infra.db import transaction
from pagefree.tables.escalation import escalation_policies, round_robin_turns
from pagefree.tables.notifications import notifications
from tests.escalation.company import NOW, Company, policy, user


def taking_turns(company: Company) -> Policy:
    people = policy([user(company.ana), user(company.bo), user(company.admin)])
    return replace(people, steps=(replace(people.steps[0], round_robin=True),))


async def test_sweepers_side_by_side_take_turns_fairly(
    committed: Company, fresh_engine: AsyncEngine
) -> None:
    fair = taking_turns(committed)
    async with transaction(fresh_engine) as tx:
        await tx.execute(
            insert(escalation_policies).values(
                id=fair.id, team_id=committed.team_id, name="Fair", created_at=NOW
            )
        )
        await committed.on(tx).incidents(fair, 300)

    async def sweep() -> None:
        for _ in range(40):  # a sweeper that finds nothing may only have come too early
            async with transaction(fresh_engine) as tx:
                await service.escalate_due(tx, NOW, limit=7)

    await asyncio.gather(*(sweep() for _ in range(4)))

    async with transaction(fresh_engine) as tx:
        users = await tx.execute(select(notifications.c.user_id))
        turns = await tx.execute(select(round_robin_turns.c.turn))
        paged, last = Counter(users.scalars()), sorted(turns.scalars())
    assert paged == dict.fromkeys((committed.ana, committed.bo, committed.admin), 100)
    assert last == [298, 299, 300]
