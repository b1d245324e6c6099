"""A team, its service and its people, and what happened to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from pagefree.core.access import Actor
from pagefree.core.insights import window
from pagefree.infra.ids import new_id
from pagefree.insights import gathering, service
from pagefree.insights.queries import Question
from pagefree.tables.accounts import teams, users
from pagefree.tables.alerts import alerts
from pagefree.tables.incidents import incidents
from pagefree.tables.notifications import notifications
from pagefree.tables.services import services
from pagefree.tables.timeline import events

S, M, H = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)  # 10 in London, 21 in Sydney
WEEK = window(MONDAY - 10 * H, MONDAY + timedelta(days=7))
NOW = MONDAY + timedelta(days=2)
ANYBODY = Actor(new_id(), "Anybody")


@dataclass(frozen=True, slots=True)
class Story:
    """What happened to one incident, in times since it was opened."""

    at: timedelta  # since Monday
    acknowledged: timedelta | None = None
    given_back: timedelta | None = None
    again: timedelta | None = None  # acknowledged once more
    resolved: timedelta | None = None
    steps: int = 1
    urgency: str = "high"
    gave_up: bool = False
    reopened: bool = False


@dataclass(slots=True)
class Scene:
    """A team with a service, and who is called for it."""

    tx: AsyncConnection
    team_id: UUID
    service_id: UUID
    ana: UUID
    bo: UUID

    async def tell(self, story: Story) -> UUID:
        incident_id, opened = new_id(), MONDAY + story.at
        resolved = opened + story.resolved if story.resolved else None
        holds = story.again or (None if story.given_back else story.acknowledged)
        await self.tx.execute(
            insert(incidents).values(
                id=incident_id,
                service_id=self.service_id,
                team_id=self.team_id,
                title="Disk full",
                status="resolved" if resolved else "triggered",
                severity="critical",
                urgency=story.urgency,
                alert_count=1,
                open_alert_count=0,
                last_seq=0,
                opened_at=opened,
                acknowledged_at=opened + holds if holds else None,
                resolved_at=resolved,
            )
        )
        await self._happened(incident_id, opened, story)
        return incident_id

    async def _happened(
        self, incident_id: UUID, opened: datetime, story: Story
    ) -> None:
        told: list[tuple[timedelta | None, str, Mapping[str, object]]] = [
            *(
                (step * M, "escalation.paged", {"step": step + 1})
                for step in range(story.steps)
            ),
            (story.acknowledged, "incident.acknowledged", {}),
            (story.given_back, "incident.unacknowledged", {}),
            (story.again, "incident.acknowledged", {}),
            (story.resolved if story.reopened else None, "incident.reopened", {}),
            (story.resolved if story.gave_up else None, "escalation.exhausted", {}),
        ]
        rows = [
            {
                "at": opened + since,
                "kind": kind,
                "incident_id": incident_id,
                "seq": number,
                "actor_kind": "system",
                "actor_name": "PageFree",
                "data": data,
            }
            for number, (since, kind, data) in enumerate(told, 1)
            if since is not None
        ]
        await self.tx.execute(insert(events), rows)

    async def alert(
        self, incident_id: UUID, key: str, times: int, title: str | None = None
    ) -> None:
        await self.tx.execute(
            insert(alerts).values(
                id=new_id(),
                integration_id=new_id(),
                service_id=self.service_id,
                incident_id=incident_id,
                last_request_id=new_id(),
                dedup_key=key,
                status="resolved",
                severity="critical",
                title=title or f"About {key}",
                occurrences=times,
                opened_at=MONDAY,
                last_at=MONDAY,
            )
        )

    async def page(
        self, incident_id: UUID, user_id: UUID, at: timedelta, **values: object
    ) -> None:
        row: dict[str, object] = {
            "id": new_id(),
            "incident_id": incident_id,
            "user_id": user_id,
            "channel": "sms",
            "kind": "page",
            "cause": "step 1",
            "priority": 0,
            "status": "delivered",
            "attempt_count": 1,
            "created_at": MONDAY + at,
            "send_at": MONDAY + at,
            "finished_at": MONDAY + at + 2 * S,
        }
        await self.tx.execute(insert(notifications).values(**row | values))

    async def count(self) -> None:
        """Count what is over, as the worker does it."""
        while await gathering.count_next(self.tx):
            pass

    async def report(self, key: str, **asked: Any) -> list[dict[str, object]]:
        question = Question(WEEK, **asked)
        table = await service.answer(self.tx, key, question, ANYBODY, NOW)
        keys = [column.key for column in table.report.columns]
        return [dict(zip(keys, row, strict=True)) for row in table.rows]

    async def one(self, key: str, **asked: Any) -> dict[str, object]:
        [row] = await self.report(key, **asked)
        return row


@pytest.fixture
async def scene(tx: AsyncConnection) -> Scene:
    team_id, service_id, ana, bo = (new_id() for _ in range(4))
    await tx.execute(
        insert(teams).values(id=team_id, name="Platform", created_at=MONDAY)
    )
    await tx.execute(
        insert(services).values(
            id=service_id, team_id=team_id, name="Payments", created_at=MONDAY
        )
    )
    for user_id, name, zone in (
        (ana, "Ana", "Europe/London"),
        (bo, "Bo", "Australia/Sydney"),
    ):
        email = f"{name}@example.org".lower()
        row = {"id": user_id, "email": email, "name": name, "time_zone": zone}
        await tx.execute(insert(users).values(**row, created_at=MONDAY))
    return Scene(tx, team_id, service_id, ana, bo)
