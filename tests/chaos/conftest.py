"""Databases of their own, for what really commits and really dies."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.infra.db import create_engine
from tests.chaos.proxy import Weather
from tests.chaos.standing import Standing, standing


@pytest.fixture
async def engine(fresh_database: str) -> AsyncIterator[AsyncEngine]:
    """Connections to the database of this test."""
    engine = create_engine(fresh_database, pool_size=3)
    yield engine
    await engine.dispose()


@pytest.fixture(scope="session")
async def shared_standing(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Standing]:
    """An installation on a database that a test may kill."""
    async with standing(tmp_path_factory.mktemp("standing")) as made:
        yield made


@pytest.fixture
async def installation(shared_standing: Standing) -> AsyncIterator[Standing]:
    """The same for all: what one test has broken works again, or the next one fails."""
    yield shared_standing
    shared_standing.network.change(Weather())
    await shared_standing.end_others()
