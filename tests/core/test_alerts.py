from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pagefree.core.alerts import (
    KEY_BYTES,
    LOUDEST,
    Action,
    AlertEvent,
    Outcome,
    Severity,
    believable,
    fold,
    key_of,
    louder,
    severity_of,
    web_address,
)

TEN = datetime(2026, 3, 2, 10, tzinfo=UTC)
LATER = TEN + timedelta(hours=9)
TRIGGER, ACKNOWLEDGE, RESOLVE = Action.TRIGGER, Action.ACKNOWLEDGE, Action.RESOLVE

episodes = st.one_of(
    st.none(), st.integers(0, 3).map(lambda hour: TEN + timedelta(hours=hour))
)
happened = st.builds(
    AlertEvent,
    action=st.sampled_from(Action),
    dedup_key=st.just("k"),
    title=st.text(max_size=3),
    episode_at=episodes,
    ended_at=episodes,
)
batches = st.lists(happened, max_size=8)


def event(action: Action, *, hour: int | None = None, title: str = "") -> AlertEvent:
    at = None if hour is None else TEN + timedelta(hours=hour)
    return AlertEvent(action, "k", title=title, episode_at=at)


def outcomes(events: list[AlertEvent], *, is_open: bool = False) -> list[Outcome]:
    folded = fold(events, is_open=is_open, ended_episode=None)
    return [outcome for outcome, _ in folded.outcomes]


@pytest.mark.parametrize(
    ("actions", "is_open", "expected"),
    [
        ([TRIGGER], False, ["opened"]),
        ([TRIGGER], True, ["duplicate"]),
        ([TRIGGER, TRIGGER], False, ["opened", "duplicate"]),
        ([TRIGGER, RESOLVE], False, ["opened", "resolved"]),
        ([TRIGGER, RESOLVE, TRIGGER], False, ["opened", "resolved", "opened"]),
        ([RESOLVE, TRIGGER], True, ["resolved", "opened"]),
        ([RESOLVE], False, ["unmatched"]),
        ([RESOLVE, RESOLVE], True, ["resolved", "unmatched"]),
        ([ACKNOWLEDGE], False, ["unmatched"]),
        ([ACKNOWLEDGE], True, ["acknowledged"]),
        ([TRIGGER, ACKNOWLEDGE], False, ["opened", "acknowledged"]),
    ],
)
def test_what_events_of_one_key_do(
    actions: list[Action], *, is_open: bool, expected: list[str]
) -> None:
    assert outcomes([event(a) for a in actions], is_open=is_open) == expected


def test_the_last_firing_event_describes_the_alert() -> None:
    events = [event(TRIGGER, title="first"), event(TRIGGER, title="second")]

    (touched,) = fold(events, is_open=False, ended_episode=None).touched

    assert touched.event is not None
    assert touched.event.title == "second"
    assert touched.fired == 2


def test_an_old_firing_after_the_end_of_its_episode_is_ignored() -> None:
    events = [
        event(TRIGGER, hour=0),
        event(RESOLVE, hour=0),
        event(TRIGGER, hour=0),  # a replica that has not heard
        event(TRIGGER, hour=1),  # it really fires again
    ]

    assert outcomes(events) == ["opened", "resolved", "stale", "opened"]


def test_an_episode_that_ended_in_an_earlier_batch_stays_ended() -> None:
    folded = fold([event(TRIGGER, hour=0)], is_open=False, ended_episode=TEN)

    assert folded.touched == ()
    assert folded.outcomes == ((Outcome.STALE, None),)


def test_the_end_of_an_episode_that_we_never_saw_is_remembered() -> None:
    folded = fold([event(RESOLVE, hour=2)], is_open=False, ended_episode=TEN)

    assert folded.ended_episode == TEN + timedelta(hours=2)


def test_an_earlier_end_does_not_take_back_a_later_one() -> None:
    folded = fold([event(RESOLVE, hour=0)], is_open=True, ended_episode=LATER)

    assert folded.ended_episode == LATER


def test_a_late_end_of_an_earlier_episode_does_not_close_a_later_one() -> None:
    events = [
        event(TRIGGER, hour=0),
        event(TRIGGER, hour=2),  # its end was lost on the way, or is late
        event(RESOLVE, hour=0),
        event(RESOLVE, hour=2),
    ]

    assert outcomes(events) == ["opened", "duplicate", "stale", "resolved"]


def test_the_episode_that_was_open_before_a_batch_counts() -> None:
    late = fold(
        [event(RESOLVE, hour=0)], is_open=True, ended_episode=None, open_episode=LATER
    )

    assert late.outcomes == ((Outcome.STALE, None),)
    assert late.ended_episode == TEN


