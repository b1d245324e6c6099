"""Undoing a change of configuration, by the same functions and rules as by hand.

It stands here because it calls features that stand above the audit.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from pagefree.accounts import service as accounts
from pagefree.audit import reading
from pagefree.audit.service import Note, note
from pagefree.audit.undoing import what_was_before
from pagefree.core.access import Actor
from pagefree.escalation import service as escalation
from pagefree.infra.db import Tx
from pagefree.infra.web import CurrentActor, Now, RequestTx
from pagefree.partners import service as partners
from pagefree.schedules import undoing as schedules
from pagefree.services import service as services
from pagefree.status_pages import service as status_pages
from pagefree.workflows import service as workflows

router = APIRouter(prefix="/v1/audit", tags=["audit"])
Values = Mapping[str, object]
Change = Callable[[Tx, UUID, Values, Actor, datetime], Awaitable[object]]


async def _team(tx: Tx, id_: UUID, values: Values, actor: Actor, _: datetime) -> object:
    return await accounts.change_team(tx, actor, id_, values)


async def _user(tx: Tx, id_: UUID, values: Values, actor: Actor, _: datetime) -> object:
    return await accounts.change_user(tx, actor, id_, values)


async def _workflow(
    tx: Tx, id_: UUID, values: Values, actor: Actor, now: datetime
) -> object:
    return await workflows.change(tx, actor, id_, values, now)


CHANGES: Mapping[str, Change] = {
    "integration": services.change_integration,
    "partner": partners.change_partner,
    "schedule": schedules.rename,
    "service": services.change_service,
    "status_page": status_pages.change_page,
    "team": _team,
    "user": _user,
    "workflow": _workflow,
}
# by kind of entry, where the whole of something was noted
REPLACEMENTS: Mapping[str, Change] = {
    "escalation_policy.replaced": escalation.undo,
    "schedule.replaced": schedules.undo,
}


@router.post("/{entry_id}/undo", status_code=204)
async def undo_audit_entry(
    entry_id: int, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Set again what was before a change, where nothing has changed since; 409 otherwise."""
    entry = await reading.get(tx, actor, entry_id)
    if undo := REPLACEMENTS.get(entry.kind):
        await undo(tx, UUID(entry.object_id), entry.data or {}, actor, now)
    else:
        values = await what_was_before(tx, entry)
        change = CHANGES[entry.object_kind]
        await change(tx, UUID(entry.object_id), values, actor, now)
    data = {"entry_id": entry.id, "seq": entry.seq}
    kind, name = entry.object_kind, entry.object_name
    what = Note("audit.undone", kind, entry.object_id, name, entry.team_id, data)
    await note(tx, what, now)
