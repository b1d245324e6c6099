"""Routes of escalation policies."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter

from pagefree.core.access import Actor, Can, require
from pagefree.escalation import linting, service
from pagefree.escalation.shapes import (
    EscalationPolicy,
    EscalationPolicyIn,
    PolicyFinding,
)
from pagefree.infra import curtain
from pagefree.infra.db import Tx
from pagefree.infra.web import CurrentActor, Now, RequestTx

router = APIRouter(prefix="/v1/escalation-policies", tags=["escalation"])


@router.get("")
async def list_escalation_policies(
    actor: CurrentActor, tx: RequestTx
) -> list[EscalationPolicy]:
    """Every escalation policy by name."""
    require(actor, Can.SEE)
    return [EscalationPolicy.of(view) for view in await service.views(tx)]


@router.post("", status_code=201)
async def create_escalation_policy(
    policy: EscalationPolicyIn, actor: CurrentActor, tx: RequestTx, now: Now
) -> EscalationPolicy:
    """Make a policy of one of your teams."""
    policy_id = await service.create(tx, policy.to_draft(), actor, now)
    return await _one(tx, policy_id, actor)


@router.get("/{policy_id}")
async def get_escalation_policy(
    policy_id: UUID, actor: CurrentActor, tx: RequestTx
) -> EscalationPolicy:
    """One escalation policy."""
    require(actor, Can.SEE)
    return await _one(tx, policy_id, actor)


async def _targets(tx: Tx, path: Mapping[str, str], _: object) -> object:
    """What a policy pages: whoever does not see all of it may still change the rest."""
    return await service.target_ids(tx, UUID(path["policy_id"]))


@router.put("/{policy_id}")
@curtain.keeps(_targets)
async def put_escalation_policy(
    policy_id: UUID,
    policy: EscalationPolicyIn,
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
) -> EscalationPolicy:
    """Replace the whole policy. Incidents that already escalate keep their copy of the old one."""
    await service.replace(tx, policy_id, policy.to_draft(), actor, now)
    return await _one(tx, policy_id, actor)


@router.delete("/{policy_id}", status_code=204)
async def delete_escalation_policy(
    policy_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> None:
    """Delete a policy; 409 naming the services that still use it."""
    await service.delete(tx, policy_id, actor, now)


@router.get("/{policy_id}/findings")
async def get_escalation_policy_findings(
    policy_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> list[PolicyFinding]:
    """What somebody should look at in the policy, problems first."""
    require(actor, Can.SEE)
    found = await linting.lint(tx, await service.policy(tx, policy_id), now)
    return [PolicyFinding.of(told) for told in linting.worst_first(found)]


@router.post("/findings")
@curtain.keeps(curtain.within("steps"))
async def find_in_escalation_policy(
    policy: EscalationPolicyIn, actor: CurrentActor, tx: RequestTx, now: Now
) -> list[PolicyFinding]:
    """The same for a policy that is not saved."""
    require(actor, Can.SEE)
    found = await linting.lint(tx, policy.to_draft().policy, now)
    return [PolicyFinding.of(told) for told in linting.worst_first(found)]


async def _one(tx: Tx, policy_id: UUID, actor: Actor) -> EscalationPolicy:
    async with curtain.drawn(tx, actor):
        return EscalationPolicy.of(await service.view(tx, policy_id))
