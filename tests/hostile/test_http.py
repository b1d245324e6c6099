"""Broken, doubtful and greedy HTTP, sent to the real server byte by byte."""

import asyncio
import gzip
import json
import time
from contextlib import suppress

import httpx2
import pytest

from tests.hostile.conftest import Server
from tests.hostile.raw import closes_within, exchange, one

PUBLIC = "https://pager.example.org"
PATIENCE_S = 2
LATE_S = 20  # a busy machine is slow
ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


@pytest.fixture(scope="module")
def server_settings() -> dict[str, str]:
    return {
        "PAGEFREE_PUBLIC_URL": PUBLIC,
        "PAGEFREE_TRUSTED_HOSTS": "127.0.0.1, status.example.org",
        "PAGEFREE_CANARY_URL": "http://web.pagefree.internal:8000",
        "PAGEFREE_REQUEST_SECONDS": str(PATIENCE_S),
        "PAGEFREE_LOG_LEVEL": "debug",
    }


def head(start: str, *headers: str) -> bytes:
    return "\r\n".join([start, "Host: pager.example.org", *headers, "", ""]).encode()


@pytest.mark.parametrize(
    "headers",
    [
        ("Content-Length: 5", "Transfer-Encoding: chunked"),
        ("Transfer-Encoding: chunked", "Content-Length: 5"),
        ("Content-Length: 5", "Content-Length: 6"),
        ("Content-Length: 5", "Content-Length: 5"),
        ("Content-Length: 5, 6",),
        ("Content-Length: +5",),
        ("Content-Length: -1",),
        ("Content-Length: 0x5",),
        ("Content-Length : 5",),
        ("Transfer-Encoding: xchunked",),
        ("Transfer-Encoding: chunked, identity",),
        ("Transfer-Encoding:\x0bchunked",),
        ("X-Folded: one", " two"),
        ("X-Nul: a\0b",),
        ("Bad\x01Name: x",),
    ],
)
async def test_what_can_be_understood_in_two_ways_is_refused(
    server: Server, headers: tuple[str, ...]
) -> None:
    smuggled = b"0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"

    reply = await one(
        server.port, head("POST /v1/session HTTP/1.1", *headers) + smuggled
    )

    assert (reply.status, reply.closed) == (400, True)
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert ALWAYS.items() <= reply.headers.items()


@pytest.mark.parametrize(
    "start",
    ["GET /", "GET / HTTP/0.9", "GET / HTTP/2.0", "GET / HTTP/9.9", "PRI * HTTP/2.0"],
)
async def test_other_versions_of_http_are_refused(server: Server, start: str) -> None:
    assert (await one(server.port, head(start))).status == 400


@pytest.mark.parametrize(
    "sent",
    [
        head("GET /healthz HTTP/1.1", "X-Long: " + "x" * 100_000),
        head("GET /healthz HTTP/1.1", *(f"X-{n}: y" for n in range(1000))),
        head("GET /healthz HTTP/1.1", *(f"X-{n}: {'y' * 1000}" for n in range(100))),
        head(f"GET /{'x' * 100_000} HTTP/1.1"),
    ],
    ids=["a long header", "many headers", "long headers", "a long path"],
)
async def test_a_head_that_is_too_large_is_refused(server: Server, sent: bytes) -> None:
    reply = await one(server.port, sent)

    assert (reply.status, reply.closed) == (431, True)
    assert ALWAYS.items() <= reply.headers.items()


async def test_a_header_without_an_end_is_not_kept(server: Server) -> None:
    sent = b"GET /healthz HTTP/1.1\r\nX-Endless: " + b"x" * 10_000_000

    with suppress(ConnectionError):  # it was cut off before all was sent
        assert b" 431 " in await closes_within(server.port, sent, LATE_S)


async def test_pipelined_requests_are_answered_in_order(server: Server) -> None:
    sent = head("GET /healthz HTTP/1.1") + head("GET /v1/me HTTP/1.1")

    sent += head("GET /v1/nothing HTTP/1.1")

    replies = await exchange(server.port, sent, expected=3)

    assert [reply.status for reply in replies] == [200, 401, 404]


@pytest.mark.parametrize(
    "path",
    [
        "/%2e%2e/%2e%2e/etc/passwd",
        "/assets/%2e%2e/%2e%2e/pyproject.toml",
        "/assets/..%2f..%2f..%2fetc%2fpasswd",
        "/assets/%252e%252e%252fetc%252fpasswd",
        "/assets/..;/..;/etc/passwd",
        "/assets/..\\..\\etc\\passwd",
        "/assets//etc/passwd",
        "/v1/%2e%2e/metrics",
    ],
)
async def test_no_spelling_of_a_path_leaves_its_folder(
    server: Server, path: str
) -> None:
    reply = await one(server.port, head(f"GET {path} HTTP/1.1"))

    assert reply.status in {200, 400, 404, 503}
    assert b"root:" not in reply.body
    assert b"build-system" not in reply.body
    assert b"# HELP" not in reply.body


