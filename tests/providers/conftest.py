"""The ways out, and a fake provider at their end."""

from collections.abc import AsyncIterator

import pytest

from pagefree.channels.base import Transports
from pagefree.infra.http import GuardedClient
from tests.fakes.every import EVERY
from tests.fakes.provider import Provider
from tests.providers.pages import NOW


@pytest.fixture
async def ways() -> AsyncIterator[Transports]:
    """They reach this machine; there is no mail server."""
    http = GuardedClient(["127.0.0.0/8"])
    yield Transports(http, None)
    await http.aclose()


@pytest.fixture
async def provider(kind: str) -> AsyncIterator[Provider]:
    """That of the channel which the test is about; what it is sent must be well formed."""
    fake = EVERY[kind]()
    fake.clock = lambda: NOW
    async with fake.started():
        yield fake
    assert fake.complaints == []
