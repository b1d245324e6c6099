"""Names that lead nowhere, certificates that prove nothing, answers without end, clocks that jump."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from pagefree.channels.base import Receipt
from pagefree.core.routing import Urgency
from pagefree.infra.http import GuardedClient, Resolve
from pagefree.infra.ids import new_id
from pagefree.invariants.service import list_violations
from pagefree.notifications import delivery, receipts
from tests.certificates import certificate
from tests.fake_servers import WebServer
from tests.fakes.every import EVERY
from tests.fakes.webhook import Receiver
from tests.simulation.world import HOUR, MINUTE, World

SECOND = timedelta(seconds=1)
AT_ONCE = timedelta(0)
DAY = timedelta(days=1)
NAME = "hooks.test"
LOCAL = "127.0.0.0/8"
PIECE = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
PATIENCE_S = 0.5
SOON_S = 30  # far more than what is waited for, far less than reading all of it
HTML = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
LEASE_OVER = timedelta(minutes=2)


async def hook_of(world: World, url: str) -> None:
    """The only way to Ana is this address at first."""
    world.demo = False
    hook = await world.method("ana", "webhook", Receiver().secret, url=url)
    await world.rules("ana", (Urgency.HIGH, AT_ONCE, hook))


def leads(*addresses: str) -> Resolve:
    async def resolve(_host: str, _port: int) -> list[str]:
        if not addresses:
            raise OSError(-2, "Name or service not known")
        return list(addresses)

    return resolve


@asynccontextmanager
async def secure(pem: bytes, folder: Path) -> AsyncIterator[tuple[WebServer, Path]]:
    """A web server that shows this certificate, and the file that it is in."""
    path = folder / f"{len(list(folder.iterdir()))}.pem"
    path.write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    fake = WebServer()
    server = await asyncio.start_server(fake.serve, "127.0.0.1", 0, ssl=context)
    fake.port = server.sockets[0].getsockname()[1]
    yield fake, path
    fake.closing.set()
    server.close()


@pytest.mark.fault("T-24", "a certificate is over, of somebody else, or of nobody")
@pytest.mark.parametrize("wrong", ["expired", "wrong host", "self-signed"])
async def test_a_certificate_that_proves_nothing_is_not_believed_and_tried_again(
    world: World, tmp_path: Path, wrong: str
) -> None:
    good = certificate(NAME)
    shown = {
        "expired": certificate(NAME, days=-1),
        "wrong host": certificate("other.test"),
        "self-signed": certificate(NAME),
    }[wrong]
    async with secure(shown, tmp_path) as (bad, bad_file):
        trusted = ssl.create_default_context(
            cadata=None if wrong == "self-signed" else bad_file.read_text()
        )
        world.http = GuardedClient([LOCAL], resolve=leads("127.0.0.1"), tls=trusted)
        await hook_of(world, f"https://{NAME}:{bad.port}/")
        incident = await world.trigger(world.policy(("ana", DAY)))
    assert bad.posts == []
    await is_tried_again(world, incident)

    async with secure(good, tmp_path) as (fake, path):
        trusted = ssl.create_default_context(cafile=str(path))
        world.http = GuardedClient([LOCAL], resolve=leads("127.0.0.1"), tls=trusted)
        await world.set_method(
            await world.methods_of("ana", "webhook"),
            address={"url": f"https://{NAME}:{fake.port}/"},
        )
        world.working = True
        await world.advance(MINUTE)
    assert len(fake.posts) == 1
    assert await world.statuses("webhook") == ["accepted"]


async def is_tried_again(world: World, incident: UUID) -> None:
    """Nothing has left, nobody is given up."""
    [sent] = [n for n in await world.sent(incident) if n.channel == "webhook"]
    assert sent.status == "planned"
    assert {(a.outcome, a.possible_duplicate) for a in sent.attempts} == {
        ("failed", False)
    }
    hook = await world.methods_of("ana", "webhook")
    assert await world.disabled_reason(hook) is None


@pytest.mark.fault("T-24", "the name of a provider is not known for a while")
async def test_a_name_that_nobody_knows_is_asked_for_again(world: World) -> None:
    async with Receiver().started() as fake:
        fake.clock = lambda: world.now
        world.http = GuardedClient([LOCAL], resolve=leads())
        await hook_of(world, f"http://{NAME}:{fake.port}/")
        incident = await world.trigger(world.policy(("ana", DAY)))
        await is_tried_again(world, incident)

        # the first of its addresses is one that nothing answers at
        known = leads("::1", "127.0.0.1")
        world.http = GuardedClient([LOCAL, "::1/128"], resolve=known)
        await world.advance(MINUTE)

    assert await world.statuses("webhook") == ["accepted"]
    assert len(fake.accepted) == 1


@pytest.mark.fault("T-26", "a provider says 200 and that it has failed")
@pytest.mark.parametrize(
    "name", ["discord", "ntfy", "pushover", "slack", "telegram", "sms", "voice"]
)
async def test_an_error_that_calls_itself_a_success_is_none(
    world: World, name: str
) -> None:
    async with EVERY[name]().started() as fake:
        world.demo = False
        fake.clock = lambda: world.now
        await world.set_up(**({name: fake.account} if fake.account else {}))
        method = await world.method("ana", name, fake.secret, **fake.address())
        await world.rules("ana", (Urgency.HIGH, AT_ONCE, method))
        fake.says(200, {"ok": False, "status": 0, "error": "fatal_error", "code": 500})
        await world.trigger(world.policy(("ana", DAY)))
        assert (await world.statuses(name))[0] != "accepted"

        fake.answer = None
        await world.advance(HOUR)

    reached = [await world.statuses(way) for way in (name, "email", "in_app")]
    assert {"accepted", "delivered"} & {one for each in reached for one in each}


async def endless(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    piece: bytes,
    pause: float,
) -> None:
    """It succeeds, and does not stop saying so."""
    with suppress(ConnectionError, asyncio.IncompleteReadError):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"{HTML}Transfer-Encoding: chunked\r\n\r\n".encode())
        while not writer.is_closing():
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)
    writer.close()


@pytest.mark.fault("T-26", "the answer of a provider is a page without end")
@pytest.mark.parametrize(
    ("piece", "pause"),
    [(PIECE, 0.0), (b"1\r\nx\r\n", 0.01)],
    ids=["fast", "drop by drop"],
)
async def test_an_answer_without_end_is_hung_up_on(
    world: World, piece: bytes, pause: float
) -> None:
    server = await asyncio.start_server(
        lambda reader, writer: endless(reader, writer, piece, pause), "127.0.0.1", 0
    )
    port = server.sockets[0].getsockname()[1]
    await hook_of(world, f"http://127.0.0.1:{port}/")
    await is_doubtful_soon(world)
    server.close()


@pytest.mark.fault("T-26", "the answer of a provider is 50 MB long")
async def test_an_answer_that_is_far_too_long_is_hung_up_on(world: World) -> None:
    async with Receiver().started() as fake:
        fake.clock = lambda: world.now
        long = 50_000_000
        fake.answer = f"{HTML}Content-Length: {long}\r\n\r\n".encode() + bytes(long)
        await hook_of(world, fake.url)
        await is_doubtful_soon(world)


async def is_doubtful_soon(world: World) -> None:
    """It may have been taken; nobody waits for the rest."""
    world.working = False
    incident = await world.trigger(world.policy(("ana", DAY)))
    await world.escalate()
    gateway = replace(world.gateway(), patience_s=PATIENCE_S)
    began = time.monotonic()
    for one in await world.claim():
        await world.settle(await delivery.attempt(gateway, one))
    assert time.monotonic() - began < SOON_S
    [sent] = [n for n in await world.sent(incident) if n.channel == "webhook"]
    assert (sent.attempts[0].outcome, sent.status) == ("unknown", "planned")


@pytest.mark.fault("T-27", "the clock jumps while somebody is paged")
@pytest.mark.parametrize(
    "jump", [-HOUR, HOUR, 25 * HOUR, -5 * SECOND], ids=["-1h", "+1h", "+25h", "-5s"]
)
async def test_a_clock_that_jumps_pages_nobody_twice_and_forgets_nobody(
    world: World, jump: timedelta
) -> None:
    await world.trigger(world.policy(("ana", 30 * MINUTE), ("bo", 30 * MINUTE)))
    for _ in range(3 if abs(jump) < MINUTE else 1):
        world.now += jump
        await world.work()
    await world.trigger(world.policy(("cy", 30 * MINUTE)))  # what comes after it
    await world.advance(abs(jump) + HOUR)

    assert sorted(name for name, _ in await world.paged()) == ["ana", "bo", "cy"]
    assert await list_violations(world.tx, world.now) == []


@pytest.mark.fault("T-27", "the clocks of two workers are two minutes apart")
@pytest.mark.parametrize("ahead", [LEASE_OVER, -LEASE_OVER], ids=["+120s", "-120s"])
async def test_a_worker_whose_clock_is_wrong_sends_at_most_one_copy_and_says_so(
    world: World, ahead: timedelta
) -> None:
    async with Receiver().started() as fake:
        fake.clock = lambda: world.now
        await hook_of(world, fake.url)
        world.working = False
        incident = await world.trigger(world.policy(("ana", DAY)))
        await world.escalate()
        first = await world.claim()
        world.now += ahead
        other = await world.claim()  # by its clock the lease may be over
        for claimed in (other, first):
            await world.settle(await world.attempt(claimed))
        world.now -= ahead
        world.working = True
        await world.advance(HOUR)

    [sent] = [n for n in await world.sent(incident) if n.channel == "webhook"]
    assert sent.status == "accepted"
    assert 1 <= len(fake.accepted) <= 2
    assert len(fake.accepted) == 1 or any(a.possible_duplicate for a in sent.attempts)


@pytest.mark.fault("T-25", "receipts of messages that nobody has sent")
async def test_a_receipt_of_an_unknown_message_changes_nothing(world: World) -> None:
    await world.trigger(world.policy(("ana", DAY)))
    before = await world.statuses()

    for about in (str(new_id()), "SM-never-heard-of"):
        told = Receipt(about, "delivered")
        await receipts.take(world.tx, "sms", told, world.now)

    assert await world.statuses() == before
