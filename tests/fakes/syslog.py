"""Syslog servers: over UDP, over TCP, and over TLS with a certificate of a CA of their own."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from pagefree.infra.clock import system_clock

HERE = "127.0.0.1"
DAY = timedelta(days=1)


@dataclass(slots=True)
class SyslogServer:
    """What it was sent, message by message."""

    address: str = ""
    messages: asyncio.Queue[bytes] = field(default_factory=asyncio.Queue)

    async def entry(self) -> dict[str, Any]:
        """The next entry of the audit that arrives."""
        async with asyncio.timeout(30):
            said = (await self.messages.get()).decode()
        found: dict[str, Any] = json.loads(said[said.index("{") :])
        return found


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server: SyslogServer) -> None:
        self.server = server

    def datagram_received(self, data: bytes, addr: object) -> None:
        del addr
        self.server.messages.put_nowait(data)


@asynccontextmanager
async def over_udp() -> AsyncIterator[SyslogServer]:
    """One message a datagram: RFC 5426."""
    server = SyslogServer()
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Datagrams(server), local_addr=(HERE, 0)
    )
    port = transport.get_extra_info("sockname")[1]
    server.address = f"udp://{HERE}:{port}"
    try:
        yield server
    finally:
        transport.close()


@asynccontextmanager
async def over_tcp(tls: ssl.SSLContext | None = None) -> AsyncIterator[SyslogServer]:
    """Each message after the count of its octets: RFC 6587, and RFC 5425 where it is TLS."""
    server = SyslogServer()

    async def listen(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        said = await reader.read()
        while said:
            length, _, rest = said.partition(b" ")
            server.messages.put_nowait(rest[: int(length)])
            said = rest[int(length) :]
        writer.close()

    listening = await asyncio.start_server(listen, HERE, 0, ssl=tls)
    port = listening.sockets[0].getsockname()[1]
    server.address = f"{'tls' if tls else 'tcp'}://{HERE}:{port}"
    async with listening:
        yield server


@dataclass(frozen=True, slots=True)
class Authority:
    """A CA, in a file, and how a server shows the certificate that it has signed."""

    file: Path
    context: ssl.SSLContext


def authority(folder: Path) -> Authority:
    """A new CA with a certificate for this machine."""
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    ca_name, name = _name("A CA of tests"), _name(HERE)
    ca = (
        _builder(ca_name, ca_name, ca_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(ca_key, SHA256())
    )
    here = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(HERE))])
    signed = (
        _builder(name, ca_name, key.public_key())
        .add_extension(here, critical=False)
        .sign(ca_key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file, chain = folder / "ca.pem", folder / "server.pem"
    file.write_bytes(ca.public_bytes(Encoding.PEM))
    chain.write_bytes(signed.public_bytes(Encoding.PEM) + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return Authority(file, context)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = system_clock()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + DAY)
    )
