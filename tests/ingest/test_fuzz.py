"""Damaged requests of every protocol over HTTP: no 5xx, and each has exactly one end."""

import asyncio
from collections import Counter
from random import Random
from urllib.parse import quote

import httpx2
import pytest

from pagefree.infra.clock import system_clock
from pagefree.infra.db import transaction
from pagefree.integrations import all_kinds
from pagefree.integrations.base import Endpoint, Inbound
from pagefree.invariants.queries import list_violations
from tests.ingest.scene import Scene
from tests.providers.test_integrations_fuzz import BODIES, damaged, deliveries

AT_ONCE = 50
PARTS = 4
# what must be signed is refused before it is read
KINDS = sorted(n for n, k in all_kinds().items() if k.integration.verify is None)
ENDS = ("I-1", "I-3")  # nothing is due here: nobody escalates


def request_of(
    scene: Scene, kind: str, endpoint: Endpoint, inbound: Inbound
) -> httpx2.Request:
    """What would arrive, with the key where the kind has it."""
    key = scene.sources[kind].key
    beside = endpoint.key_in_body or not endpoint.key_in_path
    address = endpoint.path if beside else f"{endpoint.path}/{key}"
    if endpoint.rest or not endpoint.key_in_path:
        address += quote(inbound.rest, errors="replace")
    headers = [
        (name.encode("latin-1"), value.encode("latin-1"))
        for name, value in inbound.headers.items()
    ]
    if not endpoint.key_in_path:
        headers.append((b"authorization", f"Bearer {key}".encode()))
    return httpx2.Request(
        inbound.method,
        f"http://pagefree.test{address}",
        params=dict(inbound.query),
        headers=headers,
        content=inbound.body.replace(b"{{key}}", key.encode()),
    )


@pytest.mark.parametrize("part", range(PARTS))
async def test_whatever_arrives_is_answered_and_comes_to_one_end(
    scene: Scene, part: int
) -> None:
    random = Random(part)
    accepted = Counter[bytes]()
    for kind in KINDS[part::PARTS]:
        for _ in range(BODIES // AT_ONCE):
            sent = []
            for _ in range(AT_ONCE):
                endpoint, intact = random.choice(deliveries(kind))
                inbound = damaged(random, intact)
                sent.append(request_of(scene, kind, endpoint, inbound))
            answers = await asyncio.gather(*map(scene.client.send, sent))
            failed = [a for a in answers if a.status_code >= 500]
            assert not failed, (kind, failed[0].request.content, failed[0].text)
            accepted.update(a.request.content for a in answers if a.is_success)

    rows = await scene.connection.fetch("SELECT body FROM inbound_requests")
    assert accepted - Counter(body for (body,) in rows) == Counter()
    async with transaction(scene.engine) as tx:
        for promise in ENDS:
            assert await list_violations(tx, promise, 1, system_clock()) == []
