"""A signed request to a runner of one's own: Standard Webhooks 1.0, HMAC or ed25519.

What is signed says which approved content is meant, with which parameters, and that it
counts for five minutes: a runner checks that against a list of its own, and runs each
`nonce` once. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec
"""

import asyncio
import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from pagefree.core.errors import Invalid
from pagefree.core.runbook_runs import Fate
from pagefree.infra import templates
from pagefree.infra.ids import new_id
from pagefree.infra.template_budget import one_budget
from pagefree.targets.base import (
    Address,
    Launched,
    LaunchError,
    Order,
    Path,
    Target,
    Way,
    ask,
    order,
    require_fine,
)

NAME = "the webhook"
VALID = timedelta(minutes=5)
HMAC_PREFIX, ED25519_PREFIX = "whsec_", "whsk_"
LEAST_KEY, SEED = 24, 32  # bytes
MOST_BODY = 8000
OWN_HEADERS = (
    "webhook-",
    "content-",
    "host",
    "authorization",
    "idempotency-",
    "x-pagefree",
)


def _key(secret: SecretStr) -> SecretStr:
    _decoded(secret.get_secret_value())
    return secret


def _decoded(key: str) -> bytes:
    for prefix, least in ((HMAC_PREFIX, LEAST_KEY), (ED25519_PREFIX, SEED)):
        if key.startswith(prefix):
            try:
                found = base64.b64decode(key.removeprefix(prefix), validate=True)
            except binascii.Error:
                found = b""
            if len(found) >= least and (prefix == HMAC_PREFIX or len(found) == SEED):
                return found
    raise ValueError("whsec_ and base64 of 24 bytes or more, or whsk_ and base64 of 32")


class Connection(BaseModel):
    """A runner that takes signed requests."""

    model_config = ConfigDict(extra="forbid", title="Signed webhook")

    api_url: Address = Field(
        title="Address", examples=["https://runner.example.org/pagefree"]
    )
    key: Annotated[SecretStr, AfterValidator(_key)] = Field(
        title="Signing key",
        description="`whsec_…` signs with HMAC-SHA256, `whsk_…` (an ed25519 seed) with v1a.",
    )
    check_path: Path = Field(
        "/",
        title="Path of the test",
        description="Answers 2xx to a signed `runbook.check`.",
    )


def _headers(given: dict[str, str]) -> dict[str, str]:
    for name, value in given.items():
        plain = value.isascii() and value.isprintable()
        if name.lower().startswith(OWN_HEADERS) or not name.replace("-", "").isalnum():
            raise ValueError(f"{name} is not yours to set")
        if not plain or not name.isascii():
            raise ValueError(f"{name}: plain text only")
    return given


def _body(text: str) -> str:
    if not text:
        return text
    try:
        written = json.loads(text)
    except (ValueError, RecursionError) as e:
        raise ValueError("the body is JSON whose texts are templates") from e
    for template in _texts(written):
        try:
            templates.check(template)
        except Invalid as e:
            raise ValueError(str(e)) from e
    return text


class Content(BaseModel):
    """What the runner is asked to do."""

    model_config = ConfigDict(extra="forbid", title="Signed webhook")

    path: Path = Field("/", title="Path", description="After the connection's address.")
    method: Literal["POST", "PUT"] = Field("POST", title="Method")
    headers: Annotated[dict[str, str], AfterValidator(_headers)] = Field(
        default_factory=dict, title="Headers", max_length=20
    )
    body: Annotated[str, AfterValidator(_body)] = Field(
        "",
        title="Body",
        description="JSON; texts in it are Handlebars over `parameters`, `incident`, `alert`.",
        max_length=MOST_BODY,
    )
    result: Literal["callback", "answer"] = Field(
        "callback",
        title="How it ends",
        description="By a callback, or with the answer: any 2xx is a success.",
    )


async def launch(way: Way, what: Order) -> Launched:
    """Hand it to the runner, signed."""
    data: dict[str, object] = {
        "run_id": str(what.run_id),
        "content_hash": what.content_hash,
        "parameters": dict(what.parameters),
        "issued_at": way.now.isoformat(),
        "expires_at": (way.now + VALID).isoformat(),
        "nonce": secrets.token_urlsafe(18),
        "callback": {"url": what.callback_url, "token": what.callback_token},
    }
    if what.content.body:
        data["body"] = await asyncio.to_thread(_rendered, what)
    body = _envelope("runbook.run", data, way.now)
    url = _joined(way.connection.api_url, what.content.path)
    headers = {
        **what.content.headers,
        "Idempotency-Key": str(what.run_id),
        **signed(way.connection.key, what.run_id, body, way.now),
    }
    reply = await order(way, url, headers, body, NAME, method=what.content.method)
    if what.content.result == "callback":
        return Launched(None)
    return Launched(None, outcome=f"{NAME} answered {reply.status}")


async def check(way: Way) -> None:
    """Ask the runner whether it knows our signature."""
    body = _envelope("runbook.check", {}, way.now)
    headers = signed(way.connection.key, new_id(), body, way.now)
    url = _joined(way.connection.api_url, way.connection.check_path)
    require_fine(await ask(way, "POST", url, headers, body), NAME)


def signed(key: SecretStr, id_: UUID, body: bytes, now: datetime) -> dict[str, str]:
    """The headers of the specification."""
    text, stamp = key.get_secret_value(), str(int(now.timestamp()))
    message = f"{id_}.{stamp}.".encode() + body
    if text.startswith(ED25519_PREFIX):
        private = Ed25519PrivateKey.from_private_bytes(_decoded(text))
        signature = "v1a," + base64.b64encode(private.sign(message)).decode()
    else:
        mac = hmac.digest(_decoded(text), message, hashlib.sha256)
        signature = "v1," + base64.b64encode(mac).decode()
    return {
        "Content-Type": "application/json",
        "webhook-id": str(id_),
        "webhook-timestamp": stamp,
        "webhook-signature": signature,
    }


def _envelope(kind: str, data: Mapping[str, object], now: datetime) -> bytes:
    body = {"type": kind, "timestamp": now.isoformat(), "data": data}
    return json.dumps(body, ensure_ascii=False).encode()


def _joined(address: str, path: str) -> str:
    return address + (path if path != "/" else "")


def _rendered(what: Order) -> object:
    """The body with values in its texts: what is in a value stays in that text."""
    facts = {**what.facts, "parameters": dict(what.parameters)}
    try:
        with one_budget():
            return _filled(json.loads(what.content.body), facts)
    except Invalid as e:
        raise LaunchError(f"the body cannot be written: {e}", Fate.REJECTED) from e


def _filled(value: object, facts: Mapping[str, object]) -> object:
    if isinstance(value, str):
        return templates.rendered(value, facts)
    if isinstance(value, dict):
        return {name: _filled(one, facts) for name, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, facts) for one in value]
    return value


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for one in value.values() for text in _texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return []


TARGET = Target(
    title="Signed webhook",
    summary="A runner of your own, which checks our signature and calls back.",
    Connection=Connection,
    Content=Content,
    launch=launch,
    check=check,
)
