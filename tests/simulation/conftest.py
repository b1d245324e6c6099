"""The world in which the stories happen."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from pagefree.accounts import service as accounts
from pagefree.alerts.requests import Source
from pagefree.infra.http import GuardedClient
from pagefree.infra.ids import new_id
from pagefree.tables.services import services
from tests.simulation.world import HOUR, START, World


@pytest.fixture
async def world(tx: AsyncConnection) -> AsyncIterator[World]:
    """Ana, Bo and Cy, the team Web and its service Shop."""
    team = await accounts.create_team(tx, "Web", "", START)
    service_id = new_id()
    await tx.execute(
        insert(services).values(
            id=service_id, team_id=team.id, name="Shop", created_at=START
        )
    )
    http = GuardedClient(["127.0.0.0/8"])
    world = World(tx, http, team.id, service_id)
    for name in ("ana", "bo", "cy"):
        await world.person(name)
    yield world
    await world.gateway().transports.aclose()


@pytest.fixture
async def source(world: World) -> Source:
    """An integration of the service Shop, which pages Ana."""
    policy = await world.set_own_policy(("ana", 24 * HOUR))
    return world.source(policy)
