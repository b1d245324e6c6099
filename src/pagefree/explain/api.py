"""Routes that explain: what would happen, what is still to come, and what has happened."""

from datetime import UTC

from fastapi import APIRouter

from pagefree.core.access import Can, require
from pagefree.explain import plan, service, why
from pagefree.explain.plan_shapes import IncidentPlan, IncidentWhy
from pagefree.explain.shapes import ExplainIn, ExplainOut
from pagefree.incidents.api import IncidentId
from pagefree.infra import curtain
from pagefree.infra.web import CurrentActor, Now, RequestTx

router = APIRouter(prefix="/v1", tags=["explain"])


@router.post("/explain")
@curtain.keeps(curtain.within("policy"))  # which may page what the asker does not see
async def explain(
    question: ExplainIn, actor: CurrentActor, tx: RequestTx, now: Now
) -> ExplainOut:
    """Who would be paged in the hour after an instant, how and why; changes nothing."""
    require(actor, Can.SEE)
    at = question.at.astimezone(UTC) if question.at else now
    return ExplainOut.of(await service.explain(tx, question.to_question(), at, now))


@router.get("/incidents/{incident_id}/plan")
async def get_incident_plan(
    incident_id: IncidentId, actor: CurrentActor, tx: RequestTx, now: Now
) -> IncidentPlan:
    """The rest of an incident's escalation, if nobody does anything from now on."""
    require(actor, Can.SEE)
    return IncidentPlan.of(await plan.rest(tx, incident_id, now))


@router.get("/incidents/{incident_id}/why")
async def get_incident_why(
    incident_id: IncidentId, actor: CurrentActor, tx: RequestTx, now: Now
) -> IncidentWhy:
    """Why each person was, or was not, paged for an incident."""
    require(actor, Can.SEE)
    return IncidentWhy.of(await why.why(tx, incident_id, now))
