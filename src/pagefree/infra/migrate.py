"""Bringing a database to the newest schema."""

from functools import partial
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from pagefree import migrations
from pagefree.infra.connecting import connect

CONNECT_S = 60  # as long as the driver waits by itself
MIGRATION_LOCK = 7_233_120  # any constant: two processes must not migrate at once
# waiting longer for a lock would queue everybody else behind us
PATIENCE = "SET lock_timeout = '4s'", "SET statement_timeout = '5s'"


def config(connection: Connection) -> Config:
    """Alembic's configuration for an open connection."""
    made = Config()
    made.set_main_option("script_location", str(Path(migrations.__file__).parent))
    made.attributes["connection"] = connection
    return made


async def upgrade(database_url: str, revision: str = "head") -> None:
    """Apply every migration up to `revision` that is missing; waits while another process does so.

    Each in a transaction of its own, so that a lock is held for one of them only: one that
    fails is undone, and those before it stay, which the old code can live with.
    """
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=partial(connect, database_url, timeout_s=CONNECT_S),
        poolclass=NullPool,
    )
    try:
        async with engine.connect() as connection:
            # of the session: it ends with the connection, whatever happens
            await connection.execute(
                text("SELECT pg_advisory_lock(:lock)"), {"lock": MIGRATION_LOCK}
            )
            for statement in PATIENCE:
                await connection.execute(text(statement))
            await connection.commit()
            await connection.run_sync(
                lambda sync: command.upgrade(config(sync), revision)
            )
            await connection.commit()
    finally:
        await engine.dispose()
