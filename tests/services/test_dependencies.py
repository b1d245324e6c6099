"""Dependencies that many people edit at once, on real connections."""

import asyncio
import random
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.core.access import Actor
from pagefree.core.dependencies import graph_of, upstream
from pagefree.core.errors import Conflict
from pagefree.infra.db import transaction
from pagefree.infra.ids import new_id
from pagefree.services import alert_setting_queries, alert_settings
from pagefree.tables.accounts import teams, users
from pagefree.tables.services import services

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
EDITS = 50


async def some_services(engine: AsyncEngine, count: int) -> tuple[Actor, list[UUID]]:
    """A platform admin, and services of one team."""
    team_id, user_id, ids = new_id(), new_id(), [new_id() for _ in range(count)]
    async with transaction(engine) as tx:
        person = {"id": user_id, "email": "ana@example.org", "name": "Ana"}
        await tx.execute(insert(users).values(**person, created_at=NOW))
        await tx.execute(insert(teams).values(id=team_id, name="Web", created_at=NOW))
        rows = [
            {"id": one, "team_id": team_id, "name": f"S{at}", "created_at": NOW}
            for at, one in enumerate(ids)
        ]
        await tx.execute(insert(services), rows)
    return Actor(user_id, "Ana", platform_admin=True), ids


async def test_fifty_edits_at_once_never_make_a_cycle(
    fresh_engine: AsyncEngine,
) -> None:
    actor, ids = await some_services(fresh_engine, 8)
    dice = random.Random(7)

    async def edit() -> bool:
        down, *above = dice.sample(ids, 3)
        try:
            async with transaction(fresh_engine) as tx:
                await alert_settings.put_dependencies(tx, down, above, actor, NOW)
        except Conflict:
            return False
        return True

    saved = await asyncio.gather(*(edit() for _ in range(EDITS)))

    async with transaction(fresh_engine) as tx:
        graph = graph_of(await alert_setting_queries.list_dependencies(tx))
    assert graph
    assert all(one not in upstream(graph, one) for one in graph)
    # both happened, else nothing was tried
    assert True in saved
    assert False in saved


async def test_of_two_edits_that_close_a_circle_one_is_refused(
    fresh_engine: AsyncEngine,
) -> None:
    actor, (first, second) = await some_services(fresh_engine, 2)

    async def depend(down: UUID, above: UUID) -> str:
        try:
            async with transaction(fresh_engine) as tx:
                await alert_settings.put_dependencies(tx, down, [above], actor, NOW)
        except Conflict:
            return "refused"
        return "saved"

    answers = await asyncio.gather(depend(first, second), depend(second, first))

    assert sorted(answers) == ["refused", "saved"]
