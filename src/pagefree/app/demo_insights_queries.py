"""Statements that write the demo's past: what was counted, and nothing that is under way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert

from pagefree.infra.db import Tx
from pagefree.tables.insights import alert_facts, incident_facts, interruptions


@dataclass(frozen=True, slots=True)
class Past:
    """An incident of the past as statistics know it; no such incident is kept."""

    incident_id: UUID
    service_id: UUID
    team_id: UUID
    urgency: str
    title: str
    opened_at: datetime
    acknowledged_at: datetime | None
    resolved_at: datetime
    events: int
    called: tuple[tuple[UUID, datetime], ...]  # by each step, from the first


async def insert_past(tx: Tx, past: Sequence[Past]) -> None:
    """Write them as if they had been counted when they ended."""
    await tx.execute(insert(incident_facts), [_fact(one) for one in past])
    await tx.execute(insert(alert_facts), [_alert(one) for one in past])
    rows = [row for one in past for row in _calls(one)]
    await tx.execute(insert(interruptions), rows)


def _fact(one: Past) -> dict[str, object]:
    return _shared(one) | {
        "opened_at": one.opened_at,
        "acknowledged_at": one.acknowledged_at,
        "resolved_at": one.resolved_at,
        "reopened": 0,
        "steps": len(one.called),
        "gave_up": False,
        "merged": False,
        "alerts": 1,
        "events": one.events,
    }


def _alert(one: Past) -> dict[str, object]:
    return _shared(one) | {
        "dedup_key": one.title.lower().replace(" ", "-"),
        "title": one.title,
        "opened_at": one.opened_at,
        "alerts": 1,
        "events": one.events,
        "answered": one.acknowledged_at is not None,
    }


def _calls(one: Past) -> list[dict[str, object]]:
    return [
        _shared(one) | {"user_id": user_id, "cause": f"step {step}", "at": at}
        for step, (user_id, at) in enumerate(one.called, 1)
    ]


def _shared(one: Past) -> dict[str, object]:
    return {
        "incident_id": one.incident_id,
        "service_id": one.service_id,
        "team_id": one.team_id,
        "urgency": one.urgency,
    }
