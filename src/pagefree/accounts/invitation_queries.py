"""Every statement on invitations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    any_,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from pagefree.accounts.queries import TeamRef, UserRef
from pagefree.core.access import Role
from pagefree.infra.db import Tx
from pagefree.tables.accounts import teams, users
from pagefree.tables.sign_in import invitations


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody who may join a team."""

    id: UUID
    email: str
    team: TeamRef
    role: Role
    round: int
    invited_by: UserRef | None
    created_at: datetime
    expires_at: datetime
    sent_at: datetime | None
    error: str | None
    tries: int


async def list_open(tx: Tx, team_id: UUID) -> list[Invitation]:
    """A team's that nobody has accepted or revoked, newest first."""
    query = _open().where(invitations.c.team_id == team_id)
    return await _list(tx, query.order_by(invitations.c.id.desc()))


async def get_open(tx: Tx, invitation_id: UUID) -> Invitation | None:
    """None once it has been accepted or revoked."""
    found = await _list(tx, _open().where(invitations.c.id == invitation_id))
    return found[0] if found else None


async def lock_by_token(tx: Tx, token_hash: bytes, now: datetime) -> Invitation | None:
    """The one with this token, if it still counts; nobody else accepts it meanwhile."""
    query = _open().where(
        invitations.c.token_hash == token_hash,
        invitations.c.expires_at > now,
        _inviter_is_there(),
    )
    found = await _list(tx, query.with_for_update(of=invitations))
    return found[0] if found else None


def _inviter_is_there() -> ColumnElement[bool]:
    """Whoever has left invites nobody any more."""
    inviters = users.alias()  # users may be in the query already
    gone = select(inviters.c.id).where(inviters.c.deactivated_at.is_not(None))
    by = invitations.c.invited_by_id
    return or_(by.is_(None), by.not_in(gone))


async def any_open(tx: Tx, email: str, now: datetime) -> bool:
    """Whether somebody with this address is expected."""
    query = exists().where(
        invitations.c.email == email,
        invitations.c.accepted_at.is_(None),
        invitations.c.revoked_at.is_(None),
        invitations.c.expires_at > now,
        _inviter_is_there(),
    )
    return bool(await tx.scalar(select(query)))


async def insert_invitation(tx: Tx, columns: Mapping[str, object]) -> bool:
    """False if the address is invited to this team already."""
    try:
        async with tx.begin_nested():
            await tx.execute(insert(invitations).values(**columns))
    except IntegrityError:  # the only constraint that a new one can break
        return False
    return True


async def update_invitation(
    tx: Tx, invitation_id: UUID, columns: Mapping[str, object]
) -> None:
    """Change one."""
    mine = invitations.c.id == invitation_id
    await tx.execute(update(invitations).where(mine).values(**columns))


async def claim_due(
    tx: Tx, until: datetime, limit: int, now: datetime
) -> list[Invitation]:
    """Those whose mail is due, taken until `until`, whoever else looks."""
    due = (
        select(invitations.c.id)
        .where(invitations.c.due_at <= now)
        .order_by(invitations.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = invitations.c.id == any_(func.array(due.scalar_subquery()))
    claimed = update(invitations).where(taken).values(due_at=until)
    ids = list(await tx.scalars(claimed.returning(invitations.c.id)))
    return await _list(tx, _open().where(invitations.c.id.in_(ids)))


def _open() -> Select[tuple[object, ...]]:
    return (
        select(
            invitations.c.id,
            invitations.c.email,
            invitations.c.role,
            invitations.c.round,
            invitations.c.created_at,
            invitations.c.expires_at,
            invitations.c.sent_at,
            invitations.c.error,
            invitations.c.tries,
            teams.c.id.label("team_id"),
            teams.c.name.label("team_name"),
            users.c.id.label("by_id"),
            users.c.name.label("by_name"),
        )
        .join(teams, teams.c.id == invitations.c.team_id)
        .outerjoin(users, users.c.id == invitations.c.invited_by_id)
        .where(invitations.c.accepted_at.is_(None), invitations.c.revoked_at.is_(None))
    )


async def _list(tx: Tx, query: Select[tuple[object, ...]]) -> list[Invitation]:
    return [
        Invitation(
            id=row.id,
            email=row.email,
            team=TeamRef(row.team_id, row.team_name),
            role=Role(row.role),
            round=row.round,
            invited_by=UserRef(row.by_id, row.by_name) if row.by_id else None,
            created_at=row.created_at,
            expires_at=row.expires_at,
            sent_at=row.sent_at,
            error=row.error,
            tries=row.tries,
        )
        for row in await tx.execute(query)
    ]
