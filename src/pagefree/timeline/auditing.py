"""What people did, copied from the timeline into the audit: who did what, in one place."""

from collections.abc import Sequence
from datetime import datetime

from pagefree.audit.service import Note, note
from pagefree.infra.db import Tx
from pagefree.timeline.listening import Event, Listener
from pagefree.timeline.service import CauseKind

KINDS = frozenset(
    {"alert.", "escalation.", "heartbeat.", "incident.", "runbook_run.", "workflow."}
)


async def copy(tx: Tx, events: Sequence[Event], now: datetime) -> None:
    """Keep what people caused; not what they said, which the timeline shows."""
    del now  # they are kept as of when they happened
    for event in events:
        family = event.kind.partition(".")[0]
        about = event.incident_id or event.data.get("run_id") or ""
        what = Note(
            kind=event.kind,
            object_kind="incident" if event.incident_id else family,
            object_id=str(about),
            team_id=event.team_id,
            data={"event_id": event.id},
            by=event.actor_id,
            by_name=event.actor_name,
        )
        await note(tx, what, event.at)


LISTENER = Listener("audit", KINDS, copy, caused_by=CauseKind.USER)
