"""Do the migrations build what tables/ says? Compares two databases, column by column."""

import asyncio
import re
import sys
import tempfile
from pathlib import Path

import asyncpg
from sqlalchemy import MetaData

from pagefree.infra import migrate
from pagefree.infra.db import create_engine
from pagefree.infra.postgres import EmbeddedPostgres
from pagefree.tables import metadata

# Names and definitions as PostgreSQL itself words them; the order of columns is free.
# Of partitions only the key: they come and go.
CATALOGUE = """
SELECT format('column %s.%s %s%s%s', c.relname, a.attname,
           format_type(a.atttypid, a.atttypmod),
           CASE WHEN a.attnotnull THEN ' NOT NULL' END,
           concat(' ', a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid)))
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
  AND NOT c.relispartition AND c.relname <> 'alembic_version'
UNION ALL
SELECT format('constraint %s.%s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
  AND conrelid::regclass::text <> 'alembic_version'
  AND NOT (SELECT relispartition FROM pg_class WHERE oid = conrelid)
UNION ALL
SELECT 'index ' || indexdef FROM pg_indexes
WHERE schemaname = 'public' AND tablename <> 'alembic_version'
  AND NOT (SELECT relispartition FROM pg_class WHERE oid = tablename::regclass)
UNION ALL
SELECT format('options of %s: %s', relname, reloptions)
FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND reloptions IS NOT NULL
  AND NOT relispartition
UNION ALL
SELECT format('partitions of %s: %s', relname, pg_get_partkeydef(oid))
FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'p'
"""


def main() -> None:
    """Print what differs and fail, or say nothing."""
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres", fsync=False)
        url = server.start()
        try:
            lines = asyncio.run(differences(url, metadata))
        finally:
            server.stop()
    if lines:
        sys.exit("\n".join(["The migrations and tables/ differ:", *lines]))


async def differences(url: str, tables: MetaData) -> list[str]:
    """What only the migrations (-) or only `tables` (+) have; `url` is migrated."""
    await migrate.upgrade(url)
    declared_url = re.sub(r"/\w+\?", "/declared?", url, count=1)
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE DATABASE declared")
    try:
        engine = create_engine(declared_url)
        async with engine.begin() as tx:
            await tx.run_sync(tables.create_all)
        await engine.dispose()
        migrated, declared = await _catalogue(url), await _catalogue(declared_url)
    finally:
        await connection.execute("DROP DATABASE declared WITH (FORCE)")
        await connection.close()
    gone = [f"- {line}" for line in sorted(migrated - declared)]
    return gone + [f"+ {line}" for line in sorted(declared - migrated)]


async def _catalogue(url: str) -> set[str]:
    connection = await asyncpg.connect(url)
    try:
        return {row[0] for row in await connection.fetch(CATALOGUE)}
    finally:
        await connection.close()


if __name__ == "__main__":
    main()
