"""Streaming entries out: signed, in order, from where it stopped, and never in the way."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine
from standardwebhooks import Webhook

from pagefree.audit import sealing, streaming
from pagefree.audit import setting_queries as settings
from pagefree.audit.service import Note, note
from pagefree.audit.streaming import To
from pagefree.core.errors import Invalid
from pagefree.infra.crypto import Vault
from pagefree.infra.db import transaction
from pagefree.infra.http import GuardedClient
from pagefree.infra.queue import Context
from tests.fake_servers import WebServer, web_server
from tests.fakes.syslog import authority, over_tcp, over_udp

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
VAULT = Vault("a key for tests, long enough to be one")
HTTP = GuardedClient(["127.0.0.0/8"])


class Worker:
    """One that seals and streams, at a time of the test's."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.now = NOW

    async def happen(self, *names: str, data: dict[str, object] | None = None) -> None:
        for name in names:
            what = Note("test.done", "test", object_name=name, data=data or {})
            async with transaction(self.engine) as tx:
                await note(tx, what, self.now)
        for _ in range(2):  # the first makes the chain
            async with transaction(self.engine) as tx:
                await sealing.seal_waiting(tx, VAULT, self.now)

    async def start(self, kind: str, address: str) -> str | None:
        async with transaction(self.engine) as tx:
            to = To(kind, address)
            return await streaming.start(tx, to, VAULT, self.now, from_now=True)

    async def stream(self) -> int:
        ctx = Context(self.engine, lambda: self.now, structlog.get_logger())
        return await streaming.send_next(ctx, HTTP, VAULT)

    async def state(self) -> settings.Stream:
        async with transaction(self.engine) as tx:
            return await settings.get_stream(tx)


@pytest.fixture
def worker(fresh_engine: AsyncEngine) -> Worker:
    return Worker(fresh_engine)


def names_in(server: WebServer) -> list[str]:
    bodies = [json.loads(post.body)["data"] for post in server.posts]
    return [one["object_name"] for body in bodies for one in body]


async def test_nothing_is_streamed_unless_somebody_says_where(worker: Worker) -> None:
    await worker.happen("a")
    assert await worker.stream() == 0


async def test_a_webhook_gets_signed_entries_in_order(worker: Worker) -> None:
    async with web_server() as server:
        await worker.happen("before")
        secret = await worker.start("webhook", server.url)
        await worker.happen("a", "b")
        await worker.stream()
        assert await worker.stream() == 0

    assert [n for n in names_in(server) if n] == ["a", "b"]
    (post,) = server.posts
    at = datetime.fromtimestamp(int(post.headers["webhook-timestamp"]), UTC)
    signed = Webhook(secret or "").sign(
        post.headers["webhook-id"], at, post.body.decode()
    )
    assert post.headers["webhook-signature"] == signed


async def test_what_was_not_taken_is_sent_again_later(worker: Worker) -> None:
    async with web_server() as server:
        server.status = 500
        await worker.start("webhook", server.url)
        await worker.happen("a")
        assert await worker.stream() == 0
        assert await worker.stream() == 0  # not before it is due
        assert len(server.posts) == 1
        assert (await worker.state()).error == "it answered 500"

        server.status = 200
        worker.now += timedelta(seconds=2)
        await worker.stream()

    first, second = server.posts
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert (await worker.state()).error is None


async def test_syslog_over_tcp_counts_octets(worker: Worker) -> None:
    async with over_tcp() as server:
        await worker.start("syslog", server.address)
        await worker.happen("a", "b")
        sent = await worker.stream()
        said = [await server.entry() for _ in range(sent)]

    assert {"a", "b"} <= {one["object_name"] for one in said}
    numbers = [one["seq"] for one in said]
    assert numbers == sorted(numbers)


async def test_syslog_over_udp_is_a_datagram_an_entry(worker: Worker) -> None:
    async with over_udp() as server:
        await worker.start("syslog", server.address)
        await worker.happen("a")
        sent = await worker.stream()
        message = (await server.messages.get()).decode()

    assert sent > 0
    assert message.startswith("<110>1 2026-")
    assert " pagefree - audit - {" in message


async def test_what_no_datagram_holds_is_sent_without_what_it_changed(
    worker: Worker,
) -> None:
    async with over_udp() as server:
        await worker.start("syslog", server.address)
        await worker.happen("x", data={"text": "y" * 70_000})
        sent = await worker.stream()
        said = [await server.entry() for _ in range(sent)]

    (one,) = [one for one in said if one["object_name"] == "x"]
    assert one["shortened"] is True
    assert one["hash"]
    assert "data" not in one


async def test_syslog_over_tls_trusts_who_the_machine_trusts(
    worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    async with over_tcp(made.context) as server:
        await worker.start("syslog", server.address)
        await worker.happen("a")
        sent = await worker.stream()
        said = [await server.entry() for _ in range(sent)]

    assert "a" in {one["object_name"] for one in said}
    assert (await worker.state()).error is None


async def test_a_certificate_that_nobody_vouches_for_is_told_to_admins(
    worker: Worker, tmp_path: Path
) -> None:
    async with over_tcp(authority(tmp_path).context) as server:
        await worker.start("syslog", server.address)
        await worker.happen("a")

        assert await worker.stream() == 0

    error = (await worker.state()).error or ""
    assert error.startswith("its certificate is refused: ")
    assert server.messages.empty()


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("webhook", "ftp://example.org"),
        ("webhook", "https://"),
        ("syslog", "https://example.org:1"),
        ("syslog", "tls://example.org"),
        ("syslog", "tcp://example.org:many"),
    ],
)
async def test_an_address_that_leads_nowhere_is_refused(
    worker: Worker, kind: str, address: str
) -> None:
    with pytest.raises(Invalid):
        await worker.start(kind, address)
