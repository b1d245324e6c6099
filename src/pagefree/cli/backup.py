"""`pagefree backup` and `pagefree restore`: all data in one file, and back into an empty database."""

import asyncio
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from pagefree.app import backup_queries
from pagefree.app.sealed import closed_columns
from pagefree.cli.installation import (
    database,
    migrate_database,
    one_transaction,
    own_database,
    prepare_data_dir,
    secret_keys,
)
from pagefree.cli.terminal import Refused, err, out, step
from pagefree.infra.clock import system_clock
from pagefree.infra.crypto import Vault
from pagefree.infra.db import create_engine
from pagefree.infra.postgres_programs import client_program
from pagefree.infra.settings import Settings
from pagefree.invariants import service as invariants

KEPT_APART = (
    "The secret key is not in it: keep PAGEFREE_SECRET_KEY, or secret.key of the data"
    " directory, elsewhere. Without it nothing that is sealed can be opened again."
)
# what time alone does to a backup: its work is due since it was made
OF_TIME = frozenset({"I-5"})


def backup(settings: Settings, file: Path) -> None:
    """Write all data to `file`, as they are at one moment, while everything goes on."""
    if file.exists():
        raise Refused(f"{file} is there already: name another one, or remove it.")
    part = file.with_name(f"{file.name}.part")
    with database(settings) as url, step("Writing the backup"):
        try:
            # nobody else may read it: made before, with what only we may do
            part.touch(mode=0o600)
            _run("pg_dump", settings.database_direct_url or url, _dump_to(part))
            part.rename(file)
        except OSError as e:
            raise Refused(f"{file} cannot be written: {e.strerror}.") from e
        finally:
            part.unlink(missing_ok=True)
    out.print(f"{file}: {file.stat().st_size / 1024**2:.1f} MiB", markup=False)
    out.print(KEPT_APART)


def restore(settings: Settings, file: Path) -> None:
    """Bring the data of `file` into a database that has none, and check what must be true."""
    if not file.is_file():
        raise Refused(f"{file} is not a file.")
    if not settings.database_url:
        prepare_data_dir(settings)
    vault = Vault(*secret_keys(settings, make=False))
    with own_database(settings) as configured:
        url = settings.database_direct_url or configured
        asyncio.run(_require_empty(url))
        with step("Reading the backup"):
            _run("pg_restore", url, [*RESTORE, str(file)])
        migrate_database(
            url
        )  # what a backup of an older release lacks can be asked for
        asyncio.run(_require_key(url, vault))
        with step("Checking what must always be true"):
            broken = asyncio.run(_broken(url))
    for sentence in broken:
        err.print(sentence, style="red", markup=False)
    if broken:
        raise Refused("The backup is restored, but not everything holds that must.")
    out.print("Restored; everything holds that must.")


RESTORE = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")


def _dump_to(file: Path) -> Sequence[str]:
    return "--format=custom", "--no-owner", "--no-privileges", "--file", str(file)


def _run(program: str, url: str, options: Sequence[str]) -> None:
    """Run a program of PostgreSQL; the password is not among what others see of processes."""
    address, password = _apart(url)
    done = subprocess.run(  # noqa: S603 -- a program of PostgreSQL, arguments of our own
        [str(client_program(program)), "--dbname", address, *options],
        env={**os.environ, **({"PGPASSWORD": password} if password else {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no output"]
        raise Refused(f"{program} failed: {lines[0]}")


def _apart(url: str) -> tuple[str, str]:
    """The address without its password, and the password."""
    parts = urlsplit(url)
    auth, at, named = parts.netloc.rpartition("@")
    user, _, password = auth.partition(":")
    return urlunsplit(parts._replace(netloc=f"{user}{at}{named}")), unquote(password)


async def _require_empty(url: str) -> None:
    async with one_transaction(url) as tx:
        count = await backup_queries.count_tables(tx)
    if count:
        raise Refused(
            f"The database has {count} tables already, and nothing is overwritten: create an"
            " empty one and name it in PAGEFREE_DATABASE_URL, or choose another data directory."
        )


async def _require_key(url: str, vault: Vault) -> None:
    """Whether the key opens all that was restored; else nothing of it stays. Raises Refused."""
    engine = create_engine(url, pool_size=1)
    try:
        closed = await closed_columns(engine, vault)
    finally:
        await engine.dispose()
    if not closed:
        return
    async with one_transaction(url) as tx:
        await backup_queries.drop_everything(tx)
    where = ", ".join(f"{count} in {name}" for name, count in closed.items())
    raise Refused(
        "The secret key is not the one that the backup was sealed with, so nothing was"
        " restored: bring back PAGEFREE_SECRET_KEY, or secret.key in the data directory."
        f" Secrets that it does not open: {where}. If they were sealed with an older key,"
        " add that to PAGEFREE_OTHER_SECRET_KEYS."
    )


async def _broken(url: str) -> list[str]:
    async with one_transaction(url) as tx:
        found = await invariants.list_violations(tx, system_clock())
    return [
        f"{one.promise} is broken by {one.id}: {one.says}"
        for one in found
        if one.promise not in OF_TIME
    ]
