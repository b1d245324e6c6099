"""The route that tries a rule on what was really sent."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from pagefree.alerts.rehearsals import rehearse
from pagefree.infra.web import CurrentActor, Now, RequestTx, Shape
from pagefree.routing.api import RoutingRuleIn, draft_of


class RuleTestExample(Shape):
    """An alert that the rule would have matched, as it would have left it."""

    request_id: UUID
    received_at: datetime
    service: str
    title: str
    severity: str
    dedup_key: str
    suppressed_by: str | None


class RuleTest(Shape):
    """What a rule would have done to the alerts in the last requests.

    `held` ones wait for a recovery or for more; `failures` counts alerts for which the
    condition could not be worked out.
    """

    requests: int
    alerts: int
    matched: int
    suppressed: int
    held: int
    failures: int
    last_failure: str | None
    examples: list[RuleTestExample]


router = APIRouter(prefix="/v1/routing-rules", tags=["routing"])


@router.post("/test")
async def test_routing_rule(
    body: RoutingRuleIn, tx: RequestTx, actor: CurrentActor, now: Now
) -> RuleTest:
    """Try a rule on the last 1,000 requests; nothing is changed."""
    found = await rehearse(tx, body.team_id, draft_of(body), actor, now)
    return RuleTest.model_validate(found)
