"""Routes of routing rules."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from pagefree.core.access import Can, require
from pagefree.infra.cel import LONGEST
from pagefree.infra.web import CurrentActor, Now, RequestTx, Shape
from pagefree.routing import service
from pagefree.routing.actions import Builder, RuleActions
from pagefree.routing.queries import StoredRule
from pagefree.routing.service import Draft

Name = Annotated[str, Field(min_length=1, max_length=200)]


class RuleTeam(Shape):
    """Whose rule it is."""

    id: UUID
    name: str


class RuleChanges(Shape):
    """A whole rule; its condition is CEL, or is put together by a builder."""

    name: Name
    condition: str = Field("", max_length=LONGEST)
    builder: Builder | None = None
    actions: RuleActions
    continues: bool = False
    enabled: bool = True


class RoutingRuleIn(RuleChanges):
    """A rule to add; without a team it is the installation's."""

    team_id: UUID | None = None


class RoutingRule(RuleChanges):
    """A rule in its list; `failures` counts events on which it could not be worked out."""

    id: UUID
    team: RuleTeam | None
    position: int
    failures: int
    last_failure: str | None
    created_at: datetime


class RuleOrder(Shape):
    """All rules of a list, in the order in which they are asked."""

    team_id: UUID | None = None
    rule_ids: list[UUID] = Field(max_length=1000)


router = APIRouter(prefix="/v1/routing-rules", tags=["routing"])


@router.get("")
async def list_routing_rules(
    tx: RequestTx,
    actor: CurrentActor,
    team_id: UUID | None = None,
    *,
    installation: bool = False,
) -> list[RoutingRule]:
    """Every rule in order, the installation's first; or only a team's or the installation's."""
    require(actor, Can.SEE)
    all_of = team_id is None and not installation
    rows = await service.list_rules(tx, team_id, all_of=all_of)
    return [_out(row) for row in rows]


@router.post("", status_code=201)
async def create_routing_rule(
    body: RoutingRuleIn, tx: RequestTx, actor: CurrentActor, now: Now
) -> RoutingRule:
    """Add a rule after the others of its list; the installation's are the platform admins'."""
    draft = draft_of(body)
    return _out(await service.create_rule(tx, body.team_id, draft, actor, now))


@router.put("/order")
async def put_routing_rule_order(
    body: RuleOrder, tx: RequestTx, actor: CurrentActor, now: Now
) -> list[RoutingRule]:
    """Ask the rules of a list in this order; 409 if they are others by now."""
    rows = await service.reorder(tx, body.team_id, body.rule_ids, actor, now)
    return [_out(row) for row in rows]


@router.get("/{rule_id}")
async def get_routing_rule(
    rule_id: UUID, tx: RequestTx, actor: CurrentActor
) -> RoutingRule:
    """One rule."""
    require(actor, Can.SEE)
    return _out(await service.get_rule(tx, rule_id))


@router.put("/{rule_id}")
async def put_routing_rule(
    rule_id: UUID, body: RuleChanges, tx: RequestTx, actor: CurrentActor, now: Now
) -> RoutingRule:
    """Change a rule; what it suppresses is looked at again."""
    return _out(await service.replace_rule(tx, rule_id, draft_of(body), actor, now))


@router.delete("/{rule_id}", status_code=204)
async def delete_routing_rule(
    rule_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Remove a rule; what it suppresses is looked at again."""
    await service.delete_rule(tx, rule_id, actor, now)


def draft_of(body: RuleChanges) -> Draft:
    """A rule as somebody wants it."""
    return Draft(
        body.name,
        body.condition,
        body.builder,
        body.actions,
        body.continues,
        body.enabled,
    )


def _out(row: StoredRule) -> RoutingRule:
    return RoutingRule.model_validate(row)
