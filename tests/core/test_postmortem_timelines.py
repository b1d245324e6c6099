"""The timeline of a postmortem is made from events, and what people did to it stays."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pagefree.core.postmortem_timelines import (
    MOST_ITEMS,
    MOST_TEXT,
    WORDS,
    Happened,
    Item,
    built,
    merged,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def event(
    event_id: int,
    kind: str,
    minutes: int = 0,
    incident: int = 12,
    data: dict[str, object] | None = None,
) -> Happened:
    at = NOW + minutes * MINUTE
    return Happened(event_id, at, kind, "Ana", incident, data or {})


def told(kind: str, **data: object) -> list[str]:
    return [item.text for item in built([event(1, kind, data=data)])]


def test_events_of_two_incidents_are_one_story_in_the_order_of_time() -> None:
    found = built(
        [
            event(1, "incident.triggered", 0),
            event(4, "incident.resolved", 30),
            event(2, "incident.triggered", 5, incident=13),
        ]
    )

    assert [(item.incident, item.at) for item in found] == [
        (12, NOW),
        (13, NOW + 5 * MINUTE),
        (12, NOW + 30 * MINUTE),
    ]


@pytest.mark.parametrize(
    "kind", ["notification.accepted", "incident.joined", "workflow.started", "?"]
)
def test_what_does_not_matter_is_left_out(kind: str) -> None:
    assert told(kind) == []


@pytest.mark.parametrize("kind", sorted(WORDS))
def test_events_without_data_are_told_all_the_same(kind: str) -> None:
    assert all(text.startswith("Ana ") for text in told(kind))


PEOPLE = [{"name": name} for name in ("Bo", "Cy", "Di", "Eve", "Flo", "Gus")]


@pytest.mark.parametrize(
    ("kind", "data", "text"),
    [
        ("incident.triggered", {"declared": True}, "Ana declared the incident"),
        ("incident.note", {"text": "Rolled back"}, "Ana noted: Rolled back"),
        ("incident.resolved", {"note": "Fixed"}, "Ana resolved it: Fixed"),
        ("incident.merged", {"from": {"number": 7}}, "Ana merged #7 into this"),
        (
            "incident.updated",
            {"changes": {"priority": {"from": None, "to": "P1"}, "title": {}}},
            "Ana changed the priority to P1",
        ),
        ("escalation.paged", {"users": PEOPLE[:2]}, "Ana paged Bo, Cy"),
        (
            "escalation.paged",
            {"users": PEOPLE},
            "Ana paged Bo, Cy, Di, Eve and 2 more",
        ),
        ("escalation.paged", {"rooms": [{"name": "Ops"}]}, "Ana posted in Ops"),
        (
            "incident.reassigned",
            {"user": {"name": "Bo"}},
            "Ana reassigned it to Bo",
        ),
        (
            "runbook_run.failed",
            {"name": "Restart"},
            "Ana ran the runbook “Restart”: it failed",
        ),
        (
            "status_incident.published",
            {"page": "Shop", "name": "Slow", "status": "investigating"},
            "Ana told people on Shop: “Slow” is investigating",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_events_become_sentences(kind: str, data: dict[str, object], text: str) -> None:
    assert told(kind, **data) == [text]


def test_a_change_that_tells_nothing_is_left_out() -> None:
    assert told("incident.updated", changes={"title": {"to": "New"}}) == []
    assert told("incident.merged", into={"number": 7}) == []


def test_a_long_note_is_cut() -> None:
    assert len(told("incident.note", text="x" * 1000)[0]) == MOST_TEXT


def test_what_people_did_stays_when_it_is_built_anew() -> None:
    first = built([event(1, "incident.triggered"), event(2, "incident.resolved", 30)])
    hidden = replace(first[0], hidden=True)
    reworded = replace(first[1], text="We were done")
    added = Item("mine", NOW + 10 * MINUTE, "Sales noticed")
    again = built(
        [
            event(1, "incident.triggered"),
            event(2, "incident.resolved", 30),
            event(3, "incident.reopened", 20),
        ]
    )

    found = merged([hidden, reworded, added], again)

    assert [item.id for item in found] == ["event-1", "mine", "event-3", "event-2"]
    assert found[0].hidden
    assert found[-1].text == "We were done"


def test_what_people_wrote_at_the_end_is_not_cut_away() -> None:
    told = [Item(f"mine-{n}", NOW + n * MINUTE, "Said") for n in range(MOST_ITEMS + 50)]

    assert merged(told, built([event(1, "incident.triggered")])) == tuple(told)


def test_a_storm_is_cut() -> None:
    storm = [
        event(n, "incident.note", n, data={"text": "x"}) for n in range(MOST_ITEMS + 50)
    ]

    assert len(built(storm)) == MOST_ITEMS
