"""Every number against incidents that one can count by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pagefree.core.access import Actor
from pagefree.core.insights import window
from pagefree.infra.clock import system_clock
from pagefree.infra.ids import new_id
from pagefree.insights import gathering, service
from pagefree.insights.queries import Question
from pagefree.insights.reports import REPORTS
from pagefree.tables.accounts import teams, users
from pagefree.tables.alerts import alerts
from pagefree.tables.escalation import escalations
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

    async def alert(self, incident_id: UUID, key: str, times: int) -> None:
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
                title=f"About {key}",
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


async def three(scene: Scene) -> None:
    """Acknowledged after 1 and 3 minutes, and not at all; over after 10, 20 and 60."""
    await scene.tell(Story(0 * H, acknowledged=60 * S, resolved=10 * M))
    await scene.tell(Story(1 * H, acknowledged=180 * S, resolved=20 * M, steps=2))
    await scene.tell(
        Story(25 * H, resolved=60 * M, steps=3, gave_up=True, urgency="low")
    )
    await scene.count()


async def test_times_to_answer_are_exact_to_the_second(scene: Scene) -> None:
    await three(scene)

    row = await scene.one("summary")

    assert row == {
        "incidents": 3,
        "high_urgency": 2,
        "acknowledged": 2,
        "resolved": 3,
        "ack_mean_s": 120,
        "ack_median_s": 120,
        "fix_mean_s": 1800,
        "fix_median_s": 1200,
        "ack_p95_s": pytest.approx(174),
        "fix_p95_s": pytest.approx(3360),
        "escalated": pytest.approx(2 / 3),
        "unanswered": 1,
        "reopened": 0,
    }


async def test_the_first_acknowledgement_counts_and_the_last_resolution(
    scene: Scene,
) -> None:
    story = Story(
        0 * H, acknowledged=30 * S, given_back=2 * M, again=9 * M, resolved=20 * M
    )
    incident_id = await scene.tell(story)
    await scene.count()
    over = {"resolved_at": MONDAY + 50 * M}
    await scene.tx.execute(
        update(incidents).where(incidents.c.id == incident_id).values(**over)
    )
    await scene.count()

    row = await scene.one("summary")

    assert (row["ack_mean_s"], row["fix_mean_s"]) == (30, 3000)


async def test_open_incidents_count_as_they_are_also_when_they_were_over_before(
    scene: Scene,
) -> None:
    await scene.tell(Story(0 * H, acknowledged=60 * S))
    again = await scene.tell(Story(1 * H, acknowledged=60 * S, resolved=10 * M))
    await scene.count()
    opened = {"status": "triggered", "resolved_at": None, "acknowledged_at": None}
    await scene.tx.execute(
        update(incidents).where(incidents.c.id == again).values(**opened)
    )
    state = {"policy": {}, "steps_done": 5, "state": "exhausted", "paged_step": 1}
    await scene.tx.execute(insert(escalations).values(incident_id=again, **state))

    row = await scene.one("summary")

    assert (row["incidents"], row["acknowledged"], row["resolved"]) == (2, 1, 0)
    assert (row["escalated"], row["unanswered"], row["fix_mean_s"]) == (0.5, 1, None)


async def test_what_was_merged_into_another_one_is_not_counted_twice(
    scene: Scene,
) -> None:
    into = await scene.tell(Story(0 * H, resolved=10 * M))
    merged = await scene.tell(Story(0 * H, resolved=5 * M))
    values = {"merged_into_id": into}
    await scene.tx.execute(
        update(incidents).where(incidents.c.id == merged).values(**values)
    )
    await scene.count()

    assert (await scene.one("summary"))["incidents"] == 1


async def test_a_trend_has_a_row_for_each_day_of_the_zone_asked_for(
    scene: Scene,
) -> None:
    await three(scene)

    utc = await scene.report("trend")
    sydney = await scene.report("trend", zone="Australia/Sydney")

    assert [(row["day"], row["incidents"]) for row in utc] == [
        (date(2026, 3, 2), 2),
        (date(2026, 3, 3), 1),
    ]
    # 10 and 11 in the morning are 21 and 22 there, 11 on the next day 22
    assert [(row["day"], row["incidents"]) for row in sydney] == [
        (date(2026, 3, 2), 2),
        (date(2026, 3, 3), 1),
    ]
    assert utc[0]["ack_mean_s"] == 120
    assert utc[1]["ack_mean_s"] is None


async def test_hours_are_those_of_the_zone_asked_for(scene: Scene) -> None:
    await three(scene)

    found = await scene.report("hours", zone="Asia/Kolkata")  # 5:30 ahead

    assert [tuple(row.values()) for row in found] == [
        (1, 15, 1),
        (1, 16, 1),
        (2, 16, 1),
    ]


async def test_services_and_teams_have_their_own_numbers(scene: Scene) -> None:
    await three(scene)

    service_row = await scene.one("services")
    team = await scene.one("teams", urgency="high")

    assert (service_row["service"], service_row["team"]) == ("Payments", "Platform")
    assert (service_row["incidents"], service_row["high_urgency"]) == (3, 2)
    assert (team["team_id"], team["incidents"]) == (scene.team_id, 2)
    assert team["escalated"] == 0.5
    assert await scene.report("services", team_id=new_id()) == []
    assert await scene.report("teams", service_id=new_id()) == []


async def test_escalations_say_how_far_up_pages_went(scene: Scene) -> None:
    await three(scene)

    found = await scene.report("escalations")

    assert [(row["step"], row["incidents"], row["unanswered"]) for row in found] == [
        (1, 1, 0),
        (2, 1, 0),
        (3, 1, 1),
    ]
    assert sum(float(str(row["share"])) for row in found) == pytest.approx(1)


async def test_in_time_is_acknowledged_or_over_and_nothing_that_still_has_time(
    scene: Scene,
) -> None:
    await three(scene)
    await scene.tell(Story(NOW - MONDAY - 4 * M))  # a minute is left
    await scene.tell(Story(NOW - MONDAY - 6 * M))  # too late

    usual = {row["urgency"]: row for row in await scene.report("in-time")}
    strict = {
        row["urgency"]: row for row in await scene.report("in-time", within_s=100.0)
    }

    assert (usual["high"]["incidents"], usual["high"]["in_time"]) == (3, 2)
    assert usual["high"]["share"] == pytest.approx(2 / 3)
    assert (usual["low"]["incidents"], usual["low"]["share"]) == (1, 0)
    # now the one of four minutes ago is late, too
    assert (strict["high"]["incidents"], strict["high"]["in_time"]) == (4, 1)


async def test_noise_is_what_reports_most_and_folding_what_was_spared(
    scene: Scene,
) -> None:
    first = await scene.tell(Story(0 * H, acknowledged=60 * S, resolved=10 * M))
    second = await scene.tell(Story(1 * H, resolved=10 * M))
    await scene.alert(first, "disk", 30)
    await scene.alert(second, "disk", 10)
    await scene.alert(second, "=cmd()", 5)
    await scene.count()

    noisy, quiet = await scene.report("noise")
    folded = await scene.one("folding")

    assert (noisy["dedup_key"], noisy["events"], noisy["alerts"]) == ("disk", 40, 2)
    assert (noisy["incidents"], noisy["unanswered"]) == (2, 0.5)
    assert (quiet["title"], quiet["events"]) == ("About =cmd()", 5)
    assert (folded["events"], folded["alerts"], folded["incidents"]) == (45, 3, 2)
    assert folded["folded"] == pytest.approx(43 / 45)


async def test_interruptions_are_split_by_each_persons_own_clock(scene: Scene) -> None:
    over = await scene.tell(Story(0 * H, resolved=10 * M))
    await scene.page(over, scene.ana, 0 * H)  # 10:00, at work
    await scene.page(over, scene.ana, 1 * M, channel="voice")  # the same step
    await scene.page(over, scene.ana, 9 * H, cause="step 2")  # 19:00, off
    await scene.page(over, scene.bo, 0 * H)  # 21:00 in Sydney, off
    await scene.page(over, scene.bo, 0 * H, channel="in_app", cause="step 3")
    await scene.page(
        over, scene.bo, 0 * H, status="skipped", attempt_count=0, cause="x"
    )
    await scene.count()
    burning = await scene.tell(Story(2 * H))
    await scene.page(burning, scene.bo, 2 * H)  # 23:00 in Sydney: asleep

    bo, ana = await scene.report("people")

    assert [ana[part] for part in ("working", "off", "sleep")] == [1, 1, 0]
    assert [bo[part] for part in ("working", "off", "sleep")] == [0, 1, 1]
    assert (bo["person"], bo["interruptions"], bo["incidents"]) == ("Bo", 2, 2)


async def test_channels_say_what_arrived_and_how_quickly_it_left(scene: Scene) -> None:
    now = system_clock()  # ids are made in order of time, and tell it
    incident_id = await scene.tell(Story(0 * H))
    at = now - MONDAY
    for status in ("delivered", "accepted", "failed", "unknown"):
        await scene.page(incident_id, scene.ana, at, status=status)
    await scene.page(incident_id, scene.ana, at, channel="in_app")
    question = Question(window(now - H, now + H))

    table = await service.answer(scene.tx, "channels", question, ANYBODY, now)

    [row] = table.rows
    assert row == ("sms", 4, 2, 1, 1, 1, 0, 0.5, 2, 2)


@pytest.mark.parametrize("key", REPORTS)
async def test_an_empty_installation_has_reports_too(scene: Scene, key: str) -> None:
    rows = await scene.report(key)

    assert len(rows) == (key == "summary")
