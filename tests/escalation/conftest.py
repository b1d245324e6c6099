import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from pagefree.infra.db import transaction
from tests.escalation.company import Company, found_company


@pytest.fixture
async def company(tx: AsyncConnection) -> Company:
    """Seen inside the transaction of the test."""
    return await found_company(tx)


@pytest.fixture
async def committed(fresh_engine: AsyncEngine) -> Company:
    """For tests in which several connections must see it: use `on`."""
    async with transaction(fresh_engine) as tx:
        return await found_company(tx)
