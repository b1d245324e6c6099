"""Bad input on every address of ingest: never a 5xx, nothing lost that was answered 2xx."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

import pagefree.integrations
from pagefree.alerts import asgi
from pagefree.alerts.lane import Limits
from pagefree.integrations import all_kinds, samples
from tests.ingest.scene import Scene, opened

MEBIBYTE = 1024 * 1024
# what must be signed is refused before it is read
KINDS = sorted(n for n, k in all_kinds().items() if k.integration.verify is None)
STRICT = {name for name, k in all_kinds().items() if k.integration.endpoints[0].strict}
TRAPS = [
    b"NaN",
    b'{"title":NaN}',
    b'{"title":1e100000}',
    b'{"title":"x","labels":{"n":1e100000,"m":-1e400000}}',
    b'{"title":"a\\u0000b","dedup_key":"\\u0000"}',
    b'{"title":"\\ud800","labels":{"\\udfff":"\\ud800x"}}',
    b'{"title":' + b"9" * 5000 + b"}",
    b'{"title":"x","labels":{"big":123456789012345678901234567890}}',
    b"[" * 100_000,
    b'{"a":' * 5000 + b"1" + b"}" * 5000,
    b'{"title":"x","labels":' + b'{"a":' * 200 + b"1" + b"}" * 200 + b"}",
    b"\xef\xbb\xbf" + b'{"title":"from PowerShell"}',
    b'{"title":"one","title":"two"}',
    b'{"title":"\xff\xfe"}',
    b"",
    b" ",
    b"null",
    b"[]",
    b"[[]]",
    b"{}",
    b"true",
    b"payload=%7B%22title%22%3A%22form%22%7D",
    b"payload=%",
    b'{"title":["x"],"dedup_key":{"a":1},"severity":[],"labels":[1],"links":{"a":1}}',
    b'{"dedup_key":"' + "ü".encode() * 300 + b'"}',
    b'{"alerts":[1,null,[],{"labels":[]},{"status":5,"startsAt":5,"fingerprint":{}}]}',
    b'{"alerts":[{"startsAt":"0001-01-01T00:00:00+23:59"}]}',
    b'{"alerts":[{"startsAt":"9999-12-31T23:59:59-23:59"}]}',
    b'{"alerts":{}}',
    b'{"event_action":"trigger","payload":{"summary":1,"source":true,"severity":9e99}}',
    b'{"event_action":["trigger"],"payload":[]}',
    b'{"links":[{"href":"javascript:alert(1)"}],"source_url":"data:x","title":"x"}',
]


async def stored_bodies(scene: Scene) -> Counter[bytes]:
    """How often each body is on disk."""
    rows = await scene.connection.fetch("SELECT body FROM inbound_requests")
    await scene.connection.execute("DELETE FROM inbound_requests")
    return Counter(body for (body,) in rows)


async def check(scene: Scene, sent: list[tuple[str, bytes]]) -> None:
    """Post all of `sent` at once."""
    sent = [
        (kind, body.replace(b"{{key}}", scene.sources[kind].key.encode()))
        for kind, body in sent
    ]
    answers = await asyncio.gather(*(scene.post(kind, body) for kind, body in sent))

    assert {answer.status_code for answer in answers} <= {200, 202, 204, 400, 422}
    accepted = Counter(
        body
        for (_, body), answer in zip(sent, answers, strict=True)
        if answer.is_success
    )
    on_disk = await stored_bodies(scene)
    assert accepted - on_disk == Counter()
    for (kind, _), answer in zip(sent, answers, strict=True):
        assert answer.is_success or kind in STRICT


@pytest.mark.parametrize("kind", KINDS)
async def test_the_traps_of_json_are_survived(scene: Scene, kind: str) -> None:
    await check(scene, [(kind, trap) for trap in TRAPS])


async def test_every_sample_is_taken_in(scene: Scene) -> None:
    folder = Path(pagefree.integrations.__file__).parent
    sent = [
        (kind, sample.read_bytes())
        for kind in KINDS
        for sample in samples(folder / kind)
    ]

    await check(scene, sent)


@pytest.mark.parametrize(
    ("kind", "limit"),
    [("generic", MEBIBYTE), ("alertmanager", 4 * MEBIBYTE), ("pagerduty_v2", 524_288)],
)
async def test_an_oversize_body_is_refused_but_the_loss_can_be_seen(
    scene: Scene, kind: str, limit: int
) -> None:
    key = scene.sources["pagerduty_v2"].key
    start = json.dumps({"routing_key": key, "title": "x"}).encode()

    fits = await scene.post(kind, start + b" " * (limit - len(start)))
    larger = await scene.post(kind, start + b" " * (limit - len(start) + 1))

    assert fits.status_code in {202, 400}
    assert larger.status_code == 413
    assert await scene.rows(
        "SELECT outcome, length(body), error LIKE '%larger than%' FROM inbound_requests"
        " ORDER BY id DESC LIMIT 1"
    ) == [("quarantined", 65536, True)]


async def test_an_endless_body_is_refused_as_soon_as_it_is_too_long(
    scene: Scene,
) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield b"x" * 65536

    key = scene.sources["generic"].key
    answer = await scene.client.post(f"/in/generic/{key}", content=endless())

    assert (answer.status_code, answer.headers["Connection"]) == (413, "close")
    assert sent < 50


async def test_a_sender_that_hangs_up_leaves_nothing_behind(scene: Scene) -> None:
    key = scene.sources["generic"].key
    coming: list[asgi.Message] = [
        {"type": "http.request", "body": b'{"title":', "more_body": True},
        {"type": "http.disconnect"},
    ]
    answered: list[asgi.Message] = []

    async def receive() -> asgi.Message:
        return coming.pop(0)

    async def send(message: asgi.Message) -> None:
        answered.append(message)

    path = f"/in/generic/{key}"
    scope = {"type": "http", "method": "POST", "path": path, "headers": []}
    await scene.app(scope, receive, send)

    assert answered == []
    assert await scene.value("SELECT count(*) FROM inbound_requests") == 0


@pytest.mark.parametrize("sent", [[], [b'{"routing_key":']])
async def test_a_sender_that_sends_nothing_more_is_not_waited_for(
    fresh_database: str, sent: list[bytes]
) -> None:
    coming: list[asgi.Message] = [
        {"type": "http.request", "body": part, "more_body": True} for part in sent
    ]
    answered: list[asgi.Message] = []

    async def receive() -> asgi.Message:
        if not coming:
            await asyncio.Event().wait()
        return coming.pop(0)

    async def send(message: asgi.Message) -> None:
        answered.append(message)

    async with (
        opened(fresh_database, Limits(body_s=0.05)) as scene,
        asyncio.timeout(60),
    ):
        await scene.app(
            {"type": "http", "method": "POST", "path": "/v2/enqueue", "headers": []},
            receive,
            send,
        )

    start = answered[0]
    assert start["status"] == 503
    assert {(b"connection", b"close"), (b"retry-after", b"5")} <= set(start["headers"])


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer"},
        {"Authorization": "Basic pfi_x"},
        {"Authorization": b"Bearer \xff\xfe"},
        {"Authorization": "Bearer " + "x" * 5000},
        {"Content-Type": b"\xff" * 1000, "Authorization": "Bearer x"},
    ],
)
async def test_strange_headers_are_no_key(
    scene: Scene, headers: dict[str, str | bytes]
) -> None:
    request = httpx2.Request(
        "POST",
        "http://pagefree.test/in/generic",
        headers=[
            (name.encode(), value if isinstance(value, bytes) else value.encode())
            for name, value in headers.items()
        ],
        content=b"{}",
    )

    answer = await scene.client.send(request)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
