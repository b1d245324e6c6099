"""What the guarded client reaches, what it refuses, and what it makes of answers."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from pagefree.infra.http import GuardedClient, Resolve, Unreachable, is_public
from tests.fake_servers import Manner, WebServer, web_server

LOCAL = ["127.0.0.0/8"]


@pytest.fixture
async def server() -> AsyncIterator[WebServer]:
    async with web_server() as fake:
        yield fake


@pytest.fixture
async def client() -> AsyncIterator[GuardedClient]:
    made = GuardedClient(LOCAL)
    yield made
    await made.aclose()


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.0.8",
        "192.88.99.1",
        "224.0.0.1",
        "240.0.0.1",
        "0.0.0.0",
        "255.255.255.255",
        "::1",
        "::",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a00:1",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
        "fec0::1",
        "fe80::1",
        "fd00::1",
        "ff02::1",
        "2001:db8::1",
    ],
)
def test_addresses_that_stand_for_our_own_network_are_not_public(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize(
    "text", ["1.1.1.1", "93.184.215.14", "2606:4700::1111", "::ffff:1.1.1.1"]
)
def test_addresses_of_the_internet_are_public(text: str) -> None:
    assert is_public(ip_address(text))


@given(st.ip_addresses(v=4, network="10.0.0.0/8"), st.integers(0, 2**48 - 1))
def test_no_carrier_hides_a_private_address(inner: object, low: int) -> None:
    number = int(ip_address(str(inner)))

    assert not is_public(ip_address((0x2002 << 112) | (number << 80) | low))
    assert not is_public(ip_address((0x0064FF9B << 96) | number))


async def test_a_post_arrives_with_its_host_headers_and_body(
    server: WebServer, client: GuardedClient
) -> None:
    reply = await client.post(server.url + "?a=1", b"body", {"X-One": "1"})

    assert (reply.status, reply.body) == (200, b"ok")
    [post] = server.posts
    assert (post.path, post.body) == ("/hook?a=1", b"body")
    assert post.headers["host"] == f"127.0.0.1:{server.port}"
    assert post.headers["x-one"] == "1"


async def test_a_connection_is_used_again(
    server: WebServer, client: GuardedClient
) -> None:
    for _ in range(5):
        await client.post(server.url, b"", {})

    assert server.connections == 1


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://10.0.0.1:8443/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://127.1/",
        "http://1.1.1.1/",
        "https://1.1.1.1:22/",
        "https://user@example.org/",
        "https://exa mple.org/",
        "https://example.org\\@127.0.0.1/",
        "https://examp\u217c\u0435.org/",
        "https://example.org:99999/",
        "ftp://example.org/",
        "https:///nothing",
        "https://example.org/\r\nX: 1",
    ],
)
async def test_other_addresses_are_refused_with_the_same_words(url: str) -> None:
    client = GuardedClient(resolve=_resolving("127.0.0.1"))

    with pytest.raises(Unreachable, match="the address could not be reached") as e:
        await client.post(url, b"", {})
    assert not e.value.sent
    await client.aclose()


async def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    client = GuardedClient(resolve=_resolving("1.1.1.1", "10.0.0.1"))

    with pytest.raises(Unreachable):
        await client.post("https://example.org/", b"", {})
    await client.aclose()


async def test_a_closed_port_reads_like_a_refused_address(
    client: GuardedClient,
) -> None:
    async with web_server() as gone:
        url = gone.url

    with pytest.raises(Unreachable, match="the address could not be reached"):
        await client.post(url, b"", {})


async def test_a_name_is_resolved_once_and_the_checked_address_used(
    server: WebServer,
) -> None:
    answers = iter(["127.0.0.1", "10.0.0.1"])

    async def resolve(_host: str, _port: int) -> list[str]:
        return [next(answers)]

    client = GuardedClient(LOCAL, resolve=resolve)
    reply = await client.post(f"http://hooks.test:{server.port}/", b"", {})

    assert reply.status == 200
    assert server.posts[0].headers["host"] == f"hooks.test:{server.port}"
    await client.aclose()


async def test_a_redirect_is_an_answer_and_is_not_followed(
    server: WebServer, client: GuardedClient
) -> None:
    server.status, server.headers = 302, {"Location": "http://127.0.0.1/"}

    assert (await client.post(server.url, b"", {})).status == 302
    assert len(server.posts) == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        (
            b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        ),
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
    ],
)
async def test_answers_come_in_several_shapes(
    server: WebServer, client: GuardedClient, answer: bytes
) -> None:
    server.answer = answer

    first = await client.post(server.url, b"", {})
    second = await client.post(server.url, b"", {})

    assert (first.status, first.body) == (second.status, second.body) == (200, b"ok")


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n" + b"x" * 300_000,
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 300_000,
    ],
)
async def test_what_is_not_http_or_too_long_is_hung_up_on(
    server: WebServer, client: GuardedClient, answer: bytes
) -> None:
    server.answer = answer

    with pytest.raises(Unreachable) as e:
        await client.post(server.url, b"", {})
    assert e.value.sent


async def test_a_connection_lost_before_the_answer_may_have_delivered(
    server: WebServer, client: GuardedClient
) -> None:
    server.manner = Manner.RESET

    with pytest.raises(Unreachable) as e:
        await client.post(server.url, b"", {})
    assert e.value.sent


async def test_a_kept_connection_that_was_closed_meanwhile_is_replaced(
    server: WebServer, client: GuardedClient
) -> None:
    await client.post(server.url, b"1", {})
    server.manner = Manner.RESET
    with pytest.raises(Unreachable):
        await client.post(server.url, b"2", {})
    server.manner = Manner.OK

    assert (await client.post(server.url, b"3", {})).status == 200


async def test_what_a_lost_connection_may_have_delivered_is_not_sent_again(
    server: WebServer, client: GuardedClient
) -> None:
    await client.post(server.url, b"1", {})
    server.manner = Manner.RESET

    with pytest.raises(Unreachable) as e:
        await client.post(server.url, b"2", {})

    assert e.value.sent
    assert [post.body for post in server.posts] == [b"1", b"2"]


async def test_giving_up_hangs_up(server: WebServer, client: GuardedClient) -> None:
    server.manner = Manner.HANG

    asking = asyncio.create_task(client.post(server.url, b"", {}))
    while not server.posts:  # noqa: ASYNC110 -- it has no event
        await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking

    server.manner = Manner.OK
    assert (await client.post(server.url, b"", {})).status == 200
    assert server.connections == 2


async def test_a_header_cannot_bring_another_line(
    server: WebServer, client: GuardedClient
) -> None:
    with pytest.raises(Unreachable):
        await client.post(server.url, b"", {"X-One": "1\r\nX-Two: 2"})
    assert server.posts == []


async def test_https_checks_the_name_in_the_certificate(tmp_path: Path) -> None:
    certificate = _certificate(tmp_path, "hooks.test")
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate)
    fake = WebServer()
    server = await asyncio.start_server(fake.serve, "127.0.0.1", 0, ssl=serving)
    port = server.sockets[0].getsockname()[1]
    trusting = ssl.create_default_context(cafile=str(certificate))
    client = GuardedClient(LOCAL, resolve=_resolving("127.0.0.1"), tls=trusting)

    reply = await client.post(f"https://hooks.test:{port}/", b"", {})
    assert reply.status == 200
    with pytest.raises(Unreachable):
        await client.post(f"https://other.test:{port}/", b"", {})

    await client.aclose()
    server.close()


def _resolving(*addresses: str) -> Resolve:
    async def resolve(_host: str, _port: int) -> list[str]:
        return list(addresses)

    return resolve


def _certificate(folder: Path, name: str) -> Path:
    """A self-signed certificate and its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = datetime(2020, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=36500))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    form = serialization.PrivateFormat.PKCS8
    path = folder / "certificate.pem"
    path.write_bytes(
        made.public_bytes(pem)
        + key.private_bytes(pem, form, serialization.NoEncryption())
    )
    return path
