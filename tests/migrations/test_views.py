"""People from whom a team is hidden go on reading while the schema changes."""

import asyncpg
import pytest

from pagefree.infra import migrate
from pagefree.infra.seen_views import SCHEMA

VIEWS = "SELECT count(*) FROM pg_views WHERE schemaname = $1"
# 0021 is done again, 0022 cannot be
TWO_BACK = """
UPDATE alembic_version SET version_num = '0019';
DROP TABLE canary, canary_runs CASCADE
"""


async def test_what_they_read_is_there_between_two_revisions(own_database: str) -> None:
    people = await asyncpg.connect(own_database)
    before = await people.fetchval(VIEWS, SCHEMA)
    await people.execute(TWO_BACK)

    with pytest.raises(Exception, match="already exists"):
        await migrate.upgrade(own_database)

    assert await people.fetchval("SELECT version_num FROM alembic_version") == "0021"
    assert await people.fetchval(VIEWS, SCHEMA) == before > 0
    await people.close()
