"""Certificates of others are noted as connections are made, and our own are read from files."""

import asyncio
import ssl
from datetime import timedelta
from pathlib import Path

import pytest

from pagefree.infra import certificates
from pagefree.infra.certificates import KEPT, MOST_KEPT, Certificates
from pagefree.infra.clock import system_clock
from pagefree.infra.http import GuardedClient
from tests.certificates import certificate

DAY = timedelta(days=1)


def trusting(file: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=file)


async def test_the_guarded_client_notes_when_the_certificate_of_a_host_ends(
    tmp_path: Path,
) -> None:
    file = tmp_path / "server.pem"
    file.write_bytes(certificate("noted.example", days=11))
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.load_cert_chain(file)

    async def answer(_: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        to.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        await to.drain()

    async def here(_: str, __: int) -> list[str]:
        return ["127.0.0.1"]

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=shown)
    port = server.sockets[0].getsockname()[1]
    http = GuardedClient(("127.0.0.0/8",), resolve=here, tls=trusting(file))
    async with server:
        reply = await http.get(f"https://noted.example:{port}/", {})
        await http.aclose()

    found = certificates.MET.known(system_clock())["noted.example"]
    assert reply.status == 204
    left_s = found.ends_s - system_clock().timestamp()
    assert left_s == pytest.approx(11 * DAY.total_seconds(), abs=60)
    assert found.lifetime_s == (20 * DAY).total_seconds()


def test_a_renewed_file_is_known_and_one_that_is_gone_is_kept_for_two_days(
    tmp_path: Path,
) -> None:
    met, file = Certificates(), tmp_path / "own.pem"
    file.write_bytes(certificate(days=1))
    met.look_after("mail.example", file)
    before = met.known(system_clock())["mail.example"]

    file.write_bytes(certificate(days=30))
    after = met.known(system_clock())["mail.example"]
    file.unlink()

    assert after.ends_s - before.ends_s == pytest.approx(29 * 86400, abs=60)
    assert met.known(system_clock()) == {"mail.example": after}
    assert met.known(system_clock() + KEPT + DAY) == {}


class Shown(asyncio.BaseTransport):
    """A connection over which this certificate was shown."""

    def get_extra_info(self, name: str, default: object = None) -> object:
        del default
        ends = {"notBefore": "Jan  1 00:00:00 2026 GMT"}
        return {**ends, "notAfter": "Feb  1 00:00:00 2026 GMT"} if name else None


def test_no_more_hosts_are_kept_than_a_beat_can_carry() -> None:
    met = Certificates()
    for number in range(MOST_KEPT + 3):
        met.note(f"{number}.example", Shown())

    known = met.known(system_clock())
    assert len(known) == MOST_KEPT
    assert "0.example" not in known
