"""The ways out, and a server at their end."""

from collections.abc import AsyncIterator

import pytest

from pagefree.channels.base import Transports
from pagefree.infra.http import GuardedClient
from tests.fake_servers import WebServer, web_server


@pytest.fixture
async def ways() -> AsyncIterator[Transports]:
    """They reach this machine; there is no mail server."""
    http = GuardedClient(["127.0.0.0/8"])
    yield Transports(http, None)
    await http.aclose()


@pytest.fixture
async def web() -> AsyncIterator[WebServer]:
    """Answers what it is told to."""
    async with web_server() as server:
        yield server
