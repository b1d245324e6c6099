"""What happens to postmortems, in the timelines of the incidents that they are about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pagefree.core.access import Actor
from pagefree.infra.db import Tx
from pagefree.postmortems import queries
from pagefree.timeline.service import Entry, by, record


@dataclass(frozen=True, slots=True)
class About:
    """Which postmortem something happened to."""

    id: UUID
    title: str
    team_id: UUID


async def tell_incidents(
    tx: Tx, kind: str, about: About, actor: Actor, now: datetime
) -> None:
    """Record a change of state for each incident that the postmortem is about."""
    linked = (await queries.list_linked(tx, [about.id]))[about.id]
    data = {"postmortem_id": str(about.id), "title": about.title}
    entries = [
        Entry(kind, by(actor), incident.id, about.team_id, data) for incident in linked
    ]
    alone = [Entry(kind, by(actor), None, about.team_id, data)]
    await record(tx, entries or alone, now)


async def tell(
    tx: Tx,
    kind: str,
    about: About,
    data: Mapping[str, object],
    actor: Actor,
    now: datetime,
) -> None:
    """Record what concerns the postmortem alone."""
    told = {"postmortem_id": str(about.id), "title": about.title, **data}
    await record(tx, [Entry(kind, by(actor), None, about.team_id, told)], now)
