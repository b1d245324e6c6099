"""An installation in parts, on a database that outlives them."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.infra.db import create_engine
from tests.crash.installation import Installation, started


@pytest.fixture
async def engine(fresh_database: str) -> AsyncIterator[AsyncEngine]:
    """Connections to the database of this test."""
    engine = create_engine(fresh_database, pool_size=2)
    yield engine
    await engine.dispose()


@pytest.fixture
async def installation(
    fresh_database: str, engine: AsyncEngine, tmp_path: Path
) -> AsyncIterator[Installation]:
    """One web process, one worker, and the key that events are sent with."""
    async with AsyncExitStack() as stack:
        yield await stack.enter_async_context(started(fresh_database, engine, tmp_path))
