"""Every statement on users, teams and memberships."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Row,
    Select,
    Update,
    delete,
    exists,
    func,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError

from pagefree.core import canary
from pagefree.core.access import Role
from pagefree.infra.db import Tx, driver
from pagefree.infra.ids import new_id
from pagefree.tables.accounts import contact_methods, memberships, teams, users
from pagefree.tables.escalation import escalation_targets

IN_APP = "in_app"  # the channel that reaches only those who are looking

# asked by every sweep, so without SQLAlchemy in between
NAMES = "SELECT id, name FROM users WHERE id = ANY ($1::uuid[])"
ACTIVE = f"""
SELECT id FROM users WHERE id = ANY ($1::uuid[]) AND deactivated_at IS NULL
    AND (NOT service_account OR id = '{canary.USER_ID}')
"""  # noqa: S608 - nothing of it comes from outside


@dataclass(frozen=True, slots=True)
class UserRef:
    """A person, as others mention them."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class TeamRef:
    """A team, as others mention it."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Membership:
    """What a person is in one team."""

    team: TeamRef
    role: Role


@dataclass(frozen=True, slots=True)
class User:
    """A person."""

    id: UUID
    name: str
    email: str
    platform_admin: bool
    time_zone: str
    deactivated_at: datetime | None
    teams: tuple[Membership, ...]
    reachable: bool  # has a contact method that works when nobody looks at the app
    pronounced: str | None = None  # how a voice says the name; none: it says none
    away_from: datetime | None = None  # as they say themselves
    away_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person, as far as it matters to whoever plans with them."""

    id: UUID
    name: str
    time_zone: str
    active: bool
    reachable: bool  # has a contact method that works when nobody looks at the app


