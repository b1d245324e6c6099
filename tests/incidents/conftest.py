import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from pagefree.infra.db import transaction
from tests.incidents.scene import Scene, set_scene


@pytest.fixture
async def scene(tx: AsyncConnection) -> Scene:
    """Seen inside the transaction of the test."""
    return await set_scene(tx)


@pytest.fixture
async def committed(fresh_engine: AsyncEngine) -> Scene:
    """For tests in which several connections must see it."""
    async with transaction(fresh_engine) as tx:
        return await set_scene(tx)
