"""Senders that deliver everything ten times in the same moment."""

import asyncio

import pytest

from pagefree.core.alerts import AlertEvent
from pagefree.infra.clock import system_clock
from pagefree.infra.db import transaction
from pagefree.integrations import all_kinds
from pagefree.invariants.queries import list_violations
from tests.ingest.scene import Scene
from tests.ingest.test_fuzz import ENDS, KINDS, request_of

TIMES = 10
MOST_SILENT = 3  # kinds
OPENED = """
SELECT i.kind, count(*), count(DISTINCT a.dedup_key)
FROM alerts AS a JOIN integrations AS i ON i.id = a.integration_id GROUP BY 1
"""


def conditions(kind: str) -> int:
    """How many the sample of a kind is about."""
    one = all_kinds()[kind]
    events = one.integration.endpoints[0].parse(one.test).events
    return len({e.dedup_key for e in events if isinstance(e, AlertEvent)})


@pytest.mark.fault("T-35", "every webhook is delivered ten times at once")
async def test_what_is_delivered_ten_times_at_once_is_one_alert(scene: Scene) -> None:
    sent = []
    for kind in KINDS:
        one = all_kinds()[kind]
        request = (scene, kind, one.integration.endpoints[0], one.test)
        sent += [request_of(*request) for _ in range(TIMES)]

    answers = await asyncio.gather(*map(scene.client.send, sent))

    assert {a.status_code for a in answers if not a.is_success} == set()
    opened = {kind: counts for kind, *counts in await scene.rows(OPENED)}
    # of the others, the sample says nothing without settings, or what is over by now
    assert len(opened) >= len(KINDS) - MOST_SILENT
    assert opened == {kind: [conditions(str(kind))] * 2 for kind in opened}
    async with transaction(scene.engine) as tx:
        for promise in ENDS:
            assert await list_violations(tx, promise, 1, system_clock()) == []
