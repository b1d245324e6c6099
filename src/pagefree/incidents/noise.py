"""Pages that were noise: people say so, it is counted and becomes the proposal of a rule."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pagefree.core.access import Actor, Can, require
from pagefree.core.errors import Conflict, NotFound
from pagefree.core.noise import ENOUGH, Remedy, remedy
from pagefree.incidents import noise_queries as queries
from pagefree.incidents import reading
from pagefree.incidents.noise_queries import Noisy, Place
from pagefree.infra.db import Tx
from pagefree.services.queries import Ref
from pagefree.timeline.service import Entry, by, record

MOST_LISTED = 100


class Settlement(StrEnum):
    """What became of a proposal."""

    RULE = "rule"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rule that would have kept people from being paged for nothing."""

    noisy: Noisy
    remedy: Remedy


@dataclass(frozen=True, slots=True)
class Said:
    """Who has called an incident noise, and what is proposed by now."""

    people: list[Ref]
    proposals: list[Proposal]


async def said(tx: Tx, incident_id: UUID, actor: Actor) -> Said:
    """Who has called an incident noise. Raises NotFound."""
    require(actor, Can.SEE)
    await reading.get(tx, incident_id)
    found = await queries.list_noisy(tx, ENOUGH, MOST_LISTED, incident_id=incident_id)
    people = await queries.list_sayers(tx, incident_id)
    return Said(people, [one for noisy in found for one in _proposed(noisy)])


async def call_noise(tx: Tx, incident_id: UUID, actor: Actor, now: datetime) -> None:
    """Say that nobody should have been paged for it; twice is once."""
    incident = await reading.get(tx, incident_id)
    require(actor, Can.RESPOND, incident.team.id)
    conditions = await queries.list_conditions(tx, incident_id)
    if not conditions:
        raise Conflict("no tool has reported it: there is nothing to make a rule of")
    place = Place(incident_id, incident.team.id, incident.service.id)
    if await queries.insert(tx, place, conditions, actor.user_id, now):
        entry = Entry("incident.called_noise", by(actor), incident_id, incident.team.id)
        await record(tx, [entry], now)


async def take_back(tx: Tx, incident_id: UUID, actor: Actor, now: datetime) -> None:
    """It was no noise after all."""
    incident = await reading.get(tx, incident_id)
    require(actor, Can.RESPOND, incident.team.id)
    if await queries.delete(tx, incident_id, actor.user_id):
        kind = "incident.not_called_noise"
        entry = Entry(kind, by(actor), incident_id, incident.team.id)
        await record(tx, [entry], now)


async def list_proposals(tx: Tx, actor: Actor) -> list[Proposal]:
    """The rules that are proposed, the most noise first."""
    require(actor, Can.SEE)
    found = await queries.list_noisy(tx, ENOUGH, MOST_LISTED)
    return [one for noisy in found for one in _proposed(noisy)]


async def get_proposal(tx: Tx, noisy_id: UUID, actor: Actor) -> Proposal:
    """One of them. Raises NotFound."""
    require(actor, Can.SEE)
    found = await queries.list_noisy(tx, ENOUGH, 1, noisy_id=noisy_id)
    for noisy in found:
        for one in _proposed(noisy):
            return one
    raise NotFound("nothing like this is proposed")


async def settle(
    tx: Tx, noisy_id: UUID, settled_as: Settlement, actor: Actor, now: datetime
) -> None:
    """A rule was made, or none is wanted: it is proposed again only after as much noise."""
    proposal = await get_proposal(tx, noisy_id, actor)
    noisy = proposal.noisy
    require(actor, Can.EDIT_TEAM, noisy.team.id)
    await queries.settle(tx, noisy, settled_as, now)
    data = {"title": noisy.title, "service": noisy.service.name, "as": settled_as.value}
    entry = Entry("noise.settled", by(actor), team_id=noisy.team.id, data=data)
    await record(tx, [entry], now)


def _proposed(noisy: Noisy) -> list[Proposal]:
    what = remedy(noisy.incidents)
    return [Proposal(noisy, what)] if what else []
