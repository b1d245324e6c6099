"""The chat of an incident: what is done to it next, and what it says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pagefree.core.incident_chats import (
    KEPT,
    MOST_TRIES,
    NAME_LIMIT,
    Chat,
    Step,
    Subject,
    look_again_at,
    name_of,
    next_step,
    retry_at,
    topic_of,
    words,
)
from pagefree.core.incidents import Status

NOW = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
OPEN = Subject(
    12, "Disk full", "Shop", "critical", Status.TRIGGERED, None, None, "https://x/12"
)
OVER = replace(OPEN, status=Status.RESOLVED, resolved_at=NOW)
NEW = Chat(None, "", frozenset())
MADE = Chat("C1", topic_of(OPEN), frozenset({"ana"}))


@pytest.mark.parametrize(
    ("chat", "people", "news", "step"),
    [
        (NEW, ["ana"], True, Step.CREATE),
        (replace(NEW, place="C1"), ["ana"], True, Step.INVITE),
        (MADE, ["ana", "bo"], True, Step.INVITE),
        (replace(MADE, topic="old"), ["ana"], True, Step.TOPIC),
        (MADE, ["ana"], True, Step.TELL),
        (MADE, [], False, None),
    ],
    ids=["new", "empty", "more people", "another topic", "news", "quiet"],
)
def test_one_thing_after_the_other_is_done(
    chat: Chat, people: list[str], step: Step | None, *, news: bool
) -> None:
    assert next_step(chat, OPEN, people, news=news, now=NOW) is step


def test_it_is_archived_when_the_incident_has_been_over_for_a_day() -> None:
    chat = replace(MADE, topic=topic_of(OVER))
    early, late = NOW + KEPT - timedelta(seconds=1), NOW + KEPT

    assert next_step(chat, OVER, [], news=False, now=early) is None
    assert next_step(chat, OVER, [], news=False, now=late) is Step.ARCHIVE
    assert look_again_at(OVER, early) == late
    assert look_again_at(OPEN, NOW) < look_again_at(OVER, NOW) < late


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Disk full", "inc-12-disk-full"),
        ("<!channel> ÄÖ 99 %", "inc-12-channel-99"),
        ("", "inc-12"),
        ("x" * 200, "inc-12-" + "x" * (NAME_LIMIT - 7)),
    ],
    ids=["plain", "hostile", "empty", "long"],
)
def test_a_name_is_one_that_slack_takes(title: str, name: str) -> None:
    assert name_of(replace(OPEN, title=title)) == name


def test_a_topic_says_who_has_it() -> None:
    taken = replace(OPEN, status=Status.ACKNOWLEDGED, has_it="Ana")

    assert topic_of(taken).startswith("#12 acknowledged by Ana · Shop")
    assert topic_of(OPEN).startswith("#12 triggered · Shop")


def test_it_is_tried_again_for_a_while_and_as_late_as_the_provider_asks() -> None:
    assert retry_at(1, None, NOW) == NOW + timedelta(seconds=5)
    assert retry_at(1, 30, NOW) == NOW + timedelta(seconds=30)
    assert retry_at(7, 10**9, NOW) == NOW + timedelta(hours=1)
    assert retry_at(MOST_TRIES, None, NOW) is None


@pytest.mark.parametrize(
    ("kind", "data", "line"),
    [
        ("incident.acknowledged", {}, "Ana acknowledged"),
        ("incident.resolved", {"note": "fixed"}, "Ana resolved: fixed"),
        ("incident.note", {"text": "hm"}, "Ana noted: hm"),
        (
            "escalation.paged",
            {"users": [{"name": "Bo"}, {"name": "Cy"}], "rooms": [{"name": "Ops"}]},
            "Ana paged Bo, Cy",
        ),
        ("escalation.paged", {"users": [{}, "x"]}, "Ana paged nobody"),
        (
            "incident.reassigned",
            {"policy": {"name": "Nights"}},
            "Ana reassigned to Nights",
        ),
        ("notification.failed", {}, None),
    ],
    ids=["plain", "note", "text", "people", "nobody", "policy", "not told"],
)
def test_the_timeline_is_told_in_lines(
    kind: str, data: dict[str, object], line: str | None
) -> None:
    assert words(kind, "Ana", data) == line
