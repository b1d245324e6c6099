"""The life of a heartbeat, as a table of stories and as properties."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.alerts import Action
from pagefree.core.errors import Invalid
from pagefree.core.heartbeats import (
    AT_ONCE,
    Expected,
    Hearing,
    Heartbeat,
    Ping,
    PingKind,
    Reason,
    State,
    advance,
    down_at,
    due_at,
    pause,
    receive,
    reschedule,
    resume,
)
from pagefree.heartbeats.expectations import Schedule, check, expected_by, upcoming

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
GRACE = 5 * MINUTE
NEW = Heartbeat(GRACE)
RUN, OTHER_RUN = UUID(int=1), UUID(int=2)


def every(period: timedelta) -> Expected:
    return expected_by(Schedule(period, None))


TEN = every(10 * MINUTE)
UP = receive(NEW, Ping(PingKind.SUCCESS, START), TEN)
DOWN = receive(NEW, Ping(PingKind.FAIL, START), TEN)


def heard(minutes: float) -> Hearing:
    return Hearing(START + minutes * MINUTE)


def ping(kind: PingKind, minutes: float = 0, run_id: UUID | None = None) -> Ping:
    return Ping(kind, START + minutes * MINUTE, run_id)


@pytest.mark.parametrize(
    ("minutes", "state", "actions"),
    [
        (9.99, State.UP, ()),
        (10, State.LATE, ()),
        (14.99, State.LATE, ()),
        (15, State.DOWN, (Action.TRIGGER,)),
        (10_000, State.DOWN, (Action.TRIGGER,)),
    ],
)
def test_silence(minutes: float, state: State, actions: tuple[Action, ...]) -> None:
    after, told = advance(UP, heard(minutes))

    assert (after.state, told) == (state, actions)


def test_a_new_one_waits_for_ever() -> None:
    assert advance(NEW, heard(1e6)) == (NEW, ())
    assert due_at(NEW) is None
    assert down_at(NEW) is None


def test_a_failure_is_due_at_once_and_told_once() -> None:
    assert due_at(DOWN) == AT_ONCE
    told, actions = advance(DOWN, heard(0))

    assert actions == (Action.TRIGGER,)
    assert told.reason is Reason.FAILED
    assert advance(told, heard(1e6)) == (told, ())
    assert due_at(told) is None
    again = receive(told, ping(PingKind.FAIL, 1), TEN)
    assert advance(again, heard(1)) == (again, ())
    assert again.failures == 2


def test_a_recovery_is_due_at_once() -> None:
    told, _ = advance(DOWN, heard(0))
    back = receive(told, ping(PingKind.SUCCESS, 1), TEN)

    assert due_at(back) == AT_ONCE
    assert advance(back, heard(1))[1] == (Action.RESOLVE,)


def test_what_failed_and_came_back_unseen_is_told_of_both() -> None:
    back = receive(DOWN, ping(PingKind.SUCCESS, 1), TEN)

    assert advance(back, heard(1))[1] == (Action.TRIGGER, Action.RESOLVE)


def test_a_run_has_the_grace_time() -> None:
    running = receive(UP, ping(PingKind.START, 2), TEN)

    assert due_at(running) == START + 7 * MINUTE
    assert down_at(running) == START + 7 * MINUTE
    assert advance(running, heard(6.9)) == (running, ())
    after, actions = advance(running, heard(7))
    assert (after.state, after.reason) == (State.DOWN, Reason.UNFINISHED)
    assert actions == (Action.TRIGGER,)


@pytest.mark.parametrize(
    ("of_start", "of_end", "ends", "is_measured"),
    [
        (None, None, True, True),
        (RUN, RUN, True, True),
        (RUN, None, True, False),
        (RUN, OTHER_RUN, False, False),
        (None, RUN, False, False),
    ],
)
def test_a_start_and_its_end(
    of_start: UUID | None, of_end: UUID | None, *, ends: bool, is_measured: bool
) -> None:
    running = receive(UP, ping(PingKind.START, 1, of_start), TEN)
    ended = receive(running, ping(PingKind.SUCCESS, 3, of_end), TEN)

    assert (ended.started_at is None) is ends
    assert ended.last_duration == (2 * MINUTE if is_measured else None)


@pytest.mark.parametrize("kind", [PingKind.LOG, PingKind.IGNORED])
@pytest.mark.parametrize("before", [NEW, UP, DOWN], ids=["new", "up", "down"])
def test_some_pings_change_nothing(kind: PingKind, before: Heartbeat) -> None:
    assert receive(before, ping(kind, 3), TEN) == before


def test_a_pause() -> None:
    told, _ = advance(DOWN, heard(0))
    paused = pause(told)

    assert due_at(paused) == AT_ONCE
    paused, actions = advance(paused, heard(1e6))
    assert actions == (Action.RESOLVE,)
    assert due_at(paused) is None
    assert down_at(paused) is None
    assert receive(paused, ping(PingKind.START), TEN) == paused
    assert receive(paused, ping(PingKind.SUCCESS), TEN).state is State.UP
    held = replace(paused, manual_resume=True)
    assert receive(held, ping(PingKind.SUCCESS), TEN) == held


def test_resuming_counts_from_now() -> None:
    later = START + 100 * MINUTE

    assert resume(UP, TEN, later) == UP
    assert resume(pause(NEW), TEN, later) == NEW
    assert resume(pause(UP), TEN, later).expected_at == later + 10 * MINUTE


def test_another_schedule_never_expects_what_has_passed() -> None:
    later = START + 8 * MINUTE
    longer = reschedule(UP, GRACE, every(20 * MINUTE), later)
    shorter = reschedule(UP, MINUTE, every(MINUTE), later)

    assert longer.expected_at == START + 20 * MINUTE
    assert shorter.expected_at == later + MINUTE
    assert shorter.grace == MINUTE
    assert reschedule(DOWN, MINUTE, TEN, later) == replace(DOWN, grace=MINUTE)


def test_silence_counts_only_since_pings_are_heard() -> None:
    since = START + 60 * MINUTE
    late, actions = advance(UP, Hearing(since, since))

    assert (late.state, actions) == (State.LATE, ())
    assert due_at(late, since) == since + GRACE
    running = receive(UP, ping(PingKind.START), TEN)
    assert due_at(running, since) == START + 10 * MINUTE
    assert advance(running, Hearing(since + GRACE, since))[0].state is State.DOWN


# -- properties -------------------------------------------------------------------

spans = st.integers(1, 500).map(lambda n: n * MINUTE)
pings = st.tuples(
    st.sampled_from(PingKind), spans, st.sampled_from([None, RUN, OTHER_RUN])
)


@given(st.lists(st.one_of(pings, spans), max_size=30), spans, st.booleans())
def test_people_are_told_of_every_end_and_never_twice(
    steps: list[tuple[PingKind, timedelta, UUID | None] | timedelta],
    period: timedelta,
    manual_resume: bool,  # noqa: FBT001 - Hypothesis passes by position
) -> None:
    heartbeat, now = Heartbeat(GRACE, manual_resume), START
    is_open = False
    for step in steps:
        wait = step if isinstance(step, timedelta) else step[1]
        now += wait
        if not isinstance(step, timedelta):
            said = Ping(step[0], now, step[2])
            heartbeat = receive(heartbeat, said, every(period))
        heartbeat, actions = advance(heartbeat, Hearing(now))
        for action in actions:
            assert (action is Action.RESOLVE) is is_open
            is_open = not is_open
        assert is_open is heartbeat.told is (heartbeat.state is State.DOWN)
        # what is done is not due again
        due = due_at(heartbeat)
        assert due is None or due > now


@given(spans, spans, st.floats(0, 1e5))
def test_nothing_happens_before_it_is_due(
    period: timedelta, grace: timedelta, minutes: float
) -> None:
    up = receive(Heartbeat(grace), Ping(PingKind.SUCCESS, START), every(period))
    now = START + minutes * MINUTE
    while (due := due_at(up)) is not None and due <= now:
        before = due - timedelta(microseconds=1)
        assert advance(up, Hearing(before)) == (up, ())
        up, _ = advance(up, Hearing(due))

    assert (up.state is State.DOWN) is (now >= START + period + grace)


ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Gaza"]
CRONS = [
    "* * * * *",
    "*/5 * * * *",
    "30 2 * * *",
    "0 3 * * 1-5",
    "0 0 1 * *",
    "15 1,2 * * 0",
]
instants = st.integers(0, 2**26).map(lambda s: START + timedelta(seconds=s))


@given(instants, st.sampled_from(CRONS), st.sampled_from(ZONES))
def test_cron_always_comes_later_and_none_is_left_out(
    at: datetime, cron: str, zone: str
) -> None:
    expected = expected_by(Schedule(None, cron, zone))
    due = expected(at)

    assert due > at
    assert due.utcoffset() == timedelta(0)
    # whoever pings between now and then is expected at the same time
    middle = at + (due - at) / 2
    assert expected(middle) == due


@pytest.mark.no_cover  # four times as long with it
@given(instants, st.sampled_from(ZONES))
def test_a_daily_job_is_expected_once_a_local_day(at: datetime, zone: str) -> None:
    times = upcoming(Schedule(None, "30 2 * * *", zone), at, 400)

    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert min(gaps) >= timedelta(hours=23)
    assert max(gaps) <= timedelta(hours=25)


@pytest.mark.parametrize(
    ("night", "times"),
    [
        # 02:30 does not exist: it comes when the clocks have gone forward
        (datetime(2026, 3, 28, 12, tzinfo=UTC), ["29 01:00", "30 00:30"]),
        # 02:30 exists twice: the first counts
        (datetime(2026, 10, 24, 12, tzinfo=UTC), ["25 00:30", "26 01:30"]),
    ],
    ids=["forward", "back"],
)
def test_cron_when_clocks_change(night: datetime, times: list[str]) -> None:
    found = upcoming(Schedule(None, "30 2 * * *", "Europe/Berlin"), night, 2)

    assert [f"{time:%d %H:%M}" for time in found] == times


@pytest.mark.parametrize(
    "schedule",
    [
        Schedule(None, None),
        Schedule(MINUTE, "* * * * *"),
        Schedule(None, "* * * *"),
        Schedule(None, "* * * * * *"),
        Schedule(None, "61 * * * *"),
        Schedule(None, "0 0 30 2 *"),
        Schedule(None, "1," * 60 + "1 * * * *"),
        Schedule(None, "* * * * *", "Mars/Olympus"),
    ],
    ids=str,
)
def test_a_schedule_that_cannot_be_is_refused(schedule: Schedule) -> None:
    with pytest.raises(Invalid):
        check(schedule, START)


@given(st.text("0123456789*/,-#LWSUNJANl ?", max_size=25))
def test_any_text_is_a_cron_expression_or_refused(text: str) -> None:
    schedule = Schedule(None, text)
    try:
        check(schedule, START)
    except Invalid:
        return

    assert expected_by(schedule)(START) > START
