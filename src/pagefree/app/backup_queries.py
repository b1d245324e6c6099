"""Whether a database is empty, and emptying it after a restore that came to nothing."""

from sqlalchemy import select, text

from pagefree.infra.db import Tx
from pagefree.tables.channels import channel_configs

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


async def sealed_channels(tx: Tx) -> list[tuple[str, bytes]]:
    """The sealed credentials of channels, with which channel's they are."""
    columns = channel_configs.c
    query = select(columns.channel, columns.sealed).where(columns.sealed.is_not(None))
    return [(row.channel, row.sealed) for row in await tx.execute(query)]
