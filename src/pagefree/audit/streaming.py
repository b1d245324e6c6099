"""Streaming sealed entries out of the installation: to a webhook, or to syslog."""

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from pagefree.audit import chain_queries
from pagefree.audit import setting_queries as settings
from pagefree.audit.queries import Entry
from pagefree.audit.reading import sealed
from pagefree.audit.setting_queries import Settings, Stream
from pagefree.core.errors import Invalid
from pagefree.infra.crypto import Unsealable, Vault
from pagefree.infra.db import Tx, transaction
from pagefree.infra.failpoints import failpoint
from pagefree.infra.http import GuardedClient, Unreachable
from pagefree.infra.queue import Context

AT_ONCE = 100
LEASE = timedelta(seconds=60)
LONGEST_WAIT = timedelta(minutes=5)
MOST_DOUBLINGS = 9  # more than it takes to get there
TIMEOUT_S = 15
SECRET_PREFIX = "whsec_"  # noqa: S105 -- of Standard Webhooks, no secret itself
SECRET_BYTES = 32
SYSLOG_SCHEMES = {"tls", "tcp", "udp"}
SYSLOG_PRIORITY = 13 * 8 + 6  # RFC 5424 6.2.1: log audit, informational
LONGEST_DATAGRAM = 65_000  # of bytes; IP holds a few more
LONG = ("before", "after", "data")  # what makes an entry long
SUCCESS = range(200, 300)
ADDRESS, SECRET = "audit stream address", "audit stream secret"


@dataclass(frozen=True, slots=True)
class To:
    """Where a stream goes."""

    kind: str  # webhook | syslog
    address: str


class NotTaken(Exception):
    """The other side did not take the entries; in words for admins."""


# -- set up ---------------------------------------------------------------------------


async def start(
    tx: Tx, to: To, vault: Vault, now: datetime, *, from_now: bool
) -> str | None:
    """Stream to there; the secret that signs what a webhook is sent. Raises Invalid."""
    host = _host_of(to)
    secret = None
    if to.kind == "webhook":
        random = base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
        secret = SECRET_PREFIX + random
    values = {
        "stream_kind": to.kind,
        "stream_host": host,
        "stream_address": vault.seal(to.address.encode(), ADDRESS),
        "stream_secret": vault.seal(secret.encode(), SECRET) if secret else None,
    }
    await settings.save_settings(tx, values, now)
    head = (await chain_queries.get(tx)).head
    begin = {"seq": head.seq} if from_now else {"seq": 0}
    await settings.save_stream(tx, {**begin, "due_at": None, "tries": 0, "error": None})
    return secret


async def stop(tx: Tx, now: datetime) -> None:
    """Stream nowhere."""
    nothing = dict.fromkeys(("stream_kind", "stream_address", "stream_secret"))
    await settings.save_settings(tx, {**nothing, "stream_host": ""}, now)


def _host_of(to: To) -> str:
    parts = urlsplit(to.address)
    schemes = SYSLOG_SCHEMES if to.kind == "syslog" else {"http", "https"}
    try:
        port = parts.port
    except ValueError as e:
        raise Invalid("the port of the address is no number") from e
    if parts.scheme not in schemes or not parts.hostname:
        raise Invalid(f"the address begins with {' or '.join(sorted(schemes))}://")
    if to.kind == "syslog" and port is None:
        raise Invalid("the address of a syslog server ends with its port")
    return f"{parts.scheme}://{parts.hostname}" + (f":{port}" if port else "")


# -- send -----------------------------------------------------------------------------


