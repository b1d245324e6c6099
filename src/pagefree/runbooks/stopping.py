"""The kill switch of a runbook, and its end."""

from datetime import datetime
from uuid import UUID

from pagefree.core.access import Actor
from pagefree.infra.db import Tx
from pagefree.runbooks import library, queries
from pagefree.runbooks.controls import require_may_write
from pagefree.runbooks.queries import Runbook
from pagefree.runbooks.recording import About, record
from pagefree.timeline.service import by


async def stop(
    tx: Tx, runbook_id: UUID, reason: str | None, actor: Actor, now: datetime
) -> Runbook:
    """Let nothing of it run; without a reason, let it run again."""
    runbook = await library.locked(tx, runbook_id)
    require_may_write(actor, runbook.team_id)
    values = {
        "stopped_at": now if reason else None,
        "stopped_by_id": actor.user_id if reason else None,
        "stopped_reason": reason,
    }
    await queries.update_runbook(tx, runbook_id, values)
    kind = "runbook.stopped" if reason else "runbook.let_go"
    shown = {"name": runbook.name, "reason": reason}
    about = About(runbook_id, team_id=runbook.team_id, shown=shown)
    await record(tx, kind, about, by(actor), now)
    return await library.get_runbook(tx, runbook_id)


async def archive(tx: Tx, runbook_id: UUID, actor: Actor, now: datetime) -> None:
    """Take it out of the library; its runs and its audit stay."""
    runbook = await library.locked(tx, runbook_id)
    require_may_write(actor, runbook.team_id)
    await queries.update_runbook(tx, runbook_id, {"archived_at": now})
    about = About(runbook_id, team_id=runbook.team_id, shown={"name": runbook.name})
    await record(tx, "runbook.archived", about, by(actor), now)
