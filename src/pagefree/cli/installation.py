"""What a command works on: the settings, the secret key, and a database that is ready."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg

from pagefree.cli.terminal import Refused, step
from pagefree.infra import migrate
from pagefree.infra.connecting import NOT_THIS_ONE, connect
from pagefree.infra.db import Tx, create_engine, transaction
from pagefree.infra.postgres import EmbeddedPostgres, running_url
from pagefree.infra.settings import Settings

OLDEST_POSTGRES = 16
KEY_FILE = "secret.key"
DATABASE_FOLDER = "postgres"
CONNECT_S = 5


class NoDatabase(Refused):
    """PostgreSQL does not answer at the moment."""


def prepare_data_dir(settings: Settings) -> None:
    """Make the data directory, readable by its owner only. Raises Refused."""
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o711)
        probe = folder / f".write-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as e:
        raise Refused(
            f"PAGEFREE_DATA_DIR is {folder.absolute()}, where PageFree cannot write"
            f" ({e.strerror}): make it writable for this user, or choose another folder."
        ) from e


def secret_keys(settings: Settings, *, make: bool) -> tuple[str, ...]:
    """The key of the settings or of the data directory, made there if `make`.

    After it come the keys that also open what is sealed. Raises Refused.
    """
    others = [key.get_secret_value() for key in settings.other_secret_keys]
    if settings.secret_key:
        # as it was given, line breaks and all: what is sealed would not open else
        return (settings.secret_key.get_secret_value(), *others)
    path = settings.data_dir / KEY_FILE
    if path.exists():
        return (*_read_keys(path), *others)
    if not make:
        raise Refused(
            "PAGEFREE_SECRET_KEY is not set: all processes of an installation need the same"
            " one, at least 32 random characters (`openssl rand -hex 32` makes some)."
        )
    return (_make_key(path), *others)


def _read_keys(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text().splitlines() if line.strip()]
    except OSError as e:
        raise Refused(
            f"{path.absolute()} cannot be read ({e.strerror}): run PageFree as the user who owns it."
        ) from e


def _make_key(path: Path) -> str:
    key = secrets.token_urlsafe(48)
    with open(
        path, "x", opener=lambda name, flags: os.open(name, flags, mode=0o600)
    ) as file:
        file.write(key + "\n")
    return key


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The URL of the database: configured, running already, or started for the block.

    Raises Refused and PostgresError.
    """
    url = shared_database(settings)
    if url:
        yield url
    else:
        with own_database(settings) as url:
            yield url


@contextmanager
def own_database(settings: Settings) -> Iterator[str]:
    """The configured database, or an embedded one that nobody else may use meanwhile.

    Raises Refused and PostgresError.
    """
    if settings.database_url:
        asyncio.run(check(settings.database_url))
        yield settings.database_url
        return
    server = EmbeddedPostgres(embedded_folder(settings))
    with step("Starting PostgreSQL"):
        url = server.start()
    try:
        yield url
    finally:
        server.stop()


def shared_database(settings: Settings) -> str | None:
    """The URL of a database that runs without us, checked; none if there is none."""
    if settings.database_url:
        asyncio.run(check(settings.database_url))
        return settings.database_url
    return running_url(embedded_folder(settings))


def embedded_folder(settings: Settings) -> Path:
    """Where the embedded PostgreSQL keeps its data."""
    return settings.data_dir / DATABASE_FOLDER


def migrate_database(url: str) -> None:
    """Bring the database to the newest schema, saying so."""
    with step("Migrating the database"):
        asyncio.run(migrate.upgrade(url))


@asynccontextmanager
async def one_transaction(url: str) -> AsyncIterator[Tx]:
    """A transaction on a connection made for it."""
    engine = create_engine(url, pool_size=1)
    try:
        async with transaction(engine) as tx:
            yield tx
    finally:
        await engine.dispose()


async def check(url: str) -> None:
    """Whether the database can be used. Raises Refused, saying what to put right."""
    try:
        connection = await connect(url, timeout_s=CONNECT_S)
    except NOT_THIS_ONE as e:
        raise NoDatabase(
            f"PAGEFREE_DATABASE_URL: PostgreSQL cannot be reached ({_reason(e)}):"
            " start it, or correct the address."
        ) from e
    except (asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as e:
        raise Refused(
            f"PAGEFREE_DATABASE_URL: PostgreSQL refuses the connection ({e}):"
            " correct the user, the password or the name of the database."
        ) from e
    try:
        version = connection.get_server_version()
    finally:
        await connection.close()
    if version.major < OLDEST_POSTGRES:
        raise Refused(
            f"PAGEFREE_DATABASE_URL: the server is PostgreSQL {version.major};"
            f" PageFree needs {OLDEST_POSTGRES} or newer."
        )


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"no answer within {CONNECT_S} s"
    return str(error) or type(error).__name__