def test_a_beginning_that_is_yet_to_come_is_not_believed() -> None:
    soon, later = TEN + timedelta(minutes=5), TEN + timedelta(minutes=6)

    assert believable(None, TEN) is None
    assert believable(soon, TEN) == soon
    assert believable(later, TEN) is None


def test_an_end_after_all_beginnings_closes_whichever_beginning_it_names() -> None:
    # two Prometheus evaluate the same rule at different moments
    seen_later = event(TRIGGER, hour=1)
    over = replace(event(RESOLVE, hour=0), ended_at=TEN + timedelta(hours=1))
    too_early = replace(over, ended_at=TEN)

    assert outcomes([seen_later, too_early, over]) == ["opened", "stale", "resolved"]


@given(events=batches, is_open=st.booleans(), ended=episodes, open_episode=episodes)
@example(
    events=[event(RESOLVE, hour=0), event(TRIGGER, hour=0)],
    is_open=False,
    ended=None,
    open_episode=None,
)
def test_a_batch_does_what_its_events_do_one_after_the_other(
    events: list[AlertEvent],
    *,
    is_open: bool,
    ended: datetime | None,
    open_episode: datetime | None,
) -> None:
    at_once = fold(
        events, is_open=is_open, ended_episode=ended, open_episode=open_episode
    )
    one_by_one = []
    for one in events:
        folded = fold(
            [one], is_open=is_open, ended_episode=ended, open_episode=open_episode
        )
        one_by_one += [outcome for outcome, _ in folded.outcomes]
        if folded.touched:
            is_open = not folded.touched[-1].resolved
            open_episode = folded.touched[-1].episode_at
        ended = folded.ended_episode

    assert [outcome for outcome, _ in at_once.outcomes] == one_by_one
    assert at_once.ended_episode == ended
    if at_once.touched:
        assert (not at_once.touched[-1].resolved) == is_open


@given(events=batches, is_open=st.booleans(), ended=episodes)
def test_every_event_has_one_outcome_and_every_occurrence_counts_once(
    events: list[AlertEvent], *, is_open: bool, ended: datetime | None
) -> None:
    folded = fold(events, is_open=is_open, ended_episode=ended)

    assert len(folded.outcomes) == len(events)
    counted = [o for o, _ in folded.outcomes if o in {"opened", "duplicate"}]
    assert sum(touched.fired for touched in folded.touched) == len(counted)
    for outcome, index in folded.outcomes:
        nothing = outcome in {Outcome.STALE, Outcome.UNMATCHED}
        assert (index is None) == nothing
    assert all(touched.resolved for touched in folded.touched[:-1])


@given(events=batches, is_open=st.booleans(), ended=episodes)
def test_sending_the_same_batch_twice_opens_nothing_more_while_it_is_open(
    events: list[AlertEvent], *, is_open: bool, ended: datetime | None
) -> None:
    firing = [e for e in events if e.action is TRIGGER]
    first = fold(firing, is_open=is_open, ended_episode=ended)
    still_open = is_open or bool(first.touched)

    again = fold(firing, is_open=still_open, ended_episode=first.ended_episode)

    assert Outcome.OPENED not in {outcome for outcome, _ in again.outcomes}


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        ("critical", Severity.CRITICAL),
        (" PAGE ", Severity.CRITICAL),
        ("major", Severity.ERROR),
        ("Warn", Severity.WARNING),
        ("none", Severity.INFO),
        ("", LOUDEST),
        ("whatever", LOUDEST),
    ],
)
def test_an_unknown_severity_is_the_loudest(word: str, severity: Severity) -> None:
    assert severity_of(word) is severity


@given(st.sampled_from(Severity), st.sampled_from(Severity))
def test_the_louder_of_two_is_the_same_both_ways(a: Severity, b: Severity) -> None:
    order = list(Severity)

    assert louder(a, b) is louder(b, a) is order[min(order.index(a), order.index(b))]


@given(st.text(max_size=400))
@example("é" * 127)
@example("é" * 128)
def test_a_key_is_never_too_long_and_short_ones_stay(text: str) -> None:
    key = key_of(text)

    assert len(key.encode()) <= KEY_BYTES
    if len(text.encode()) <= KEY_BYTES:
        assert key == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://example.org/a?b#c", "https://example.org/a?b#c"),
        ("HTTP://example.org", "HTTP://example.org"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//example.org", None),
        ("", None),
        ("https://example.org/" + "a" * 3000, None),
    ],
)
def test_only_web_addresses_are_links(text: str, expected: str | None) -> None:
    assert web_address(text) == expected
