"""Rules as senders meet them: kept up with, counted when they fail, swept by the worker."""

import asyncio
from datetime import timedelta

import structlog

from pagefree.accounts import service as accounts
from pagefree.accounts.queries import NewUser
from pagefree.alerts.jobs import JOBS
from pagefree.core.access import Actor
from pagefree.infra.clock import system_clock
from pagefree.infra.db import create_engine, transaction
from pagefree.infra.queue import Context
from pagefree.invariants.service import list_violations
from pagefree.maintenance import service as maintenance
from pagefree.maintenance.service import Draft as Work
from pagefree.routing import service as routing
from pagefree.routing.actions import RuleActions
from pagefree.routing.service import Draft
from tests.ingest.scene import ADMIN, Scene
from tests.programs import eventually

WITHIN_S = 60


async def rule(scene: Scene, condition: str, **actions: object) -> None:
    """A rule of the installation, once ingest knows it."""
    draft = Draft("rule", condition, None, RuleActions.model_validate(actions))
    async with transaction(scene.engine) as tx:
        await routing.create_rule(tx, None, draft, ADMIN, system_clock())

    async def is_known() -> bool:
        kept = scene.ingest.snapshot.rulebook.kept
        return any(stored.condition == condition for stored in kept)

    await eventually(is_known, WITHIN_S)


async def test_a_new_rule_counts_without_a_restart(scene: Scene) -> None:
    await scene.generic({"title": "Before", "dedup_key": "a", "labels": {"env": "dev"}})

    await rule(scene, 'labels.env == "dev"', suppress={"reason": "nobody runs dev"})
    await scene.generic({"title": "After", "dedup_key": "b", "labels": {"env": "dev"}})

    assert await scene.outcomes() == ["opened", "suppressed"]
    assert await scene.rows("SELECT title FROM incidents") == [("Before",)]
    async with transaction(scene.engine) as tx:
        assert await list_violations(tx, system_clock()) == []


async def test_a_condition_that_fails_is_counted_where_people_see_it(
    scene: Scene,
) -> None:
    await rule(scene, "labels.env > 5", suppress={"reason": "never"})

    await scene.generic({"title": "Disk", "dedup_key": "a", "labels": {"env": "dev"}})
    await scene.ingest.snapshot.load()

    assert await scene.outcomes() == ["opened"]
    assert await scene.value("SELECT failures FROM routing_rules") == 1
    reason = await scene.value("SELECT last_failure FROM routing_rules")
    assert isinstance(reason, str)
    assert reason


async def test_one_batch_with_both_kinds_of_alerts_is_stored_whole(
    scene: Scene,
) -> None:
    await rule(scene, 'labels.alertname == "Noise"', suppress={"reason": "noise"})
    alerts = [
        {
            "status": status,
            "labels": {"alertname": name, "severity": "critical"},
            "startsAt": "2026-03-02T10:00:00Z",
            "fingerprint": f"{name}-{n}",
        }
        for n, (name, status) in enumerate(
            [("Noise", "firing"), ("Lag", "firing"), ("Noise", "resolved")]
        )
    ]

    await scene.alertmanager(*alerts)

    assert await scene.outcomes() == ["suppressed", "opened", "unmatched"]
    assert await scene.rows("SELECT alert_count FROM incidents") == [(1,)]


async def test_what_is_suppressed_and_over_in_one_batch_leaves_no_incident(
    scene: Scene,
) -> None:
    await rule(scene, "", suppress={"reason": "noise"})
    trigger = {"title": "Disk", "dedup_key": "a"}

    await asyncio.gather(
        scene.generic(trigger),
        scene.generic(trigger),
        scene.generic({"action": "resolve", "dedup_key": "a"}),
        scene.generic({"action": "acknowledge", "dedup_key": "a"}),
    )

    assert await scene.value("SELECT count(*) FROM incidents") == 0
    async with transaction(scene.engine) as tx:
        assert await list_violations(tx, system_clock()) == []


async def test_the_worker_brings_back_what_is_due_and_says_when_the_next_is(
    scene: Scene, fresh_database: str
) -> None:
    now = system_clock()
    await rule(scene, 'title == "held"', hold_s=300)
    await scene.generic({"title": "held", "dedup_key": "a"})
    job = next(job for job in JOBS if job.name == "alerts.due")
    engine = create_engine(fresh_database, pool_size=1)
    log = structlog.get_logger()

    soon = await job.work(Context(engine, system_clock, log))
    assert soon is not None
    assert 200 < soon <= 300
    later = now.replace(year=now.year + 1)
    assert await job.work(Context(engine, lambda: later, log)) is None
    await engine.dispose()

    assert await scene.rows("SELECT title, status FROM incidents") == [
        ("held", "triggered")
    ]
    assert job.every_s == 1


async def test_work_that_begins_now_is_known_at_once(scene: Scene) -> None:
    now = system_clock()
    end = now + timedelta(hours=1)
    draft = Work("Upgrade", now, end, (), {}, None, "UTC", None)
    async with transaction(scene.engine) as tx:
        new = NewUser("ana@example.org", "Ana", None, platform_admin=True)
        ana = await accounts.create_user(tx, new, now)
        admin = Actor(ana.id, ana.name, platform_admin=True)
        await maintenance.create_window(tx, None, draft, admin, now)

    async def is_known() -> bool:
        return bool(scene.ingest.snapshot.rulebook.work)

    await eventually(is_known, WITHIN_S)
    await scene.generic({"title": "Disk", "dedup_key": "a"})

    assert await scene.outcomes() == ["suppressed"]
    assert await scene.value("SELECT suppressed_by FROM alerts") == "Upgrade"