@dataclass(frozen=True, slots=True)
class Team:
    """A group of people who own things together."""

    id: UUID
    name: str
    description: str
    member_count: int
    hidden: bool = False  # what it has is seen by its people and platform admins alone


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a team."""

    user: UserRef
    email: str
    role: Role


@dataclass(frozen=True, slots=True)
class NewUser:
    """What a user is made of; without a password hash they cannot sign in with one."""

    email: str
    name: str
    password_hash: str | None = field(default=None, repr=False)
    platform_admin: bool = False
    time_zone: str = "UTC"


async def user_refs(tx: Tx, ids: Collection[UUID]) -> dict[UUID, UserRef]:
    """By id; unknown ids are left out."""
    rows = await (await driver(tx)).fetch(NAMES, list(ids))
    return {row["id"]: UserRef(row["id"], row["name"]) for row in rows}


async def team_refs(tx: Tx, ids: Collection[UUID]) -> dict[UUID, TeamRef]:
    """By id; unknown ids are left out."""
    query = select(teams.c.id, teams.c.name).where(teams.c.id.in_(ids))
    return {row.id: TeamRef(row.id, row.name) for row in await tx.execute(query)}


async def list_on_call_members(
    tx: Tx, team_ids: Collection[UUID]
) -> list[tuple[UUID, UUID]]:
    """(team, user) of active people who respond, those who joined first first."""
    query = (
        select(memberships.c.team_id, memberships.c.user_id)
        .join(users, users.c.id == memberships.c.user_id)
        .where(
            memberships.c.team_id.in_(team_ids),
            memberships.c.role.in_([Role.TEAM_ADMIN.value, Role.RESPONDER.value]),
            users.c.deactivated_at.is_(None),
            ~users.c.service_account,
        )
        .order_by(memberships.c.id)
    )
    return [(row.team_id, row.user_id) for row in await tx.execute(query)]


async def list_platform_admins(tx: Tx, *, lock: bool = False) -> list[UUID]:
    """Active ones; `lock` keeps anybody else from changing them until the end."""
    query = (
        select(users.c.id)
        .where(
            users.c.platform_admin,
            users.c.deactivated_at.is_(None),
            ~users.c.service_account,
        )
        .order_by(users.c.id)
    )
    return list(await tx.scalars(query.with_for_update() if lock else query))


async def list_active(tx: Tx, ids: Collection[UUID]) -> set[UUID]:
    """Those of `ids` that are users and not deactivated."""
    return {row["id"] for row in await (await driver(tx)).fetch(ACTIVE, list(ids))}


async def any_user(tx: Tx) -> bool:
    """Whether there is anybody at all."""
    others = select(users.c.id).where(users.c.id != canary.USER_ID)
    return bool(await tx.scalar(select(exists(others))))


async def insert_user(tx: Tx, new: NewUser, now: datetime) -> UUID | None:
    """The id of the new user; none if the e-mail address is taken."""
    query = (
        upsert(users)
        .values(
            id=new_id(),
            email=new.email,
            name=new.name,
            password_hash=new.password_hash,
            platform_admin=new.platform_admin,
            time_zone=new.time_zone,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["email"])
        .returning(users.c.id)
    )
    user_id: UUID | None = await tx.scalar(query)
    return user_id


async def update_user(tx: Tx, user_id: UUID, changes: Mapping[str, object]) -> bool:
    """False if the new e-mail address is taken."""
    return await _unless_taken(
        tx, update(users).where(users.c.id == user_id).values(**changes)
    )


async def get_user(tx: Tx, user_id: UUID) -> User | None:
    """One person with their teams."""
    found = await _with_teams(tx, _users().where(users.c.id == user_id))
    return found[0] if found else None


async def list_colleagues(tx: Tx, ids: Collection[UUID]) -> list[Colleague]:
    """By name."""
    found = await tx.execute(_users().where(users.c.id.in_(ids)).order_by(users.c.name))
    return [
        Colleague(
            row.id, row.name, row.time_zone, row.deactivated_at is None, row.reachable
        )
        for row in found
    ]


async def list_users(tx: Tx, text: str, after: UUID | None, limit: int) -> list[User]:
    """People whose name or address contains `text`, by name, after the user `after`."""
    by_name = tuple_(func.lower(users.c.name), users.c.id)
    query = _users().where(~users.c.service_account).limit(limit)
    query = query.order_by(func.lower(users.c.name), users.c.id)
    if text:
        query = query.where(
            or_(
                users.c.name.icontains(text, autoescape=True),
                users.c.email.icontains(text, autoescape=True),
            )
        )
    if after is not None:
        last = users.alias("last")
        query = query.where(
            by_name
            > select(func.lower(last.c.name), last.c.id)
            .where(last.c.id == after)
            .scalar_subquery()
        )
    return await _with_teams(tx, query)


async def list_memberships(
    tx: Tx, user_ids: Collection[UUID]
) -> dict[UUID, tuple[Membership, ...]]:
    """By user, teams in the order of their names."""
    query = (
        select(memberships.c.user_id, memberships.c.role, teams.c.id, teams.c.name)
        .join(teams, teams.c.id == memberships.c.team_id)
        .where(memberships.c.user_id.in_(user_ids))
        .order_by(func.lower(teams.c.name))
    )
    found: dict[UUID, tuple[Membership, ...]] = {}
    for row in await tx.execute(query):
        one = Membership(TeamRef(row.id, row.name), Role(row.role))
        found[row.user_id] = (*found.get(row.user_id, ()), one)
    return found


async def insert_team(
    tx: Tx, name: str, description: str, now: datetime
) -> UUID | None:
    """The id of the new team; none if the name is taken."""
    query = (
        upsert(teams)
        .values(id=new_id(), name=name, description=description, created_at=now)
        .on_conflict_do_nothing(index_elements=["name"])
        .returning(teams.c.id)
    )
    team_id: UUID | None = await tx.scalar(query)
    return team_id


async def list_teams(tx: Tx) -> list[Team]:
    """All teams by name."""
    people = teams.c.id != canary.TEAM_ID
    query = _teams().where(people).order_by(func.lower(teams.c.name))
    return [_team(row) for row in await tx.execute(query)]


async def get_team(tx: Tx, team_id: UUID) -> Team | None:
    """One team."""
    row = (await tx.execute(_teams().where(teams.c.id == team_id))).one_or_none()
    return _team(row) if row else None


async def update_team(tx: Tx, team_id: UUID, changes: Mapping[str, object]) -> bool:
    """False if the new name is taken."""
    return await _unless_taken(
        tx, update(teams).where(teams.c.id == team_id).values(**changes)
    )


async def delete_team(tx: Tx, team_id: UUID) -> bool:
    """False if a service, schedule or policy still belongs to the team, or pages it."""
    paged = select(escalation_targets.c.id).where(
        escalation_targets.c.kind == "team", escalation_targets.c.target_id == team_id
    )
    query = delete(teams).where(teams.c.id == team_id, ~paged.exists())
    try:
        async with tx.begin_nested():
            deleted = await tx.execute(query)
    except IntegrityError:
        return False
    return deleted.rowcount == 1


async def list_members(tx: Tx, team_id: UUID) -> list[Member]:
    """The active people of a team, by name."""
    query = (
        select(users.c.id, users.c.name, users.c.email, memberships.c.role)
        .join(users, users.c.id == memberships.c.user_id)
        .where(
            memberships.c.team_id == team_id,
            users.c.deactivated_at.is_(None),
            ~users.c.service_account,
        )
        .order_by(func.lower(users.c.name), users.c.id)
    )
    return [
        Member(UserRef(row.id, row.name), row.email, Role(row.role))
        for row in await tx.execute(query)
    ]


async def save_membership(
    tx: Tx, team_id: UUID, user_id: UUID, role: Role, provider_id: UUID | None = None
) -> None:
    """Add the person to the team, or change what they are in it.

    `provider_id`: whose groups say so; none: somebody says so by hand.
    """
    changes = {"role": role.value, "provider_id": provider_id}
    query = upsert(memberships).values(
        id=new_id(), team_id=team_id, user_id=user_id, **changes
    )
    await tx.execute(
        query.on_conflict_do_update(index_elements=["team_id", "user_id"], set_=changes)
    )


async def delete_membership(tx: Tx, team_id: UUID, user_id: UUID) -> None:
    """Take the person out of the team, if they are in it."""
    await tx.execute(
        delete(memberships).where(
            memberships.c.team_id == team_id, memberships.c.user_id == user_id
        )
    )


async def _unless_taken(tx: Tx, change: Update) -> bool:
    try:
        async with tx.begin_nested():
            await tx.execute(change)
    except IntegrityError:  # the only constraint that these changes can break
        return False
    return True


def _users() -> Select[tuple[object, ...]]:
    reached = exists().where(
        contact_methods.c.user_id == users.c.id,
        contact_methods.c.channel != IN_APP,
        contact_methods.c.disabled_at.is_(None),
    )
    return select(
        users.c.id,
        users.c.name,
        users.c.email,
        users.c.platform_admin,
        users.c.time_zone,
        users.c.deactivated_at,
        users.c.pronounced,
        users.c.away_from,
        users.c.away_until,
        reached.label("reachable"),
    )


async def _with_teams(tx: Tx, query: Select[tuple[object, ...]]) -> list[User]:
    rows = (await tx.execute(query)).mappings().all()
    of_user = await list_memberships(tx, [row["id"] for row in rows])
    return [User(**row, teams=of_user.get(row["id"], ())) for row in rows]


def _teams() -> Select[tuple[object, ...]]:
    members = (
        select(func.count())
        .select_from(memberships.join(users, users.c.id == memberships.c.user_id))
        .where(memberships.c.team_id == teams.c.id, users.c.deactivated_at.is_(None))
        .scalar_subquery()
    )
    c = teams.c
    return select(c.id, c.name, c.description, members.label("n"), c.hidden)


def _team(row: Row[tuple[object, ...]]) -> Team:
    return Team(row.id, row.name, row.description, row.n, row.hidden)
