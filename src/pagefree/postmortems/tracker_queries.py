"""Every statement on where teams make tickets of their action items."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from pagefree.infra.db import Tx
from pagefree.tables.postmortems import action_items, ticket_trackers

_T = ticket_trackers.c


@dataclass(frozen=True, slots=True)
class Tracker:
    """Where a team's tickets are made."""

    kind: str
    config: Mapping[str, Any]


async def get_tracker(tx: Tx, team_id: UUID) -> Tracker | None:
    """The team's, if it has one."""
    query = select(_T.kind, _T.config).where(_T.team_id == team_id)
    row = (await tx.execute(query)).first()
    return None if row is None else Tracker(*row)


async def put_tracker(
    tx: Tx, team_id: UUID, tracker: Tracker, user_id: UUID, now: datetime
) -> None:
    """Keep it, instead of what the team had."""
    values = {
        "kind": tracker.kind,
        "config": dict(tracker.config),
        "updated_by_id": user_id,
        "updated_at": now,
    }
    row = insert(ticket_trackers).values(team_id=team_id, **values)
    await tx.execute(row.on_conflict_do_update(index_elements=["team_id"], set_=values))


async def delete_tracker(tx: Tx, team_id: UUID) -> None:
    """Forget it; tickets that were made stay linked."""
    await tx.execute(delete(ticket_trackers).where(_T.team_id == team_id))


async def lock_item(tx: Tx, item_id: UUID) -> None:
    """Let nobody else make a ticket of it until the transaction ends."""
    mine = action_items.c.id == item_id
    await tx.execute(select(action_items.c.id).where(mine).with_for_update())
