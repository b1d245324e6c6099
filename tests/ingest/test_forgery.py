"""Forged requests at the address of every kind that can verify: 401, and nothing happens."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import pytest

from pagefree.alerts.asgi import Message
from pagefree.core.signatures import AnyOf, Elsewhere, Encoding, Hmac, Scheme, Token
from pagefree.infra.clock import system_clock
from pagefree.infra.crypto import Vault
from pagefree.infra.db import transaction
from pagefree.integrations import all_kinds
from pagefree.services import intake
from tests.ingest.scene import ADMIN, VAULT_KEY, Scene

SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
OTHER = "whsec_ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="
Headers = Sequence[tuple[bytes, bytes]]


def ways() -> list[object]:
    """Every way of signing of every kind."""
    return [
        pytest.param(name, way, id=f"{name}-{way.name}-{n}")
        for name, kind in all_kinds().items()
        for n, way in enumerate(_ways(kind.integration.signature))
    ]


def _ways(scheme: Scheme | None) -> Sequence[Hmac | Token]:
    if scheme is None or isinstance(scheme, Elsewhere):
        return ()
    return scheme.ways if isinstance(scheme, AnyOf) else (scheme,)


def signed(way: Scheme, body: bytes, secret: str, at: int) -> tuple[bytes, Headers]:
    """A body and headers as the sender would make them."""
    if isinstance(way, Token):
        token = secret
        if way.hashed:
            token = hashlib.new(way.hashed, secret.encode()).hexdigest()
        if way.header.islower():
            return body, [(way.header.encode(), token.encode())]
        return urlencode({way.header: token, "Status": "Down"}).encode(), []
    assert isinstance(way, Hmac)
    key = secret.encode()
    if way.base64_secret:
        key = base64.b64decode(key.removeprefix(b"whsec_"))
    known = {"{body}": body, "{timestamp}": str(at).encode(), "{id}": b"msg_1"}
    message = b"".join(known.get(part, part.encode()) for part in way.message)
    digest = hmac.digest(key, message, way.algorithm)
    text = digest.hex()
    if way.encoding is Encoding.BASE64:
        text = base64.b64encode(digest).decode()
    headers = [(way.header.encode(), (way.prefix + text).encode())]
    if way.timestamp_header:
        headers.append((way.timestamp_header.encode(), str(at).encode()))
    if way.id_header:
        headers.append((way.id_header.encode(), b"msg_1"))
    return body, headers


async def post(scene: Scene, kind: str, body: bytes, headers: Headers) -> int:
    """How raw bytes are answered; a client would not send some of these headers."""
    source, answers = scene.sources[kind], []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        answers.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": f"{all_kinds()[kind].path}/{source.key}",
        "query_string": b"",
        "headers": list(headers),
    }
    await scene.app(scope, receive, send)
    return int(answers[0]["status"])


async def protect(scene: Scene, kind: str, secret: str) -> None:
    """Require that requests are signed with `secret`."""
    now = system_clock()
    async with transaction(scene.engine) as tx:
        source = scene.sources[kind]
        vault = Vault(VAULT_KEY)
        await intake.add_secret(tx, source.id, secret, vault, ADMIN, now)
    await scene.ingest.snapshot.load()


def spoiled(headers: Headers) -> Mapping[str, Headers]:
    """What is wrong with a signature, in each way that a header can be wrong."""
    (name, value), *others = headers

    def instead(*values: bytes) -> Headers:
        return [*((name, v) for v in values), *others]

    return {
        "missing": others,
        "empty": instead(b""),
        "truncated": instead(value[:-1]),
        "other encoding": instead(base64.b85encode(value)),
        "non-ascii": instead(value[:-1] + b"\xe9"),
        "not utf-8": instead(b"\xff\xfe" * 32),
        "nul": instead(value + b"\0"),
        "two, the wrong one first": instead(b"x", value),
        "prefix twice": instead(b"sha256=" + value),
        "huge": instead(value * 1000),
        "only the name": [(name, b"")],
    }


@pytest.mark.parametrize(("kind", "way"), ways())
async def test_only_what_is_signed_right_is_taken_in(
    scene: Scene, kind: str, way: Hmac | Token
) -> None:
    await protect(scene, kind, SECRET)
    await protect(scene, "gitlab" if kind == "github" else "github", OTHER)
    body = all_kinds()[kind].test.body
    at = int(system_clock().timestamp())
    good, headers = signed(way, body, SECRET, at)
    forged: dict[str, tuple[bytes, Headers]] = {
        "the key of another integration": signed(way, body, OTHER, at),
        "another key": signed(way, body, "whsec_AAAA", at),
        "empty key": signed(way, body, "whsec_", at),
        "unsigned": (body.replace(b"Token=", b"Not="), []),
    }
    if headers:
        forged |= {name: (good, each) for name, each in spoiled(headers).items()}
    if isinstance(way, Hmac):
        forged["another body"] = (good + b" ", headers)
        forged["re-serialised"] = (json.dumps(json.loads(good)).encode(), headers)
        if way.timestamp_header:
            forged["too old"] = signed(way, body, SECRET, at - 302)
            forged["too new"] = signed(way, body, SECRET, at + 302)

    answers = {name: await post(scene, kind, *each) for name, each in forged.items()}

    assert set(answers.values()) == {401}, answers
    assert await scene.value("SELECT count(*) FROM alerts") == 0
    assert await scene.value("SELECT count(*) FROM changes") == 0
    assert await post(scene, kind, good, headers) in {200, 202}
    verdicts = "SELECT DISTINCT signature FROM inbound_requests ORDER BY 1"
    assert await scene.rows(verdicts) == [("rejected",), ("verified",)]


async def test_a_signature_is_good_once_while_it_is_fresh(scene: Scene) -> None:
    await protect(scene, "gitlab", SECRET)
    way = all_kinds()["gitlab"].integration.signature
    assert isinstance(way, AnyOf)
    body, at = b'{"object_kind":"push","project":{"id":1}}', system_clock().timestamp()
    body, headers = signed(way.ways[1], body, SECRET, int(at))

    for extra in ([], [(b"idempotency-key", b"x")], [(b"x-gitlab-event-uuid", b"y")]):
        assert await post(scene, "gitlab", body, [*headers, *extra]) in {200, 202}
    (name, value), *others = headers
    twice = [(name, value + b" v1,AAAA"), *others]
    assert await post(scene, "gitlab", body, twice) in {200, 202}

    rows = await scene.rows("SELECT outcome FROM inbound_requests ORDER BY id")
    assert [outcome for (outcome,) in rows[1:]] == ["repeated"] * 3


async def test_the_secret_of_another_integration_opens_nothing(scene: Scene) -> None:
    for kind, secret in (("github", SECRET), ("checkly", OTHER)):
        await protect(scene, kind, secret)
    way = all_kinds()["github"].integration.signature
    assert isinstance(way, Hmac)

    body, headers = signed(way, b"{}", OTHER, 0)

    assert await post(scene, "github", body, headers) == 401


async def test_secrets_sealed_with_another_key_let_nobody_in(scene: Scene) -> None:
    await protect(scene, "github", SECRET)
    await scene.connection.execute("UPDATE signing_secrets SET sealed = 'x'")
    await scene.ingest.snapshot.load()
    way = all_kinds()["github"].integration.signature
    assert way is not None

    body, headers = signed(way, b"{}", SECRET, 0)

    assert await post(scene, "github", body, headers) == 401
    assert await post(scene, "github", b"{}", []) == 401
