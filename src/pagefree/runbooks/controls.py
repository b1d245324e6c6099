"""What holds for all runbooks: the kill switch, how long approvals last, who may approve."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pagefree.accounts import service as accounts
from pagefree.core.access import Actor, Can, allowed, require
from pagefree.core.runbooks import APPROVAL_DAYS
from pagefree.infra.db import Tx
from pagefree.runbooks import control_queries as queries
from pagefree.runbooks.control_queries import Approver, RunbookSettings
from pagefree.runbooks.recording import About, record
from pagefree.timeline.service import by


@dataclass(frozen=True, slots=True)
class Wanted:
    """The settings as an admin wants them; a reason stops all runs."""

    approval_days: int
    stopped_reason: str | None


async def settings(tx: Tx) -> RunbookSettings:
    """What holds now."""
    return await queries.get_settings(tx) or RunbookSettings(APPROVAL_DAYS)


async def put_settings(
    tx: Tx, wanted: Wanted, actor: Actor, now: datetime
) -> RunbookSettings:
    """Change what holds. Approvals that were given keep the end that they have."""
    require(actor, Can.ADMINISTER)
    before = await settings(tx)
    stopped = wanted.stopped_reason is not None
    values = {
        "approval_days": wanted.approval_days,
        "stopped_at": (before.stopped_at or now) if stopped else None,
        "stopped_by_id": actor.user_id if stopped else None,
        "stopped_reason": wanted.stopped_reason,
        "updated_at": now,
    }
    await queries.put_settings(tx, values)
    shown = {
        "approval_days": wanted.approval_days,
        "stopped_reason": wanted.stopped_reason,
    }
    await record(tx, "runbook.settings_changed", About(shown=shown), by(actor), now)
    return await settings(tx)


async def list_approvers(tx: Tx, team_id: UUID) -> list[Approver]:
    """Those whom a team has named besides its admins."""
    await accounts.require_team(tx, team_id)
    return await queries.list_approvers(tx, team_id)


async def put_approver(
    tx: Tx, team_id: UUID, user_id: UUID, actor: Actor, now: datetime
) -> list[Approver]:
    """Let somebody approve what is the team's."""
    await accounts.require_team(tx, team_id)
    require(actor, Can.APPROVE_RUNBOOKS, team_id)
    person = await accounts.require_user(tx, user_id)
    await queries.put_approver(tx, team_id, user_id, actor.user_id, now)
    shown = {"user_id": str(user_id), "user": person.name}
    about = About(team_id=team_id, shown=shown)
    await record(tx, "runbook.approver_named", about, by(actor), now)
    return await queries.list_approvers(tx, team_id)


async def delete_approver(
    tx: Tx, team_id: UUID, user_id: UUID, actor: Actor, now: datetime
) -> None:
    """Take it back: what only they have approved does not run any more."""
    await accounts.require_team(tx, team_id)
    require(actor, Can.APPROVE_RUNBOOKS, team_id)
    await queries.delete_approver(tx, team_id, user_id)
    about = About(team_id=team_id, shown={"user_id": str(user_id)})
    await record(tx, "runbook.approver_removed", about, by(actor), now)


def may_write(actor: Actor, team_id: UUID | None) -> bool:
    """Whether the actor may write what is the team's, or the installation's."""
    if team_id is None:
        return allowed(actor, Can.ADMINISTER)
    return allowed(actor, Can.WRITE_RUNBOOKS, team_id)


def require_may_write(actor: Actor, team_id: UUID | None) -> None:
    """Raise Forbidden unless the actor may write it."""
    require(actor, Can.ADMINISTER if team_id is None else Can.WRITE_RUNBOOKS, team_id)
