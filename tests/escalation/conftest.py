from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from pagefree.infra.db import create_engine, transaction
from tests.escalation.company import Company, found_company


@pytest.fixture
async def company(tx: AsyncConnection) -> Company:
    """Seen inside the transaction of the test."""
    return await found_company(tx)


@pytest.fixture
async def fresh_engine(fresh_database: str) -> AsyncIterator[AsyncEngine]:
    """Connections to a database of the test's own, for real commits."""
    engine = create_engine(fresh_database)
    yield engine
    await engine.dispose()


@pytest.fixture
async def committed(fresh_engine: AsyncEngine) -> Company:
    """For tests in which several connections must see it: use `on`."""
    async with transaction(fresh_engine) as tx:
        return await found_company(tx)
