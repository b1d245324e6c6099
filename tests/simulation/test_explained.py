"""What is explained beforehand is what the engine then does, page for page."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import select

from pagefree.core.alerts import Severity
from pagefree.core.escalation import start
from pagefree.core.forecast import Page, Subject
from pagefree.core.policies import Policy
from pagefree.core.routing import importance
from pagefree.escalation import service as escalation
from pagefree.explain import outlook
from pagefree.tables.incidents import incidents
from pagefree.tables.notifications import notifications
from tests.simulation.configurations import companies
from tests.simulation.world import START, World

CONFIGURATIONS = 125  # of each seed
MOST_ROUNDS = 3000
HOURS = timedelta(hours=14)  # over a night, in every zone
Message = tuple[datetime, UUID, UUID | None, str, str | None, str]


def expected(page: Page) -> Message:
    status = "skipped" if page.skip else "sent"
    return (
        page.at,
        page.user_id,
        page.method.id if page.method else None,
        page.cause,
        page.skip.value if page.skip else None,
        status,
    )


async def explained(world: World, policy: Policy, severity: Severity) -> list[Message]:
    """What would be sent within the hours if nobody did anything."""
    subject = Subject(policy, importance(severity).urgency, start(world.now))
    until = world.now + HOURS
    seen = await outlook.foresee(world.tx, subject, until, world.now)
    return sorted((expected(page) for page in seen.pages), key=repr)


async def done(world: World) -> dict[UUID, list[Message]]:
    """What was sent, by incident; what is sent only later counts as that."""
    c = notifications.c
    rows = await world.tx.execute(
        select(
            c.incident_id,
            c.send_at,
            c.user_id,
            c.contact_method_id,
            c.cause,
            c.skip_reason,
            c.kind,
            c.status,
            c.finished_at,
        )
    )
    found: dict[UUID, list[Message]] = {}
    for incident_id, *message, kind, status, finished_at in rows:
        send_at = message[0]
        later = status == "planned" and send_at > START + HOURS
        # who is told of all that is exhausted has a storm: it is told in few messages
        on_time = finished_at == send_at or kind == "fallback"
        told = status in {"accepted", "delivered"} and on_time
        said = "sent" if later or told else status
        found.setdefault(incident_id, []).append((*message, said))
    return {i: sorted(messages, key=repr) for i, messages in found.items()}


async def run(world: World) -> None:
    """Let the hours pass, stopping wherever something is due."""
    for _ in range(MOST_ROUNDS):
        while await escalation.escalate_due(world.tx, world.now):
            pass
        while await world.send_due():
            pass
        due_at = await world.next_due()
        if due_at is None or due_at > START + HOURS:
            return
        world.now = max(world.now, due_at)
    pytest.fail("the world does not come to rest")


async def of_titles(world: World) -> Mapping[str, UUID]:
    rows = await world.tx.execute(select(incidents.c.title, incidents.c.id))
    return {row.title: row.id for row in rows}


@pytest.mark.parametrize("seed", range(4))
async def test_what_is_explained_is_what_the_engine_does(
    world: World, seed: int
) -> None:
    chance = Random(seed)
    stories: dict[str, list[Message]] = {}
    made = await companies(world, CONFIGURATIONS, chance)
    for number, company in enumerate(made):
        policy, severity = company.policy(), chance.choice(tuple(Severity))
        stories[f"#{number}"] = await explained(world, policy, severity)
        await world.send(
            world.source(policy), "key", severity=severity, title=f"#{number}"
        )

    await run(world)

    sent, ids = await done(world), await of_titles(world)
    assert {title: sent.get(ids[title], []) for title in stories} == stories
    assert sum(map(len, stories.values())) > 8 * CONFIGURATIONS
