"""Routes of escalation policies."""

from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from pagefree.accounts.queries import TeamRef
from pagefree.core.access import Can, require
from pagefree.core.escalation import (
    LONGEST_TIMEOUT,
    MOST_REPEATS,
    MOST_STEPS,
    MOST_TARGETS,
    SHORTEST_TIMEOUT,
    Policy,
    Step,
    Target,
    TargetKind,
)
from pagefree.escalation import service
from pagefree.escalation.policy_queries import Draft
from pagefree.escalation.service import PolicyView
from pagefree.infra.web import CurrentActor, Now, RequestTx, Shape

router = APIRouter(prefix="/v1/escalation-policies", tags=["escalation"])


class PolicyTargetIn(Shape):
    """Somebody, a whole team, or whoever is on call for a schedule."""

    kind: TargetKind
    id: UUID


class PolicyStepIn(Shape):
    """Page all targets, then wait this long for somebody to acknowledge."""

    timeout_s: int = Field(
        ge=int(SHORTEST_TIMEOUT.total_seconds()),
        le=int(LONGEST_TIMEOUT.total_seconds()),
    )
    targets: list[PolicyTargetIn] = Field(min_length=1, max_length=MOST_TARGETS)


class EscalationPolicyIn(Shape):
    """A whole policy: steps in order, all of them again `repeats` times."""

    name: str = Field(min_length=1, max_length=100)
    team_id: UUID
    repeats: int = Field(0, ge=0, le=MOST_REPEATS)
    steps: list[PolicyStepIn] = Field(min_length=1, max_length=MOST_STEPS)


class PolicyTarget(Shape):
    """What a step pages; `name` is null when it no longer exists."""

    kind: TargetKind
    id: UUID
    name: str | None


class PolicyStep(Shape):
    """One step of a policy."""

    timeout_s: int
    targets: list[PolicyTarget]


class PolicyService(Shape):
    """A service that escalates by the policy."""

    id: UUID
    name: str


class EscalationPolicy(Shape):
    """A policy, the team that keeps it and the services that use it."""

    id: UUID
    name: str
    team: TeamRef
    repeats: int
    steps: list[PolicyStep]
    services: list[PolicyService]


@router.get("")
async def list_escalation_policies(
    actor: CurrentActor, tx: RequestTx
) -> list[EscalationPolicy]:
    """Every escalation policy by name."""
    require(actor, Can.SEE)
    return [_out(view) for view in await service.views(tx)]


@router.post("", status_code=201)
async def create_escalation_policy(
    policy: EscalationPolicyIn, actor: CurrentActor, tx: RequestTx, now: Now
) -> EscalationPolicy:
    """Make a policy of one of your teams."""
    policy_id = await service.create(tx, _draft(policy), actor, now)
    return _out(await service.view(tx, policy_id))


@router.get("/{policy_id}")
async def get_escalation_policy(
    policy_id: UUID, actor: CurrentActor, tx: RequestTx
) -> EscalationPolicy:
    """One escalation policy."""
    require(actor, Can.SEE)
    return _out(await service.view(tx, policy_id))


@router.put("/{policy_id}")
async def put_escalation_policy(
    policy_id: UUID,
    policy: EscalationPolicyIn,
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
) -> EscalationPolicy:
    """Replace the whole policy. Incidents that already escalate keep their copy of the old one."""
    await service.replace(tx, policy_id, _draft(policy), actor, now)
    return _out(await service.view(tx, policy_id))


@router.delete("/{policy_id}", status_code=204)
async def delete_escalation_policy(
    policy_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> None:
    """Delete a policy; 409 naming the services that still use it."""
    await service.delete(tx, policy_id, actor, now)


def _draft(policy: EscalationPolicyIn) -> Draft:
    steps = (
        Step(
            timedelta(seconds=step.timeout_s),
            tuple(dict.fromkeys(Target(t.kind, t.id) for t in step.targets)),
        )
        for step in policy.steps
    )
    return Draft(
        policy.team_id, Policy(None, policy.name, tuple(steps), policy.repeats)
    )


def _out(view: PolicyView) -> EscalationPolicy:
    return EscalationPolicy(
        id=view.id,
        name=view.policy.name,
        team=view.team,
        repeats=view.policy.repeats,
        steps=[_step(step, view) for step in view.policy.steps],
        services=[PolicyService(id=s.id, name=s.name) for s in view.services],
    )


def _step(step: Step, view: PolicyView) -> PolicyStep:
    return PolicyStep(
        timeout_s=int(step.timeout.total_seconds()),
        targets=[
            PolicyTarget(kind=t.kind, id=t.id, name=view.names.get(t))
            for t in step.targets
        ],
    )
