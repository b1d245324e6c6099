"""A small installation to look around in: three teams, six people, what they run."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

from pagefree.accounts import credentials
from pagefree.accounts import queries as account_queries
from pagefree.accounts import service as accounts
from pagefree.accounts.passwords import Passwords
from pagefree.accounts.queries import NewUser
from pagefree.app import (
    demo_insights,
    demo_partners,
    demo_postmortems,
    demo_runbooks,
    demo_status,
    demo_ways,
    demo_workflows,
)
from pagefree.core.access import Actor, Role
from pagefree.core.escalation import Policy, Step, Target, TargetKind
from pagefree.core.rotations import Unit
from pagefree.escalation import policy_queries
from pagefree.escalation import service as escalation
from pagefree.infra.crypto import Vault, token_hash
from pagefree.infra.db import Channel, Tx, notify
from pagefree.infra.ids import new_id
from pagefree.integrations import all_kinds
from pagefree.notifications import room_queries
from pagefree.notifications.room_queries import NewRoom
from pagefree.schedules import editing as schedules
from pagefree.schedules import plans
from pagefree.services import queries as service_queries
from pagefree.services import routing_keys
from pagefree.services import service as services
from pagefree.services.service import NewService

PASSWORD = "pagefree"  # noqa: S105 -- of a demo, and printed
DOMAIN = "example.org"
ADMIN = "Ana Souza"
CURL_KIND = "pagerduty_v2"
WEEK_DAYS = 7
STEP = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Team:
    """A team of the demo; the first person administers it."""

    name: str
    description: str
    people: tuple[str, ...]
    services: tuple[tuple[str, str], ...]  # name and description
    integrations: tuple[tuple[str, str, str], ...]  # service, kind, name


PEOPLE = {
    ADMIN: "America/Sao_Paulo",
    "Bo Lindqvist": "Europe/Stockholm",
    "Chidi Okafor": "Africa/Lagos",
    "Dana Weiss": "Europe/Berlin",
    "Emi Tanaka": "Asia/Tokyo",
    "Finn Byrne": "Europe/Dublin",
}
TEAMS = (
    Team(
        "Payments",
        "Takes the money, and gives some of it back.",
        (ADMIN, "Bo Lindqvist", "Chidi Okafor"),
        (
            ("Checkout", "From the basket to the receipt."),
            ("Card gateway", "Talks to the banks."),
        ),
        (
            ("Checkout", CURL_KIND, "Events API"),
            ("Card gateway", "generic", "Bank monitor"),
        ),
    ),
    Team(
        "Platform",
        "Databases, clusters and the network between them.",
        ("Dana Weiss", "Bo Lindqvist", "Finn Byrne"),
        (
            ("PostgreSQL", "The main database and its replicas."),
            ("Kubernetes", "Where everything runs."),
        ),
        (("PostgreSQL", "alertmanager", "Alertmanager"),),
    ),
    Team(
        "Storefront",
        "What customers see.",
        ("Emi Tanaka", "Finn Byrne", "Chidi Okafor"),
        (("Web shop", "Pages, search and images."),),
        (("Web shop", "generic", "Uptime checks"),),
    ),
)


def email_of(name: str) -> str:
    """The address a person of the demo signs in with."""
    return f"{name.split(maxsplit=1)[0].lower()}@{DOMAIN}"


def routing_key(secret_key: str, kind: str, name: str) -> str:
    """The routing key of a demo integration: the same at every start, secret all the same."""
    seed = sha256(f"demo routing key\n{secret_key}\n{kind}\n{name}".encode()).digest()
    return routing_keys.make(
        all_kinds()[kind].integration.key_shape,
        random.Random(seed).choice,  # noqa: S311 -- as hard to guess as its seed
    )


def curl_key(secret_key: str) -> str:
    """The routing key that the printed example uses."""
    return routing_key(secret_key, CURL_KIND, "Events API")


async def load(tx: Tx, secret_key: str, runner_url: str, now: datetime) -> bool:
    """Add the demo, unless it is there already; returns whether it was added.

    `runner_url` is where the demo's own runner of runbooks will listen.
    """
    known = await account_queries.list_teams(tx)
    if {team.name for team in known} & {team.name for team in TEAMS}:
        return False
    people = await _people(tx, Vault(secret_key), now)
    actor = Actor(people[ADMIN], ADMIN, platform_admin=True)
    team_ids = {team.name: await _team(tx, team, people, actor, now) for team in TEAMS}
    await _integrations(tx, secret_key, actor, now)
    await demo_status.load(tx, actor, now)
    runner = runner_url, Vault(secret_key)
    await demo_runbooks.load(tx, team_ids["Payments"], people, runner, now)
    await demo_partners.load(tx, actor, now)
    await demo_workflows.load(tx, actor, now)
    await demo_postmortems.load(tx, team_ids["Payments"], people, now)
    members = {
        team_ids[team.name]: [people[name] for name in team.people] for team in TEAMS
    }
    await demo_insights.load(tx, members, now)
    return True


async def open_doors(tx: Tx) -> list[str]:
    """The addresses with which everybody can sign in who has read the password above."""
    passwords = Passwords()
    found = []
    for email in map(email_of, PEOPLE):
        holder = await credentials.password_holder(tx, email)
        if holder and await passwords.matches(holder.password_hash, PASSWORD):
            found.append(email)
    return found


async def _people(tx: Tx, vault: Vault, now: datetime) -> dict[str, UUID]:
    hashed = await Passwords().hash(PASSWORD)
    people = {}
    for name, zone in PEOPLE.items():
        new = NewUser(email_of(name), name, hashed, name == ADMIN, zone)
        people[name] = (await accounts.create_user(tx, new, now)).id
        await demo_ways.add(tx, name, people[name], vault, now)
    return people


async def _team(
    tx: Tx, team: Team, people: Mapping[str, UUID], actor: Actor, now: datetime
) -> UUID:
    team_id = (await accounts.create_team(tx, team.name, team.description, now)).id
    for name in team.people:
        role = Role.TEAM_ADMIN if name == team.people[0] else Role.RESPONDER
        await accounts.set_membership(tx, team_id, people[name], role)
    policy_id = await _policy(tx, team, team_id, people, actor, now)
    for name, description in team.services:
        new = NewService(name, team_id, description, policy_id)
        await services.create_service(tx, new, actor, now)
    return team_id


async def _policy(
    tx: Tx,
    team: Team,
    team_id: UUID,
    people: Mapping[str, UUID],
    actor: Actor,
    now: datetime,
) -> UUID:
    """A weekly rotation, and a policy that pages it and tells a room before the whole team."""
    zone = PEOPLE[team.people[0]]
    local = now.astimezone(ZoneInfo(zone))
    monday = local - timedelta(days=local.weekday() + WEEK_DAYS)
    rotation = plans.NewLayer(
        name="Primary",
        start_at=monday.replace(hour=9, minute=0, second=0, microsecond=0),
        unit=Unit.WEEK,
        user_ids=tuple(people[name] for name in team.people),
    )
    schedule = plans.Draft(f"{team.name} on call", team_id, zone, (rotation,))
    schedule_id = await schedules.create(tx, schedule, actor, now)
    room = Target(TargetKind.ROOM, await _room(tx, team, team_id, now))
    steps = (
        Step(STEP, (Target(TargetKind.SCHEDULE, schedule_id), room)),
        Step(2 * STEP, (Target(TargetKind.TEAM, team_id),)),
    )
    policy = Policy(None, f"{team.name} around the clock", steps, repeats=1)
    return await escalation.create(
        tx, policy_queries.Draft(team_id, policy), actor, now
    )


async def _room(tx: Tx, team: Team, team_id: UUID, now: datetime) -> UUID:
    """Where the team reads together, proven as if somebody had typed the code in."""
    address = {"channel_id": f"C0{team.name.upper()}"}
    new = NewRoom(
        new_id(), team_id, "slack", f"#{team.name.lower()}", address, verified=True
    )
    await room_queries.insert_room(tx, new, now)
    return new.id


async def _integrations(tx: Tx, secret_key: str, actor: Actor, now: datetime) -> None:
    wanted = service_queries.Filter()
    known = await services.list_services(tx, wanted, None, 100)
    by_name = {service.name: service.id for service in known}
    for service, kind, name in (row for team in TEAMS for row in team.integrations):
        integration, key = await services.create_integration(
            tx, by_name[service], kind, name, actor, now
        )
        await service_queries.delete_key(tx, integration.id, key.id)
        token = routing_key(secret_key, kind, name)
        await service_queries.insert_key(
            tx,
            {
                "id": new_id(),
                "integration_id": integration.id,
                "prefix": routing_keys.shown(token),
                "token_hash": token_hash(token),
                "created_at": now,
            },
        )
    await notify(tx, Channel.CONFIG)
