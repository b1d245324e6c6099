"""A PostgreSQL, and a replica that follows it."""

import os
import subprocess
from pathlib import Path
from urllib.parse import urlencode

import asyncpg

from pagefree.infra.postgres import DATABASE, EmbeddedPostgres
from pagefree.infra.postgres_programs import SUPERUSER, client_program

SLOT = "replica"


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


async def promote(url: str) -> None:
    """Make the replica the primary."""
    connection = await asyncpg.connect(url)
    try:
        assert await connection.fetchval("SELECT pg_promote(true, 60)")
    finally:
        await connection.close()
