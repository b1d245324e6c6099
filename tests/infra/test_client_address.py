from collections.abc import Sequence

import pytest
from starlette.types import Message, Receive, Scope, Send

from pagefree.infra.client_address import ProxyHeader, TrustedProxies, address_of

PROXY, OTHER_PROXY, CLIENT = "10.0.0.2", "10.0.0.3", "203.0.113.9"
TRUSTED = ("10.0.0.0/8", "2001:db8::/32")


async def seen(
    peer: str,
    *headers: tuple[str, str],
    header: ProxyHeader = "x-forwarded-for",
    networks: Sequence[str] = TRUSTED,
) -> str:
    """Where the app behind believes that a request comes from."""
    found = ""

    async def app(scope: Scope, _: Receive, __: Send) -> None:
        nonlocal found
        found = address_of(scope)

    async def receive() -> Message:
        return {}

    async def send(_: Message) -> None:
        pass

    scope = {
        "type": "http",
        "client": (peer, 50_000),
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }
    await TrustedProxies(app, networks, header)(scope, receive, send)
    return found


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (CLIENT, CLIENT),
        (f"{CLIENT}:4711", CLIENT),
        (f"6.6.6.6, {CLIENT}", CLIENT),  # what the client says of itself
        (f"6.6.6.6, {CLIENT}, {OTHER_PROXY}", CLIENT),
        (f"10.9.9.9, {OTHER_PROXY}", "10.9.9.9"),  # only proxies: the farthest of them
        ("::ffff:203.0.113.9", CLIENT),
        ("2a01:4f8::1", "2a01:4f8::/64"),
        ("[2a01:4f8::1]:4711", "2a01:4f8::/64"),
        ("unknown", PROXY),
        ("", PROXY),
        ("6.6.6.6, <script>", PROXY),
        (f"6.6.6.6, nonsense, {OTHER_PROXY}", OTHER_PROXY),
        (", ".join([CLIENT] * 10_000), CLIENT),
        ("é" * 50, PROXY),
    ],
)
async def test_a_trusted_proxy_is_believed_about_the_last_stranger(
    said: str, expected: str
) -> None:
    assert await seen(PROXY, ("x-forwarded-for", said)) == expected


async def test_nobody_else_is_believed() -> None:
    assert await seen("6.6.6.6", ("x-forwarded-for", CLIENT)) == "6.6.6.6"


async def test_a_header_that_comes_twice_is_one_list() -> None:
    headers = [("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", CLIENT)]

    assert await seen(PROXY, *headers) == CLIENT


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (f"for={CLIENT}", CLIENT),
        (f"proto=https; For={CLIENT};by=10.0.0.2", CLIENT),
        (f'for=6.6.6.6, for="{CLIENT}:4711"', CLIENT),
        ('for="[2a01:4f8::1]:4711"', "2a01:4f8::/64"),
        ("for=_hidden", PROXY),
        ("for=unknown", PROXY),
        ("proto=https", PROXY),
        (CLIENT, PROXY),
    ],
)
async def test_the_standard_header_is_read_where_it_is_chosen(
    said: str, expected: str
) -> None:
    assert await seen(PROXY, ("forwarded", said), header="forwarded") == expected


async def test_only_the_chosen_header_is_read() -> None:
    both = [("forwarded", "for=6.6.6.6"), ("x-forwarded-for", "7.7.7.7")]

    assert await seen(PROXY, *both) == "7.7.7.7"
    assert await seen(PROXY, *both, header="forwarded") == "6.6.6.6"
    assert await seen(PROXY, ("x-real-ip", "6.6.6.6")) == PROXY
