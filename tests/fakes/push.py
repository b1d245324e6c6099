"""A push service as browsers have one: checks who sends, and reads with http_ece what it gets."""

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import http_ece
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from py_vapid.utils import b64urldecode, b64urlencode

from pagefree.infra.clock import system_clock

CREATED, MALFORMED, UNAUTHORIZED, FORBIDDEN, TOO_LARGE = 201, 400, 401, 403, 413
LONGEST_BODY = 4096
LONGEST_TTL_S = 30 * 24 * 3600
DAY_S = 24 * 3600
CONTACT = re.compile(r"mailto:\S+@\S+\.\S+|https://\S+\.\S+")
TOPIC = re.compile(r"[A-Za-z0-9]{1,32}")  # what Apple takes
URGENCIES = {"very-low", "low", "normal", "high"}


@dataclass(frozen=True, slots=True)
class Pushed:
    """One message, as the browser reads it."""

    payload: dict[str, Any]
    headers: dict[str, str]  # names in lower case
    claims: dict[str, Any]  # of the token


@dataclass(slots=True)
class Subscription:
    """One browser: only it can read what is sent there."""

    name: str
    address: dict[str, str]  # as the browser gives it to the app
    private: ec.EllipticCurvePrivateKey = field(repr=False)
    auth: bytes = field(repr=False)
    messages: list[Pushed] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def read(self, body: bytes) -> dict[str, Any]:
        plain = http_ece.decrypt(
            body,
            private_key=self.private,
            auth_secret=self.auth,
            version="aes128gcm",
        )
        message: dict[str, Any] = json.loads(plain)
        return message


@dataclass(slots=True)
class PushService:
    """Answers like those of the browsers' makers, or with `status` where a test says so."""

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    hangs: bool = False
    attempts: int = 0
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    port: int = 0
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    def subscribe(self, key: str) -> Subscription:
        """A browser subscribes with this public key of the app."""
        name = f"s{len(self.subscriptions)}"
        private, auth = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
        point = private.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        address = {
            "endpoint": f"http://127.0.0.1:{self.port}/push/{name}",
            "p256dh": b64urlencode(point),
            "auth": b64urlencode(auth),
            "key": key,
        }
        made = self.subscriptions[name] = Subscription(name, address, private, auth)
        return made

    async def push(self, request: web.Request) -> web.Response:
        self.attempts += 1
        body = await request.read()
        if self.hangs:
            await self.closing.wait()
        if self.status is not None:
            return web.Response(status=self.status, headers=self.headers)
        found = self.subscriptions.get(request.match_info["name"])
        if found is None:
            return web.Response(status=404)
        headers = {name.lower(): value for name, value in request.headers.items()}
        status, claims = self._judge(headers, body, found.address["key"])
        if status == CREATED:
            found.messages.append(Pushed(found.read(body), headers, claims))
            found.arrived.set()
        return web.Response(status=status, headers={"Location": "/message/1"})

    def _judge(
        self, headers: dict[str, str], body: bytes, key: str
    ) -> tuple[int, dict[str, Any]]:
        """What the services of Google, Mozilla and Apple refuse."""
        ttl = headers.get("ttl", "")
        well_formed = (
            ttl.isdigit()
            and int(ttl) <= LONGEST_TTL_S
            and headers.get("content-encoding") == "aes128gcm"
            and headers.get("urgency", "normal") in URGENCIES
            and TOPIC.fullmatch(headers.get("topic", "x"))
        )
        if not well_formed:
            return MALFORMED, {}
        if len(body) > LONGEST_BODY:
            return TOO_LARGE, {}
        claims, signed_with = _claims(headers.get("authorization", ""))
        if claims is None:
            return UNAUTHORIZED, {}
        now = system_clock().timestamp()
        good = (
            signed_with == key
            and claims["aud"] == f"http://127.0.0.1:{self.port}"
            and now < claims["exp"] <= now + DAY_S
            and CONTACT.fullmatch(claims["sub"])
        )
        return (CREATED if good else FORBIDDEN), claims


def _claims(authorization: str) -> tuple[dict[str, Any] | None, str]:
    """What the token says, if it is signed with the key that it names; and that key."""
    scheme, _, rest = authorization.partition(" ")
    parts = dict(parse_qsl(rest.replace(", ", ",").replace(",", "&")))
    if scheme != "vapid" or not Vapid02.verify(f"vapid t={parts['t']},k={parts['k']}"):
        return None, ""
    claims: dict[str, Any] = json.loads(b64urldecode(parts["t"].split(".")[1].encode()))
    return claims, parts["k"]


@asynccontextmanager
async def push_service() -> AsyncIterator[PushService]:
    """A push service on a free port."""
    fake = PushService()
    app = web.Application()
    app.router.add_post("/push/{name}", fake.push)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    fake.port = runner.addresses[0][1]
    try:
        yield fake
    finally:
        fake.closing.set()
        await runner.cleanup()
