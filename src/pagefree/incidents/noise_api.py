"""Routes of pages that people could have done without."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from pagefree.core.access import Actor
from pagefree.core.noise import ENOUGH, Remedy
from pagefree.incidents import noise
from pagefree.incidents.api import IncidentId
from pagefree.incidents.noise import Proposal, Settlement
from pagefree.infra import curtain
from pagefree.infra.db import Tx
from pagefree.infra.web import CurrentActor, Now, RequestTx, Shape


class NoiseRef(Shape):
    """Something to link to."""

    id: UUID
    name: str


class NoiseProposal(Shape):
    """A rule for what was noise in several incidents; a person decides."""

    id: UUID
    team: NoiseRef
    service: NoiseRef
    integration_id: UUID
    integration: str | None  # null: it is gone
    dedup_key: str
    title: str
    incidents: int
    people: int
    last_at: datetime
    remedy: Remedy


class IncidentNoise(Shape):
    """Who has called an incident noise; after `enough` incidents a rule is proposed."""

    people: list[NoiseRef]
    mine: bool
    enough: int
    proposals: list[NoiseProposal]


class NoiseSettlement(Shape):
    """What became of a proposal."""

    settled_as: Settlement


router = APIRouter(prefix="/v1", tags=["incidents"])


@router.get("/incidents/{incident_id}/noise")
async def get_incident_noise(
    incident_id: IncidentId, actor: CurrentActor, tx: RequestTx
) -> IncidentNoise:
    """Who has called an incident noise, and which rules are proposed for it."""
    return await _said(tx, incident_id, actor)


@router.put("/incidents/{incident_id}/noise")
async def put_incident_noise(
    incident_id: IncidentId, actor: CurrentActor, tx: RequestTx, now: Now
) -> IncidentNoise:
    """Say that nobody should have been paged for it."""
    await noise.call_noise(tx, incident_id, actor, now)
    return await _said(tx, incident_id, actor)


@router.delete("/incidents/{incident_id}/noise")
async def delete_incident_noise(
    incident_id: IncidentId, actor: CurrentActor, tx: RequestTx, now: Now
) -> IncidentNoise:
    """Take back that it was noise."""
    await noise.take_back(tx, incident_id, actor, now)
    return await _said(tx, incident_id, actor)


@router.get("/noise-proposals")
async def list_noise_proposals(
    actor: CurrentActor, tx: RequestTx
) -> list[NoiseProposal]:
    """The rules that are proposed for what people call noise, the most first."""
    return [_out(one) for one in await noise.list_proposals(tx, actor)]


@router.get("/noise-proposals/{proposal_id}")
async def get_noise_proposal(
    proposal_id: UUID, actor: CurrentActor, tx: RequestTx
) -> NoiseProposal:
    """One of them; 404 once it is settled."""
    return _out(await noise.get_proposal(tx, proposal_id, actor))


@router.put("/noise-proposals/{proposal_id}/settlement", status_code=204)
async def put_noise_proposal_settlement(
    proposal_id: UUID,
    body: NoiseSettlement,
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
) -> None:
    """A rule was made of it, or none is wanted."""
    await noise.settle(tx, proposal_id, body.settled_as, actor, now)


async def _said(tx: Tx, incident_id: UUID, actor: Actor) -> IncidentNoise:
    async with curtain.drawn(tx, actor):
        found = await noise.said(tx, incident_id, actor)
    return IncidentNoise(
        people=[NoiseRef.model_validate(one) for one in found.people],
        mine=any(one.id == actor.user_id for one in found.people),
        enough=ENOUGH,
        proposals=[_out(one) for one in found.proposals],
    )


def _out(proposal: Proposal) -> NoiseProposal:
    noisy = proposal.noisy
    return NoiseProposal(
        id=noisy.id,
        team=NoiseRef.model_validate(noisy.team),
        service=NoiseRef.model_validate(noisy.service),
        integration_id=noisy.integration_id,
        integration=noisy.integration,
        dedup_key=noisy.dedup_key,
        title=noisy.title,
        incidents=noisy.incidents,
        people=noisy.people,
        last_at=noisy.last_at,
        remedy=proposal.remedy,
    )