async def send_next(ctx: Context, http: GuardedClient, vault: Vault) -> int:
    """Send the next entries; how many the other side took. One worker at a time."""
    async with transaction(ctx.engine) as tx:
        chosen = await settings.get_settings(tx)
        if chosen.stream_kind is None:
            return 0
        head = (await chain_queries.get(tx)).head
        if (await settings.get_stream(tx)).seq >= head.seq:
            return 0
        now = ctx.clock()
        stream = await settings.lease(tx, now + LEASE, now)
        if stream is None:
            return 0
        found = await chain_queries.list_sealed(tx, stream.seq, AT_ONCE)
    try:
        async with asyncio.timeout(TIMEOUT_S):
            await _send(chosen, found, http, vault, now)
            failpoint("audit.after_send")
    except (NotTaken, OSError, TimeoutError, Unsealable) as e:
        await _put_off(ctx, stream, str(e) or type(e).__name__)
        return 0
    done = {"seq": found[-1].seq, "due_at": None, "tries": 0, "error": None}
    async with transaction(ctx.engine) as tx:
        await settings.save_stream(tx, {**done, "sent_at": ctx.clock()})
    return len(found)


async def _put_off(ctx: Context, stream: Stream, why: str) -> None:
    wait = min(timedelta(seconds=2 ** min(stream.tries, MOST_DOUBLINGS)), LONGEST_WAIT)
    values = {"due_at": ctx.clock() + wait, "tries": stream.tries + 1, "error": why}
    async with transaction(ctx.engine) as tx:
        await settings.save_stream(tx, values)


async def _send(
    chosen: Settings,
    found: Sequence[Entry],
    http: GuardedClient,
    vault: Vault,
    now: datetime,
) -> None:
    address = vault.open(chosen.stream_address or b"", ADDRESS).decode()
    if chosen.stream_kind == "syslog":
        await _to_syslog(address, found)
        return
    secret = vault.open(chosen.stream_secret or b"", SECRET).decode()
    body = json.dumps({"type": "audit.entries", "data": [sealed(e) for e in found]})
    headers = _signed(secret, f"audit_{found[0].seq}", body.encode(), now)
    try:
        reply = await http.post(address, body.encode(), headers)
    except Unreachable as e:
        raise NotTaken(str(e)) from e
    if reply.status not in SUCCESS:
        raise NotTaken(f"it answered {reply.status}")


def _signed(secret: str, id_: str, body: bytes, now: datetime) -> dict[str, str]:
    """https://www.standardwebhooks.com: the id stays the same over retries."""
    timestamp = str(int(now.timestamp()))
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    mac = hmac.digest(key, f"{id_}.{timestamp}.".encode() + body, hashlib.sha256)
    return {
        "Content-Type": "application/json",
        "User-Agent": "PageFree",
        "webhook-id": id_,
        "webhook-timestamp": timestamp,
        "webhook-signature": "v1," + base64.b64encode(mac).decode(),
    }


async def _to_syslog(address: str, found: Sequence[Entry]) -> None:
    """An admin says where to: a syslog server is rightly inside, so nothing is guarded."""
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or 0
    if parts.scheme == "udp":
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(
            asyncio.DatagramProtocol, remote_addr=(host, port)
        )
        for entry in found:
            transport.sendto(as_datagram(entry))
        transport.close()
        return
    lines = [as_syslog(sealed(entry)) for entry in found]
    tls = ssl.create_default_context() if parts.scheme == "tls" else None
    try:
        _, writer = await asyncio.open_connection(host, port, ssl=tls)
    except ssl.SSLCertVerificationError as e:
        raise NotTaken(f"its certificate is refused: {e.verify_message}") from e
    try:
        # RFC 6587 3.4.1: octet counting
        writer.writelines(f"{len(line)} ".encode() + line for line in lines)
        await writer.drain()
    finally:
        writer.close()
    await writer.wait_closed()


def as_datagram(entry: Entry) -> bytes:
    """The same for UDP: what is too long for it goes without what was changed."""
    whole = sealed(entry)
    line = as_syslog(whole)
    if len(line) <= LONGEST_DATAGRAM:
        return line
    short = {name: value for name, value in whole.items() if name not in LONG}
    return as_syslog({**short, "shortened": True})


def as_syslog(entry: Mapping[str, object]) -> bytes:
    """RFC 5424: the message is the entry as JSON, in ASCII, so that it needs no mark."""
    head = (
        f"<{SYSLOG_PRIORITY}>1 {entry['at']} {socket.gethostname()} pagefree - audit -"
    )
    return f"{head} {json.dumps(entry)}".encode()
