"""Whether a database is empty, and emptying it after a restore that came to nothing."""

from sqlalchemy import text

from pagefree.infra.db import Tx

SCHEMAS = """
SELECT n.nspname, count(*) AS tables FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v') AND n.nspname !~ '^pg_(catalog|toast|temp)'
    AND n.nspname <> 'information_schema'
GROUP BY 1
"""


async def count_tables(tx: Tx) -> int:
    """How many tables there are that PostgreSQL has not made for itself."""
    return sum(row.tables for row in await tx.execute(text(SCHEMAS)))


async def drop_everything(tx: Tx) -> None:
    """Leave the database as it was when it was made."""
    for row in (await tx.execute(text(SCHEMAS))).all():
        await tx.execute(text(f'DROP SCHEMA "{row.nspname}" CASCADE'))
    await tx.execute(text("CREATE SCHEMA public"))
