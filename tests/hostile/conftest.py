"""The real server as its own process, and a database with one of everything in it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.app.web import Deps, create_app
from pagefree.infra.crypto import Vault
from pagefree.infra.db import create_engine
from tests.api import test_access_matrix as matrix
from tests.api.conftest import BASE_URL, CHEAP, TestClock
from tests.conftest import _copy
from tests.crash.installation import answers
from tests.programs import BIN, Program, free_port

SECRET_KEY = "a secret key that is only for tests"

stage = matrix.stage  # one of everything that a team owns, and who may ask for it


@dataclass(frozen=True, slots=True)
class Server:
    """`pagefree web`, and where it listens."""

    port: int
    program: Program

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture(scope="module")
async def module_database(postgres: str, template: str) -> AsyncIterator[str]:
    """One database for all tests of a file."""
    async with _copy(postgres, template) as url:
        yield url


@pytest.fixture(scope="module")
async def api_engine(module_database: str) -> AsyncIterator[AsyncEngine]:
    """Connections to it."""
    engine = create_engine(module_database)
    yield engine
    await engine.dispose()


@pytest.fixture(scope="module")
def shared_app(api_engine: AsyncEngine) -> FastAPI:
    """The app in process, which sets the stage."""
    return create_app(
        Deps(
            engine=api_engine,
            clock=TestClock(),
            vault=Vault(SECRET_KEY),
            passwords=CHEAP,
            base_url=BASE_URL,
        )
    )


@pytest.fixture(scope="module")
def server_settings() -> dict[str, str]:
    """Variables of the server's environment; a file may have its own."""
    return {}


@pytest.fixture(scope="module")
async def server(
    module_database: str,
    server_settings: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Server]:
    """The real program, answering."""
    port = free_port()
    folder: Path = tmp_path_factory.mktemp("hostile")
    variables = {
        "PAGEFREE_DATABASE_URL": module_database,
        "PAGEFREE_SECRET_KEY": SECRET_KEY,
        "PAGEFREE_PORT": str(port),
        "PAGEFREE_LOG_FORMAT": "json",
        **server_settings,
    }
    program = Program((BIN / "pagefree", "web"), folder, "web", variables)
    program.start()
    try:
        await program.wait_for("PageFree is at")  # fails at once if it cannot
        running = Server(port, program)
        await answers(running.address)
        yield running
    finally:
        program.kill()
