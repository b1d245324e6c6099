"""What the demo's team learned: an incident of last week, its postmortem and what it asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.core.access import Actor, Role
from pagefree.core.action_items import ItemStatus
from pagefree.core.alerts import Severity
from pagefree.core.postmortems import PostmortemMove
from pagefree.incidents import service as incidents
from pagefree.incidents import writing
from pagefree.incidents.writing import Declaration
from pagefree.infra.db import Tx
from pagefree.postmortems import contents, editing, items, service
from pagefree.postmortems.items import ItemDraft
from pagefree.services import queries as service_queries
from pagefree.services import service as services

AGO = timedelta(days=6, hours=3)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
SERVICE = "Card gateway"
TITLE = "Card payments fail after the certificate expired"
SUMMARY = """\
For 47 minutes nobody could pay by card: the certificate with which we sign in at the bank had \
expired. It was renewed by hand, and payments that were waiting went through.
"""
BODY = """\
## What happened

The bank refused every request from **09:02** on, because the certificate with which we sign in \
had expired the minute before. Card payments failed at the last step; all other ways to pay \
went on working.

## Root causes

1. **Why did payments fail?** The certificate had expired.
2. **Why was it not renewed?** It is renewed by hand, once a year.
3. **Why did nobody do it?** The reminder went to a mailbox that nobody reads since the team \
was divided.
4. **Why did we learn of it from customers?** The health check asks the gateway whether it \
runs, not whether the bank answers.

## What went well

- Four minutes after the first page somebody was on it.
- The status page told customers to pay by invoice, and many did.

## What went badly

| | how it was | how it should be |
|---|---|---|
| we noticed after | 6 min | 1 min |
| we knew the cause after | 21 min | 5 min |

## Where we were lucky

It was Tuesday morning. On a Friday evening it would have been ten times as many.
"""
NOTE = "About 310 customers could not pay by card; 84 of them paid by invoice instead."


@dataclass(frozen=True, slots=True)
class _Team:
    ana: Actor
    bo: Actor
    chidi_id: UUID


async def load(
    tx: Tx, team_id: UUID, people: Mapping[str, UUID], now: datetime
) -> None:
    """Add the incident as it happened, and what Bo wrote and Ana published."""
    responder = {team_id: Role.RESPONDER}
    team = _Team(
        Actor(people["Ana Souza"], "Ana Souza", platform_admin=True),
        Actor(people["Bo Lindqvist"], "Bo Lindqvist", roles=responder),
        people["Chidi Okafor"],
    )
    began = now - AGO
    incident_id = await _incident(tx, team, began)
    written = began + DAY
    postmortem_id = await service.create(tx, [incident_id], BODY, team.bo, written)
    await _write(tx, postmortem_id, team, written)
    await _ask(tx, postmortem_id, team, now)
    move, published = service.move, written + 5 * 60 * MINUTE
    await move(tx, postmortem_id, PostmortemMove.SUBMIT, team.bo, published)
    await move(tx, postmortem_id, PostmortemMove.PUBLISH, team.ana, published)


async def _incident(tx: Tx, team: _Team, began: datetime) -> UUID:
    known = await services.list_services(tx, service_queries.Filter(), None, 100)
    [gateway] = [one for one in known if one.name == SERVICE]
    declared = Declaration(gateway.id, TITLE, severity=Severity.CRITICAL)
    incident_id = await writing.declare(tx, declared, team.ana, began)
    at = began + 4 * MINUTE
    await incidents.acknowledge(tx, incident_id, team.bo, at)
    note = "The bank answers 403 to everything. Calling them."
    await writing.add_note(tx, incident_id, note, team.bo, began + 15 * MINUTE)
    solved = "New certificate in place; payments go through."
    await incidents.resolve(tx, incident_id, solved, team.bo, began + 47 * MINUTE)
    return incident_id


async def _write(tx: Tx, postmortem_id: UUID, team: _Team, at: datetime) -> None:
    found = await service.get(tx, postmortem_id, team.bo)
    content = contents.read(found.content)
    impact = content.impact.model_copy(update={"note": NOTE})
    changes = {
        "summary": SUMMARY.strip(),
        "impact": impact,
        "tags": ["certificates", "bank"],
    }
    written = content.model_copy(update=changes)
    await editing.save(tx, postmortem_id, found.version, written, team.bo, at + MINUTE)


async def _ask(tx: Tx, postmortem_id: UUID, team: _Team, now: datetime) -> None:
    drafts = (
        ItemDraft(
            "Renew the bank's certificate by itself, 30 days before it expires",
            team.bo.user_id,
            (now + 9 * DAY).date(),
        ),
        ItemDraft(
            "Let the health check sign in at the bank",
            team.ana.user_id,
            (now + 3 * DAY).date(),
        ),
        ItemDraft(
            "Write down whom to call at the bank",
            team.bo.user_id,
            (now - 2 * DAY).date(),
            ItemStatus.DONE,
        ),
    )
    for draft in drafts:
        await items.add(tx, postmortem_id, draft, team.bo, now)
