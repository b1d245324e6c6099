"""A push service as browsers have one: checks who sends, and reads with http_ece what it gets.

RFC 8030, 8188, 8291 and 8292, and what Google, Mozilla and Apple make of them.
"""

import asyncio
import hashlib
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from py_vapid.utils import b64urldecode, b64urlencode

from pagefree.channels.web_push import keys
from tests.fake_servers import Answer, Post, serving
from tests.fakes.provider import Fields, Provider, Report, Wrong

CREATED, MALFORMED, UNAUTHORIZED, FORBIDDEN, TOO_LARGE = 201, 400, 401, 403, 413
LONGEST_BODY = 4096
LONGEST_TTL_S = 30 * 24 * 3600
DAY_S = 24 * 3600
CONTACT = re.compile(r"mailto:\S+@\S+\.\S+|https://\S+\.\S+")
TOPIC = re.compile(r"[A-Za-z0-9]{1,32}")  # what Apple takes
URGENCIES = {"very-low", "low", "normal", "high"}
SITE = "https://pagefree.example.org"  # where the service worker comes from


class Refused(Wrong):
    """What the service answers with another status than `malformed`."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status}")
        self.status = status


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
class PushService(Provider):
    """Answers like those of the browsers' makers."""

    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    private_key: str = field(default_factory=keys.new_private_key)  # of the app

    @property
    def account(self) -> dict[str, object]:
        return {
            "subject": "mailto:ops@example.org",
            "private_key": self.private_key,
            "hosts": ["127.0.0.1"],
        }

    @property
    def words_matter(self) -> bool:
        return False

    def address(self, number: int = 0) -> dict[str, Any]:
        name = f"s{number}"
        known = self.subscriptions.get(name)
        key = keys.public_key(self.private_key)
        return (known or self._subscribe(name, key)).address

    def subscribe(self, key: str) -> Subscription:
        """A browser subscribes with this public key of the app."""
        return self._subscribe(f"s{len(self.subscriptions)}", key)

    def _subscribe(self, name: str, key: str) -> Subscription:
        # made from its name and place: another process that fakes the same knows it too
        seed = hashlib.sha512(f"{self.port} {name}".encode()).digest()
        private = ec.derive_private_key(int.from_bytes(seed[:31]) + 1, ec.SECP256R1())
        auth = seed[31:47]
        point = private.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        address = {
            "endpoint": f"{self.base}/push/{name}",
            "p256dh": b64urlencode(point),
            "auth": b64urlencode(auth),
            "key": key,
        }
        made = self.subscriptions[name] = Subscription(name, address, private, auth)
        return made

    def read(self, post: Post) -> Fields:
        found = self.subscriptions.get(post.path.removeprefix("/push/"))
        if found is None:
            raise Refused(404)
        status, claims = self._judge(post.headers, post.body, found.address["key"])
        if status != CREATED:
            raise Refused(status)
        pushed = Pushed(found.read(post.body), post.headers, claims)
        found.messages.append(pushed)
        found.arrived.set()
        return pushed.payload

    def success(self, fields: Fields) -> Answer:
        del fields
        return Answer(CREATED, headers={"Location": f"{self.base}/message/1"})

    def malformed(self, reason: str) -> Answer:
        return Answer(int(reason))

    def refusal(self) -> Answer:
        return Answer(410)

    def reports(self, fields: Fields) -> list[Report]:
        """The service worker says that it has shown the message."""
        path = fields.get("receipt", "")
        return [Report(f"{SITE}{path}", {}, b"")] if path else []

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
        now = self.clock().timestamp()
        good = (
            signed_with == key
            and claims["aud"] == self.base
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
    async with serving(PushService()) as fake:
        yield fake