@pytest.mark.parametrize(
    "path",
    ["/v1/me;x=1", "/v1/%6de%2f", "/v1//me", "/v1/me%00", "/v1/%256de"],
)
async def test_other_spellings_of_a_route_are_not_that_route(
    server: Server, path: str
) -> None:
    assert (await one(server.port, head(f"GET {path} HTTP/1.1"))).status == 404


@pytest.mark.parametrize(
    "name", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"]
)
async def test_a_method_cannot_be_overridden(server: Server, name: str) -> None:
    reply = await one(server.port, head("GET /v1/session HTTP/1.1", f"{name}: DELETE"))

    assert reply.status in {404, 405}


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "DEBUG", "get"])
async def test_unusual_methods_do_nothing(server: Server, method: str) -> None:
    replies = await exchange(server.port, head(f"{method} /v1/me HTTP/1.1"))

    assert {reply.status for reply in replies} <= {400, 404, 405}


@pytest.mark.parametrize("target", ["http://evil.example/v1/me", "https://[::1]/v1/me"])
async def test_an_absolute_target_names_no_other_host(
    server: Server, target: str
) -> None:
    reply = await one(server.port, head(f"GET {target} HTTP/1.1"))

    assert reply.status == 401
    assert b"evil" not in reply.body


@pytest.mark.parametrize(
    ("hosts", "status"),
    [
        (["pager.example.org"], 401),
        (["PAGER.example.org:443"], 401),
        (["status.example.org."], 401),
        (["web.pagefree.internal:8000"], 401),  # whom the canary asks
        (["evil.example"], 400),
        (["pager.example.org.evil.example"], 400),
        (["evil.example@pager.example.org", "evil.example"], 400),
        (["pager.example.org", "evil.example"], 400),
        (["[::1"], 400),
        ([""], 400),
        ([], 400),
    ],
)
async def test_only_trusted_hosts_are_served(
    server: Server, hosts: list[str], status: int
) -> None:
    lines = "".join(f"Host: {host}\r\n" for host in hosts)

    reply = await one(server.port, f"GET /v1/me HTTP/1.1\r\n{lines}\r\n".encode())

    assert reply.status == status
    if status == 400 and reply.body.startswith(b"{"):
        assert json.loads(reply.body)["code"] == "unknown_host"


@pytest.mark.parametrize("path", ["/healthz", "/canaryz"])
async def test_machines_may_ask_for_health_by_address(
    server: Server, path: str
) -> None:
    reply = await one(
        server.port, f"GET {path} HTTP/1.1\r\nHost: 10.0.0.7:8000\r\n\r\n".encode()
    )

    assert reply.status != 400


async def test_forwarded_headers_change_neither_host_nor_scheme(server: Server) -> None:
    spoofed = ("X-Forwarded-Host: evil.example", "X-Forwarded-Proto: javascript")
    more = (
        "Forwarded: host=evil.example",
        "X-Original-URL: /metrics",
        "X-Rewrite-URL: /metrics",
    )

    reply = await one(server.port, head("GET /s/nothing HTTP/1.1", *spoofed, *more))

    assert (reply.status, reply.headers["location"]) == (308, "/s/nothing/")
    assert b"# HELP" not in reply.body


async def test_a_connection_that_says_nothing_is_closed(server: Server) -> None:
    began = time.monotonic()

    said = await closes_within(server.port, b"", LATE_S)

    assert said == b""
    assert time.monotonic() - began >= PATIENCE_S - 0.1


async def test_a_head_that_trickles_in_is_cut_off(server: Server) -> None:
    began = time.monotonic()
    slowly = [b"GET /healthz HTTP/1.1\r\nX-Slow: ", *([b"y"] * 100)]

    reply = await one(server.port, *slowly, pause_s=0.1)

    assert (reply.status, reply.closed) == (408, True)
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("path", ["/v1/session", "/scim/v2/Users", "/v1/incidents"])
async def test_a_body_that_trickles_in_is_cut_off(server: Server, path: str) -> None:
    origin = (f"Origin: {PUBLIC}", "Content-Type: application/json")
    start = head(f"POST {path} HTTP/1.1", *origin, "Content-Length: 1000")

    reply = await one(server.port, start, *([b" "] * 100), pause_s=0.1)

    # those who are not known are turned away before anything is read
    assert reply.status in {401, 408}
    assert reply.closed or reply.status == 401


async def test_ingest_does_not_wait_for_a_body_either(server: Server) -> None:
    start = head("POST /v2/enqueue HTTP/1.1", "Content-Length: 1000")

    reply = await one(server.port, start, *([b" "] * 100), pause_s=0.1)

    assert (reply.status, reply.closed) == (503, True)


async def test_a_gigabyte_that_is_only_announced_is_refused_at_once(
    server: Server,
) -> None:
    headers = (f"Origin: {PUBLIC}", "Content-Length: 1073741824")

    reply = await one(server.port, head("POST /v1/session HTTP/1.1", *headers))

    assert (reply.status, reply.closed) == (413, True)


