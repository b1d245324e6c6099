"""Ten thousand at once."""

import time
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.incidents import service
from pagefree.infra.db import transaction
from pagefree.infra.ids import new_id
from tests.incidents.scene import NOW, Scene, burn

MANY = 10_000
# The promise is two seconds on an idle machine with two cores; this one runs other tests.
PATIENCE_S = 40.0


async def test_ten_thousand_incidents_are_acknowledged_and_resolved_in_moments(
    fresh_engine: AsyncEngine, committed: Scene
) -> None:
    async with transaction(fresh_engine) as tx:
        ids = await burn(tx, committed, *(f"incident {n}" for n in range(MANY)))
        await tx.execute(
            text(
                "INSERT INTO notifications (id, incident_id, user_id, channel, kind, cause,"
                " priority, status, created_at, send_at, due_at)"
                " SELECT gen_random_uuid(), id, :user, 'email', 'page', 'step 1', 0,"
                " 'planned', :now, :now, :now FROM incidents"
            ),
            {"user": committed.ana.user_id, "now": NOW},
        )

    took = {}
    began = time.perf_counter()
    async with transaction(fresh_engine) as tx:
        taken = await service.acknowledge_bulk(tx, ids, committed.ana, NOW)
    took["acknowledge"] = time.perf_counter() - began
    began = time.perf_counter()
    async with transaction(fresh_engine) as tx:
        over = await service.resolve_bulk(tx, ids, "all fine", committed.ana, NOW)
    took["resolve"] = time.perf_counter() - began

    assert (taken.changed, over.changed) == (MANY, MANY)
    assert (taken.refused, over.refused) == ((), ())
    assert max(took.values()) < PATIENCE_S, took
    async with transaction(fresh_engine) as tx:
        left = await tx.execute(
            text(
                "SELECT (SELECT count(*) FROM incidents WHERE status <> 'resolved'"
                " OR open_alert_count <> 0 OR last_seq <> 3),"
                " (SELECT count(*) FROM alerts WHERE status = 'open'),"
                " (SELECT count(*) FROM escalations WHERE state <> 'stopped'),"
                " (SELECT count(*) FROM notifications WHERE status = 'planned'),"
                " (SELECT count(*) FROM events)"
            )
        )
        assert tuple(left.one()) == (0, 0, 0, 0, 3 * MANY)


async def test_what_cannot_be_changed_is_named_with_the_reason(
    fresh_engine: AsyncEngine, committed: Scene
) -> None:
    unknown = new_id()
    async with transaction(fresh_engine) as tx:
        mine, over, merged_away = await burn(tx, committed, "a", "b", "c")
        await service.resolve(tx, over, None, committed.ana, NOW)
    ids = [mine, over, unknown, mine]

    async with transaction(fresh_engine) as tx:
        done = await service.acknowledge_bulk(tx, ids, committed.ana, NOW)
        again = await service.acknowledge_bulk(tx, [mine], committed.ana, NOW)
        forbidden = await service.acknowledge_bulk(
            tx, [merged_away], committed.eve, NOW + timedelta(minutes=1)
        )

    assert done.changed == 1
    assert {r.id: r.reason for r in done.refused} == {
        over: "the incident is already resolved and cannot be acknowledged",
        unknown: "there is no such incident",
    }
    assert (again.changed, again.refused) == (0, ())
    assert [(r.id, r.reason) for r in forbidden.refused] == [
        (merged_away, "you may not respond here")
    ]
