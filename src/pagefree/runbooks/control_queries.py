"""Every statement on what holds for all runbooks, and on who may approve."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert

from pagefree.core.access import Role
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.accounts import memberships, users
from pagefree.tables.runbooks import runbook_approvers, runbook_settings

INSTALLATION = "installation"  # the one row of settings


@dataclass(frozen=True, slots=True)
class Approver:
    """Somebody who may approve what is a team's without being its admin."""

    user_id: UUID
    name: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class RunbookSettings:
    """What holds for all runbooks."""

    approval_days: int
    stopped_at: datetime | None = None
    stopped_reason: str | None = None


# -- who may approve ----------------------------------------------------------------


async def list_approvers(tx: Tx, team_id: UUID) -> list[Approver]:
    """Those whom the team has named, by name."""
    d = runbook_approvers.c
    rows = await tx.execute(
        select(d.user_id, users.c.name, d.given_at)
        .join(users, users.c.id == d.user_id)
        .where(d.team_id == team_id)
        .order_by(users.c.name, d.user_id)
    )
    return [Approver(row.user_id, row.name, row.given_at) for row in rows]


async def put_approver(
    tx: Tx, team_id: UUID, user_id: UUID, given_by_id: UUID, now: datetime
) -> None:
    """Name somebody; twice is not an error."""
    values = {
        "id": new_id(),
        "team_id": team_id,
        "user_id": user_id,
        "given_by_id": given_by_id,
        "given_at": now,
    }
    await tx.execute(
        upsert(runbook_approvers).values(**values).on_conflict_do_nothing()
    )


async def delete_approver(tx: Tx, team_id: UUID, user_id: UUID) -> None:
    """Take it back; twice is not an error."""
    d = runbook_approvers.c
    await tx.execute(
        delete(runbook_approvers).where(d.team_id == team_id, d.user_id == user_id)
    )


async def list_entitled(
    tx: Tx, team_id: UUID | None, user_ids: Collection[UUID]
) -> set[UUID]:
    """Those of `user_ids` who may approve now what is the team's, or the installation's."""
    admin = select(memberships.c.user_id).where(
        memberships.c.team_id == team_id, memberships.c.role == Role.TEAM_ADMIN.value
    )
    named = select(runbook_approvers.c.user_id).where(
        runbook_approvers.c.team_id == team_id
    )
    may = or_(users.c.platform_admin, users.c.id.in_(admin), users.c.id.in_(named))
    query = select(users.c.id).where(
        users.c.id.in_(user_ids), users.c.deactivated_at.is_(None), may
    )
    return set((await tx.execute(query)).scalars())


async def list_runners(
    tx: Tx, team_id: UUID | None, user_ids: Collection[UUID]
) -> set[UUID]:
    """Those of `user_ids` who may run now what is the team's; of none: of any team."""
    m = memberships.c
    roles = [Role.TEAM_ADMIN.value, Role.RESPONDER.value]
    member = select(m.user_id).where(m.role.in_(roles))
    if team_id is not None:
        member = member.where(m.team_id == team_id)
    may = or_(users.c.platform_admin, users.c.id.in_(member))
    query = select(users.c.id).where(
        users.c.id.in_(user_ids), users.c.deactivated_at.is_(None), may
    )
    return set((await tx.execute(query)).scalars())


async def list_owners(tx: Tx, team_id: UUID | None) -> set[UUID]:
    """Who answers for a team's runbooks: its admins; for everybody's the platform's."""
    m = memberships.c
    query = select(m.user_id).where(
        m.team_id == team_id, m.role == Role.TEAM_ADMIN.value
    )
    if team_id is None:
        query = select(users.c.id).where(users.c.platform_admin)
    return set((await tx.execute(query)).scalars())


# -- settings -----------------------------------------------------------------------


async def get_settings(tx: Tx) -> RunbookSettings | None:
    """What an admin has set; none: nothing yet."""
    row = (await tx.execute(select(runbook_settings))).first()
    if row is None:
        return None
    return RunbookSettings(row.approval_days, row.stopped_at, row.stopped_reason)


async def put_settings(tx: Tx, values: Mapping[str, object]) -> None:
    """Set the columns in `values`, which are all."""
    row = upsert(runbook_settings).values(key=INSTALLATION, **values)
    await tx.execute(
        row.on_conflict_do_update(index_elements=["key"], set_=dict(values))
    )
