"""The installation that every scenario starts from: a team, somebody on call, two services."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.accounts import contacts, credentials
from pagefree.accounts import service as accounts
from pagefree.accounts.contact_queries import NewContactMethod
from pagefree.accounts.queries import NewUser
from pagefree.core.access import Actor, Scope
from pagefree.core.escalation import Policy, Step, Target, TargetKind
from pagefree.core.notifications import Rule
from pagefree.core.rotations import Unit
from pagefree.core.routing import Urgency
from pagefree.escalation import service as escalation
from pagefree.escalation.policy_queries import Draft
from pagefree.infra.clock import system_clock
from pagefree.infra.crypto import Vault
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.notifications import service as notifications
from pagefree.schedules import editing as schedules
from pagefree.schedules import plans
from pagefree.services import service as services
from pagefree.services.service import NewService

SECRET_KEY = "only for the bench " * 3
KIND = "pagerduty_v2"
MORE_KINDS = ("pagerduty_v1", "opsgenie")
PEOPLE = 7
STEP = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class World:
    """What scenarios need to know of it."""

    team_id: UUID
    service_id: UUID  # the one that pages
    policy: Policy  # of it
    quiet_key: str  # routing key of the service that nobody is on call for
    quiet_keys: Mapping[str, str]  # more of them, by protocol
    paging_key: str  # routing key of the service that pages
    api_key: str  # of a platform admin


async def build(tx: Tx, sink_url: str) -> World:
    """Make it; whoever is on call is reached by a webhook at `sink_url` only."""
    now = system_clock()
    admin_user = NewUser("admin@example.org", "Admin", platform_admin=True)
    admin = await accounts.create_user(tx, admin_user, now)
    actor = Actor(admin.id, admin.name, platform_admin=True)
    team = await accounts.create_team(tx, "Bench", "", now)
    people = [await _person(tx, n, sink_url, actor) for n in range(PEOPLE)]
    policy_id = await _policy(tx, team.id, people, actor)
    quiet = NewService("Quiet", team.id)
    paging = NewService("Paging", team.id, escalation_policy_id=policy_id)
    quiet_id, quiet_key = await _service(tx, quiet, actor)
    quiet_keys = {KIND: quiet_key}
    for kind in MORE_KINDS:
        _, key = await services.create_integration(tx, quiet_id, kind, kind, actor, now)
        quiet_keys[kind] = key.routing_key
    service_id, paging_key = await _service(tx, paging, actor)
    asked = credentials.AskedApiKey("Bench", frozenset(Scope), None)
    _, api_key = await credentials.create_api_key(tx, actor, asked, now)
    policy = await escalation.policy(tx, policy_id)
    return World(
        team.id, service_id, policy, quiet_key, quiet_keys, paging_key, api_key
    )


async def _person(tx: Tx, number: int, sink_url: str, actor: Actor) -> UUID:
    now = system_clock()
    new = NewUser(f"person{number}@example.org", f"Person {number}")
    user = await accounts.create_user(tx, new, now)
    method = NewContactMethod(new_id(), user.id, "webhook", "Sink", {"url": sink_url})
    await contacts.add(tx, actor, method, Vault(SECRET_KEY), now)
    rule = Rule(Urgency.HIGH, timedelta(0), method.id)
    await notifications.put_rules(tx, actor, user.id, [rule])
    return user.id


async def _policy(tx: Tx, team_id: UUID, people: list[UUID], actor: Actor) -> UUID:
    """A weekly rotation, and a policy that pages whoever has it."""
    now = system_clock()
    rotation = plans.NewLayer(
        start_at=_midnight(now) - timedelta(days=7),
        unit=Unit.WEEK,
        user_ids=tuple(people),
    )
    draft = plans.Draft("Bench on call", team_id, "UTC", (rotation,))
    schedule_id = await schedules.create(tx, draft, actor, now)
    steps = (Step(STEP, (Target(TargetKind.SCHEDULE, schedule_id),)),)
    policy = Draft(team_id, Policy(None, "Bench around the clock", steps))
    return await escalation.create(tx, policy, actor, now)


async def _service(tx: Tx, new: NewService, actor: Actor) -> tuple[UUID, str]:
    """The id of a service and the routing key of its integration."""
    now = system_clock()
    service = await services.create_service(tx, new, actor, now)
    _, key = await services.create_integration(
        tx, service.id, KIND, new.name, actor, now
    )
    return service.id, key.routing_key


def _midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
