"""Sources, people and the sweep all at once, on the same incidents: every promise holds.

A deadlock, a lost update or a gap in a timeline fails this; the seed is in the name.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from random import Random
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.alerts import due, rulebook
from pagefree.alerts.batch import take_in
from pagefree.alerts.requests import Request, Source
from pagefree.alerts.rulebook import NO_RULES
from pagefree.core.access import Actor
from pagefree.core.alerts import Action, AlertEvent
from pagefree.core.errors import PageFreeError
from pagefree.escalation import service as escalation
from pagefree.incidents import merging, people, queries, service, writing
from pagefree.incidents.queries import Filter
from pagefree.infra.db import Tx, driver, transaction
from pagefree.infra.ids import new_id
from pagefree.invariants.service import list_violations
from pagefree.routing import service as routing
from pagefree.routing.actions import RuleActions
from pagefree.routing.evaluation import Failures
from pagefree.routing.service import Draft
from tests.incidents.scene import MINUTE, NOW, Scene, set_scene

KEYS = [f"host-{n}" for n in range(12)]
GROUPS = [None, "disk", "cpu"]
ROUNDS = 25

Verb = Callable[[Tx], Awaitable[object]]


async def once(engine: AsyncEngine, verb: Verb, *, again: bool = False) -> None:
    """One transaction; what may be refused is. Ingest does again what lost a race."""
    for _ in range(20):
        try:
            async with transaction(engine) as tx:
                await verb(tx)
        except (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError):
            if not again:
                raise
            continue
        except PageFreeError:
            return
        return
    raise AssertionError("it lost twenty races in a row")


async def sources(engine: AsyncEngine, scene: Scene, random: Random) -> None:
    """Fire and resolve a few conditions, in batches, grouped and not."""
    source = Source(
        scene.integration_id,
        scene.integration_id.bytes,
        "generic",
        "Prometheus",
        scene.service_id,
        scene.team_id,
        scene.policy,
        scene.source,
    )
    for _ in range(ROUNDS):
        events = [
            AlertEvent(
                random.choice([Action.TRIGGER, Action.TRIGGER, Action.RESOLVE]),
                key,
                "Disk full",
                group_key=random.choice(GROUPS),
            )
            for key in random.choices(KEYS, k=random.randint(1, 6))
        ]
        requests = [
            Request(new_id(), source, b"{}", "application/json", "test", [event])
            for event in events
        ]

        await once(engine, partial(take, requests=requests), again=True)


async def take(tx: Tx, requests: list[Request]) -> None:
    rules = await rulebook.load(tx, Failures(), NO_RULES, NOW)
    await take_in(await driver(tx), requests, NOW, rules)


RULES: list[tuple[str, dict[str, object]]] = [
    ("host-0", {"hold_s": 30}),
    ("host-1", {"hold_s": 90}),
    ("host-2", {"suppress": {"reason": "noise"}}),
    ("host-3", {"suppress": {"reason": "noise", "for_s": 60}}),
    ("host-4", {"count": {"times": 3, "within_s": 600}}),
    ("host-5", {"auto_resolve_s": 60}),
]


async def make_rules(tx: Tx, scene: Scene) -> None:
    """Some keys are held, suppressed, counted, or over by themselves."""
    admin = Actor(scene.ana.user_id, "Ana", platform_admin=True)
    for key, actions in RULES:
        does = RuleActions.model_validate(actions)
        draft = Draft(key, f'dedup_key == "{key}"', None, does)
        await routing.create_rule(tx, None, draft, admin, NOW)


async def look_again(engine: AsyncEngine, random: Random) -> None:
    """Bring back whatever is due, a little later each time."""
    for n in range(ROUNDS):
        at = NOW + n * MINUTE / 4
        await once(engine, partial(due.look_again, now=at), again=True)
        await asyncio.sleep(random.random() / 50)


async def responders(engine: AsyncEngine, scene: Scene, random: Random) -> None:
    """Do everything that people do, to whatever is there."""
    for _ in range(ROUNDS):
        async with transaction(engine) as tx:
            found = await queries.list_incidents(tx, Filter(), None, 20)
        if found:
            ids = [random.choice(found).id for _ in range(8)]
            actor = random.choice([scene.ana, scene.bo])
            await once(engine, random.choice(verbs(scene, ids, actor)))


def verbs(scene: Scene, ids: list[UUID], actor: Actor) -> list[Verb]:
    """All that may be done to these incidents."""
    one, other = ids[0], ids[1]
    bo, eve = scene.bo.user_id, scene.eve.user_id
    return [
        lambda tx: service.acknowledge(tx, one, actor, NOW),
        lambda tx: service.unacknowledge(tx, one, actor, NOW),
        lambda tx: service.resolve(tx, one, "note", actor, NOW),
        lambda tx: service.reopen(tx, one, actor, NOW),
        lambda tx: service.snooze(tx, one, NOW + MINUTE, actor, NOW),
        lambda tx: service.wake(tx, one, actor, NOW),
        lambda tx: service.acknowledge_bulk(tx, ids, actor, NOW),
        lambda tx: service.resolve_bulk(tx, ids, None, actor, NOW),
        lambda tx: merging.merge(tx, one, other, actor, NOW),
        lambda tx: merging.merge(tx, other, one, actor, NOW),
        lambda tx: merging.unmerge(tx, one, actor, NOW),
        lambda tx: people.assign_user(tx, one, bo, actor, NOW),
        lambda tx: people.add_responder(tx, one, eve, actor, NOW),
        lambda tx: writing.add_note(tx, one, "hm", actor, NOW),
    ]


async def sweep(engine: AsyncEngine, random: Random) -> None:
    """Escalate whatever is due, a little later each time."""
    for n in range(ROUNDS):
        at = NOW + n * MINUTE / 4
        await once(engine, partial(escalation.escalate_due, now=at, limit=50))
        await asyncio.sleep(random.random() / 50)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_every_promise_holds_however_everything_happens_at_once(
    fresh_engine: AsyncEngine, seed: int
) -> None:
    async with transaction(fresh_engine) as tx:
        scene = await set_scene(tx)
        await make_rules(tx, scene)

    await asyncio.gather(
        *(sources(fresh_engine, scene, Random(seed * 10 + n)) for n in range(2)),
        *(responders(fresh_engine, scene, Random(seed * 20 + n)) for n in range(4)),
        *(sweep(fresh_engine, Random(seed * 30 + n)) for n in range(2)),
        *(look_again(fresh_engine, Random(seed * 40 + n)) for n in range(2)),
    )

    async with transaction(fresh_engine) as tx:
        assert await list_violations(tx, NOW) == []