async def test_a_body_without_an_end_is_refused(server: Server) -> None:
    headers = (f"Origin: {PUBLIC}", "Transfer-Encoding: chunked")
    chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"

    reply = await one(
        server.port,
        head("POST /v1/session HTTP/1.1", "Content-Type: application/json", *headers),
        *([chunk] * 64),
    )

    assert (reply.status, reply.closed) == (413, True)


async def test_headers_after_a_body_are_not_kept_for_ever(server: Server) -> None:
    start = head(
        "POST /v1/session HTTP/1.1",
        "Content-Type: application/json",
        f"Origin: {PUBLIC}",
        "Transfer-Encoding: chunked",
    )
    trailers = b"".join(b"A%d: b\r\n" % n for n in range(2_000_000))

    with suppress(ConnectionError):  # it was cut off before all was sent
        await closes_within(server.port, start + b"0\r\n" + trailers, LATE_S)


async def test_the_api_unpacks_nothing(server: Server) -> None:
    packed = gzip.compress(b" " * 10_000_000)
    async with httpx2.AsyncClient(base_url=server.address, timeout=LATE_S) as client:
        answer = await client.post(
            "/v1/session",
            content=packed,
            headers={
                "Origin": PUBLIC,
                "Content-Type": "application/json",
                "Content-Encoding": "gzip",
            },
        )

    assert answer.status_code in {400, 422}


async def test_a_form_of_ten_thousand_parts_is_no_way_in(server: Server) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="p"\r\n\r\ny\r\n'
    form = part * 10_000 + b"--x--\r\n"
    headers = (f"Origin: {PUBLIC}", "Content-Type: multipart/form-data; boundary=x")
    start = head("POST /v1/session HTTP/1.1", f"Content-Length: {len(form)}", *headers)

    assert (await one(server.port, start, form)).status in {400, 422}


async def test_foreign_pages_may_read_nothing(server: Server) -> None:
    asked = ("Origin: https://evil.example", "Access-Control-Request-Method: PUT")
    preflight = await one(server.port, head("OPTIONS /v1/me HTTP/1.1", *asked))
    simple = await one(server.port, head("GET /v1/me HTTP/1.1", *asked[:1]))

    for reply in (preflight, simple):
        assert not [name for name in reply.headers if name.startswith("access-control")]
    assert preflight.status in {404, 405}


@pytest.mark.parametrize(
    ("start", "status"),
    [
        ("GET / HTTP/1.1", 200),
        ("GET /v1/me HTTP/1.1", 401),
        ("GET /v1/nothing HTTP/1.1", 404),
        ("GET /api/openapi.json HTTP/1.1", 200),
        ("GET /healthz HTTP/1.1", 200),
        ("GET /metrics HTTP/1.1", 200),
        ("GET /assets/nothing.js HTTP/1.1", 404),
        ("DELETE / HTTP/1.1", 405),
        ("GET /s/nothing HTTP/1.1", 308),
        ("GET /s/nothing/ HTTP/1.1", 404),
        ("OPTIONS /s/nothing/ HTTP/1.1", 204),
        ("POST /v2/enqueue HTTP/1.1", 400),
        ("POST /in/generic/wrong HTTP/1.1", 404),
        ("GET /ping/00000000-0000-0000-0000-000000000000 HTTP/1.1", 404),
        ("GET /socket.io/?EIO=4&transport=polling HTTP/1.1", 200),
        ("GET /act/nothing HTTP/1.1", 404),
        ("GET /calendars/nothing.ics HTTP/1.1", 404),
    ],
)
async def test_no_answer_goes_without_its_headers(
    server: Server, start: str, status: int
) -> None:
    reply = await one(server.port, head(start, "Content-Length: 0"))

    assert reply.status == status, reply
    assert ALWAYS.items() <= reply.headers.items()
    assert "frame-ancestors" in reply.headers["content-security-policy"]
    assert "unsafe-eval" not in reply.headers["content-security-policy"]
    assert reply.headers["strict-transport-security"].startswith("max-age=31536000")
    assert "server" not in reply.headers
    if start.startswith("GET /v1"):
        assert reply.headers["cache-control"] == "no-store"


async def test_what_is_logged_stays_on_its_line(server: Server) -> None:
    forged = '%0d%0a{"event":"forged"}%1b[31m'
    await one(server.port, head(f"GET /v1/{forged} HTTP/1.1", f"User-Agent: {forged}"))
    await one(server.port, head("GET /v1/me HTTP/1.1", "X-Request-Id: a\tb{}\x7f"[:25]))
    await asyncio.sleep(0.2)

    lines = [line for line in server.program.printed.splitlines() if "{" in line]
    for line in lines:
        assert json.loads(line)["event"] != "forged"
        assert "\x1b" not in line
