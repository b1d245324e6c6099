"""Every number against incidents that one can count by hand."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, update

from pagefree.core.insights import window
from pagefree.infra.clock import system_clock
from pagefree.infra.ids import new_id
from pagefree.insights import service
from pagefree.insights.queries import Question
from pagefree.insights.reports import REPORTS
from pagefree.tables.escalation import escalations
from pagefree.tables.incidents import incidents
from tests.insights.conftest import ANYBODY, MONDAY, NOW, H, M, S, Scene, Story


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


async def test_noise_is_called_what_its_newest_alert_says(scene: Scene) -> None:
    old = await scene.tell(Story(0 * H, resolved=10 * M))
    new = await scene.tell(Story(1 * H, resolved=10 * M))
    await scene.alert(old, "disk", 30, "The disk is at 80 %")
    await scene.alert(new, "disk", 1, "A disk is full")
    await scene.count()

    assert (await scene.one("noise"))["title"] == "A disk is full"


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
    assert (ana["interruptions"], ana["incidents"]) == (2, 1)
    assert [bo[part] for part in ("working", "off", "sleep")] == [0, 1, 1]
    assert (bo["person"], bo["interruptions"], bo["incidents"]) == ("Bo", 2, 2)


async def test_parts_of_the_day_go_over_to_the_microsecond(scene: Scene) -> None:
    """Ana's clock shows UTC in the first week of March; the scene begins on Monday at 10."""
    before = timedelta(microseconds=1)
    midnight, day = -10 * H, timedelta(days=1)
    parts = {
        "sleep": (0 * H, 7 * H - before, 22 * H),
        "off": (7 * H, 9 * H - before, 18 * H, 5 * day + 12 * H),  # Saturday
        "working": (9 * H, 18 * H - before, 4 * day + 18 * H - before),  # Friday
    }
    over = await scene.tell(Story(0 * H, resolved=10 * M))
    for part, moments in parts.items():
        for number, at in enumerate(moments):
            cause = f"{part} {number}"
            await scene.page(over, scene.ana, midnight + at, cause=cause)
    await scene.count()

    [ana] = await scene.report("people")

    assert {part: ana[part] for part in parts} == {
        part: len(moments) for part, moments in parts.items()
    }


async def test_nobody_is_interrupted_twice_because_it_was_opened_again(
    scene: Scene,
) -> None:
    again = await scene.tell(Story(0 * H, resolved=10 * M))
    await scene.page(again, scene.ana, 0 * H)
    await scene.count()
    opened = {"status": "triggered", "resolved_at": None}
    await scene.tx.execute(
        update(incidents).where(incidents.c.id == again).values(**opened)
    )

    [ana] = await scene.report("people")

    assert ana["interruptions"] == 1


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
