from collections.abc import AsyncIterator

import pytest

from tests.ingest.scene import Scene, opened


@pytest.fixture
async def scene(fresh_database: str) -> AsyncIterator[Scene]:
    """Ingest on a database of the test's own."""
    async with opened(fresh_database) as scene:
        yield scene
