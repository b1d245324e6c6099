"""No address that anybody can type in leads inside: each field, each way to write one."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from pydantic import ValidationError

from pagefree.actions.base import ActionError
from pagefree.channels.base import Transports
from pagefree.core.errors import Invalid, PageFreeError
from pagefree.core.subscriptions import Telling
from pagefree.core.subscriptions import Way as Followed
from pagefree.infra.crypto import Vault
from pagefree.infra.http import GuardedClient, Unreachable
from pagefree.notifications.handing_over import Gateway
from pagefree.status_pages import subscribing as following
from pagefree.status_pages.letters import Letter
from pagefree.status_pages.message_queries import Leased
from pagefree.status_pages.posting import Parcel, hand_over
from pagefree.status_pages.subscriber_addresses import checked
from pagefree.targets import all_targets
from pagefree.targets.base import LaunchError, TargetError, Way
from pagefree.workflows import delivering, subscribing
from pagefree.workflows.filling import filled
from pagefree.workflows.subscription_queries import Delivery, Subscription
from tests.api.automation import CONTENTS
from tests.providers.test_actions import AT, FACTS, SECRETS, http_samples, sample
from tests.providers.test_targets import connection, order

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
INSIDE = (
    # loopback, in all the ways in which resolvers read it
    *("https://127.0.0.1", "https://localhost", "https://127.1", "https://0x7f.1"),
    *("https://2130706433", "https://017700000001", "https://0.0.0.0"),
    *("https://[::1]", "https://[::]", "https://[::ffff:127.0.0.1]"),
    *("https://[::ffff:7f00:1]", "https://[::127.0.0.1]", "https://[2002:7f00:1::]"),
    # full-width and circled digits, an ideographic stop
    *("https://\uff11\uff12\uff17.0.0.1", "https://\u2460\u2461\u2466.0.0.1"),
    "https://127\u30020\u30020\u30021",
    # link-local, and the metadata of clouds, also through NAT64
    *("https://169.254.169.254", "https://2852039166", "https://[fe80::1]"),
    *("https://[64:ff9b::a9fe:a9fe]", "https://[fd00:ec2::254]"),
    # private, shared, multicast
    *("https://10.0.0.1", "https://172.16.0.1", "https://192.168.0.1"),
    *("https://100.64.0.1", "https://224.0.0.1", "https://[fec0::1]"),
    # what is read in two ways, and what is not https
    *("https://example.org@127.0.0.1", "https://example.org\\@127.0.0.1"),
    *("https://127.0.0.1#@example.org", "http://127.0.0.1", "file:///etc/passwd"),
    *("gopher://127.0.0.1:6379/_x", "https://example.org:22", "//127.0.0.1"),
)
Send = Callable[[GuardedClient, str], Awaitable[None]]
HOOKS = (Followed.WEBHOOK, Followed.SLACK, Followed.TEAMS)
REFUSED = (
    *(Unreachable, ActionError, PageFreeError, ValidationError),
    *(TargetError, LaunchError),
)


class Sent(Exception):
    """Somebody answered, with anything."""


# -- every field that holds an address ----------------------------------------------------


def action_fields() -> Iterator[tuple[str, Send]]:
    """Each field of an action whose value is an address, and each secret that is one."""
    for path in http_samples():
        action, node, found = sample(path)
        named = {"secret"} if SECRETS["URL"] == found["expected"]["url"] else set()
        for name, about in action.Config.model_fields.items():
            value = node.config.get(name, about.default)
            if isinstance(value, str) and value.startswith("http"):
                named.add(name)
        for name in sorted(named):
            yield f"{path.replace('/samples/', ' ')} {name}", _action(path, name)


def _action(path: str, name: str) -> Send:
    async def send(http: GuardedClient, url: str) -> None:
        action, node, _ = sample(path)
        at = AT
        if name == "secret":
            at = replace(AT, secrets={**SECRETS, "URL": url})
        else:
            node = node.model_copy(update={"config": {**node.config, name: url}})
        assert action.call is not None
        call = action.call(filled(node, FACTS), at)
        reply = await http.request(call.method, call.url, call.body, call.headers)
        assert action.read is not None
        action.read(filled(node, FACTS), reply)
        raise Sent

    return send


def target_fields() -> Iterator[tuple[str, Send]]:
    """The address of each target, asked and ordered."""
    for kind in sorted(CONTENTS):
        for verb in ("check", "launch"):
            yield f"{kind} {verb}", _target(kind, verb)


def _target(kind: str, verb: str) -> Send:
    async def send(http: GuardedClient, url: str) -> None:
        target = all_targets()[kind]
        way = Way(http, connection(kind, api_url=url), NOW)
        if verb == "check":
            await target.check(way)
        else:
            await target.launch(way, order(kind))
        raise Sent

    return send


async def subscription(http: GuardedClient, url: str) -> None:
    """An event is told to a machine."""
    one, vault = UUID(int=1), Vault("a key for tests that is long enough")
    sealed = vault.seal(
        b"whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz", subscribing.purpose()
    )
    told = Subscription(
        *(
            one,
            None,
            "x",
            url,
            "standard",
            ["incident."],
            sealed,
            None,
            None,
            None,
            NOW,
        ),
        *(None, None, 0),
    )
    delivery = Delivery(
        *(one, one, 1, "incident.triggered", None, None, {}, "due", None, 1, None, NOW),
        *(None, None),
    )
    status, _, _ = await delivering.send(http, vault, told, delivery, NOW)
    raise Sent if status in delivering.SUCCESS else Unreachable()


def follower(way: Followed) -> Send:
    """Somebody who follows a status page is told."""

    async def send(http: GuardedClient, url: str) -> None:
        vault, one = Vault("a key for tests that is long enough"), UUID(int=1)
        sealed = vault.seal(
            b"whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz", following.PURPOSE
        )
        gateway = Gateway(Transports(http, None), vault, "https://x.test", lambda: NOW)
        with suppress(Invalid):  # it is not kept; nor may it be reached if it was
            url = checked(way, url)
        leased = Leased(
            *(one, 1, NOW, one, one, way, url, "en", sealed, False, True, one, None),
            Telling.UPDATE,
        )
        letter = Letter(
            *("Page", "It is down", "Sorry.", (), "https://x.test/s/x", "Look", "…"),
            *("status.update", {}),
        )
        await hand_over(gateway, Parcel(leased, letter, None, "en"))
        raise Sent

    return send


FIELDS: dict[str, Send] = {
    **dict(action_fields()),
    **dict(target_fields()),
    "subscription": subscription,
    **{f"follower by {way}": follower(way) for way in HOOKS},
}


def test_every_field_with_an_address_is_found() -> None:
    kinds = {name.partition(" ")[0] for name in FIELDS}

    assert {"http_request", "slack", "teams", "linear_create", "github_issue"} <= kinds
    assert {"jira_create", "jira_comment", "github_workflow", "awx", "ssm"} <= kinds
    assert len(FIELDS) >= 26


@pytest.mark.parametrize("name", list(FIELDS))
async def test_no_way_to_write_an_inner_address_gets_through(name: str) -> None:
    http = GuardedClient()
    for url in INSIDE:
        with pytest.raises(REFUSED) as refused:
            await FIELDS[name](http, url)
        cause = refused.value
        sent = isinstance(cause, Unreachable) and cause.sent
        lost = isinstance(cause, LaunchError) and cause.fate.value == "lost"
        assert not sent, url
        assert not lost, url


# -- name servers that change their mind, and redirects -----------------------------------


@dataclass(slots=True)
class Inside:
    """Takes connections at two addresses of this machine; only one may be reached."""

    port: int
    connections: dict[str, int] = field(default_factory=lambda: {"out": 0, "in": 0})


OUT, IN = "127.0.0.1", "::1"


@asynccontextmanager
async def both(answer: str) -> AsyncIterator[Inside]:
    with socket.socket() as free:
        free.bind((OUT, 0))
        made = Inside(free.getsockname()[1])

    def taking(
        name: str,
    ) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
        async def take(
            reader: asyncio.StreamReader, writer: asyncio.StreamWriter
        ) -> None:
            made.connections[name] += 1
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer.format(port=made.port).encode())
            await writer.drain()
            writer.close()

        return take

    outer = await asyncio.start_server(taking("out"), OUT, made.port)
    inner = await asyncio.start_server(taking("in"), IN, made.port)
    try:
        yield made
    finally:
        for server in (outer, inner):
            server.close()


REDIRECT = (
    "HTTP/1.1 307 Over there\r\nLocation: http://[::1]:{port}/\r\n"
    "Content-Length: 0\r\nConnection: close\r\n\r\n"
)
EMPTY = "HTTP/1.1 204 Done\r\nConnection: close\r\n\r\n"


def changing() -> Callable[[str, int], Awaitable[list[str]]]:
    """A name server whose first answer may be reached, and no later one."""
    answers = iter([OUT])

    async def resolve(_: str, __: int) -> list[str]:
        return [next(answers, IN)]

    return resolve


@pytest.mark.parametrize("answer", [EMPTY, REDIRECT], ids=["rebinding", "redirect"])
@pytest.mark.parametrize("name", list(FIELDS))
async def test_neither_a_second_answer_nor_a_redirect_leads_inside(
    name: str, answer: str
) -> None:
    async with both(answer) as found:
        http = GuardedClient([f"{OUT}/32"], resolve=changing())
        for _ in range(2):  # what is tried again asks the name server anew
            with pytest.raises((*REFUSED, Sent)):
                await FIELDS[name](http, f"http://rebound.test:{found.port}")
        await http.aclose()

    assert found.connections["in"] == 0
    assert found.connections["out"] >= 1
