"""A PostgreSQL, and a replica that follows it."""

import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode

import asyncpg
import psutil

from pagefree.infra.postgres import DATABASE, EmbeddedPostgres
from pagefree.infra.postgres_programs import SUPERUSER, client_program
from tests.programs import eventually

SLOT = "replica"
PATIENCE_S = 60


def copy_of(primary_url: str, folder: Path) -> EmbeddedPostgres:
    """A server that replays what the primary writes, once it is started."""
    folder.mkdir(mode=0o700)
    command = [
        *(str(client_program("pg_basebackup")), "--dbname", primary_url),
        *("--pgdata", str(folder), "--write-recovery-conf", "--checkpoint=fast"),
        *("--create-slot", "--slot", SLOT, "--no-sync"),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return EmbeddedPostgres(folder, fsync=False)


def owned_as(folder: Path, other: Path) -> None:
    """Give everything in `folder` to whom `other` belongs: where we are root, not to root."""
    owner = other.stat()
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid)


def both(first_url: str, second_url: str) -> str:
    """One address that names two servers."""
    folders = ",".join(url.split("host=")[1] for url in (first_url, second_url))
    query = urlencode({"host": folders}, safe="/,")
    return f"postgresql://{SUPERUSER}@/{DATABASE}?{query}"


async def wait_for_replicas(primary_url: str) -> None:
    """From now on the primary commits nothing that no replica has."""
    await _configure(primary_url, "synchronous_standby_names", "*")


async def cut_off(primary_url: str, replica_url: str) -> None:
    """Once it has all that the primary has written, the replica hears nothing more."""
    async with _connected(primary_url) as primary, _connected(replica_url) as replica:

        async def has_it_all() -> bool:
            written = await primary.fetchval("SELECT pg_current_wal_lsn()::text")
            behind = (
                "SELECT pg_wal_lsn_diff($1::text::pg_lsn, pg_last_wal_receive_lsn())"
            )
            return bool(await replica.fetchval(behind, written) <= 0)

        async def is_alone() -> bool:
            return not await replica.fetchval(
                "SELECT count(*) FROM pg_stat_wal_receiver"
            )

        await eventually(has_it_all, PATIENCE_S)
        await _configure(replica_url, "primary_conninfo", "")
        await eventually(is_alone, PATIENCE_S)


def kill(server: EmbeddedPostgres) -> None:
    """It ends, and sends nobody what it has left."""
    pid = (server.data_dir / "postmaster.pid").read_text().split("\n")[0]
    postmaster = psutil.Process(int(pid))
    processes = [postmaster, *postmaster.children(recursive=True)]
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes, PATIENCE_S)


async def _configure(url: str, name: str, value: str) -> None:
    async with _connected(url) as connection:
        await connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        await connection.execute("SELECT pg_reload_conf()")


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def promote(url: str) -> None:
    """Make the replica the primary."""
    async with _connected(url) as connection:
        assert await connection.fetchval("SELECT pg_promote(true, 60)")
