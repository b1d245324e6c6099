"""Routes of breaking glass: asking, confirming, looking back."""

from uuid import UUID

from fastapi import APIRouter

from pagefree.core.access import Can, require
from pagefree.infra.web import CurrentActor, Now, RequestTx
from pagefree.runbooks import emergencies, library
from pagefree.runbooks.api import VERSION, TheApprover
from pagefree.runbooks.library import Yes
from pagefree.runbooks.shapes import (
    EmergencyConfirmation,
    EmergencyIn,
    EmergencyOut,
    EmergencyReview,
)

router = APIRouter(prefix="/v1", tags=["runbooks"])
EMERGENCY = "/runbook-emergencies/{emergency_id}"


@router.get(VERSION + "/emergencies")
async def list_runbook_emergencies(
    runbook_id: UUID, number: int, tx: RequestTx, actor: CurrentActor
) -> list[EmergencyOut]:
    """When this version was let run without an approval, the newest first."""
    require(actor, Can.SEE)
    found = await emergencies.list_of(tx, runbook_id, number)
    return [EmergencyOut.model_validate(one) for one in found]


@router.post(VERSION + "/emergencies", status_code=201)
async def ask_for_runbook_emergency(
    runbook_id: UUID,
    number: int,
    body: EmergencyIn,
    approver: TheApprover,
    tx: RequestTx,
    now: Now,
) -> EmergencyOut:
    """Break glass: ask for this version to be let run at once, for one incident.

    Somebody else has to confirm it within 15 minutes. `POST /v1/session/confirm` comes
    first, and it is never done by an API key.
    """
    actor, confirmed_at = approver
    yes = Yes(body.content_hash, body.reason, confirmed_at)
    version = await library.get_version(tx, runbook_id, number)
    made = await emergencies.ask(tx, version, body.incident_id, yes, actor, now)
    return EmergencyOut.model_validate(made)


@router.put(EMERGENCY + "/confirmation")
async def confirm_runbook_emergency(
    emergency_id: UUID,
    body: EmergencyConfirmation,
    approver: TheApprover,
    tx: RequestTx,
    now: Now,
) -> EmergencyOut:
    """Be the second one: for an hour people may run it for that incident.

    Its owners are told at once, and a draft is sent to review.
    """
    actor, confirmed_at = approver
    yes = Yes(body.content_hash, "", confirmed_at)
    made = await emergencies.confirm(tx, emergency_id, yes, actor, now)
    return EmergencyOut.model_validate(made)


@router.put(EMERGENCY + "/review")
async def review_runbook_emergency(
    emergency_id: UUID,
    body: EmergencyReview,
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
) -> EmergencyOut:
    """Look back at it, as somebody who may approve and was not one of the two."""
    made = await emergencies.review(tx, emergency_id, body.text, actor, now)
    return EmergencyOut.model_validate(made)
