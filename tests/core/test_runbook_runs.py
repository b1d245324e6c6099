"""The life of a run: forward only, launched at most once, stopped where it has to be."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.errors import Conflict, Forbidden, Invalid, TooManyRequests
from pagefree.core.runbook_runs import (
    LONGEST_BACKOFF,
    LONGEST_LINE,
    MASK,
    MOST_LINES,
    MOST_TRIES,
    OVER,
    Bounds,
    Calendar,
    Fate,
    RunState,
    Situation,
    Step,
    Traffic,
    cut,
    end_of,
    filled,
    moves,
    next_look,
    next_step,
    next_try,
    require_automatic,
    require_confirmation,
    require_room,
)
from pagefree.core.runbooks import RunClass

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
BOUNDS = Bounds(most_per_hour=3, cool_down=10 * MINUTE, at_once=1)


@given(st.lists(st.sampled_from(RunState), max_size=12))
def test_the_life_of_a_run_goes_forward_only(heard: list[RunState]) -> None:
    state, lived = RunState.QUEUED, [RunState.QUEUED]
    for news in heard:
        if moves(state, news):
            state = news
            lived.append(state)

    rank = {RunState.QUEUED: 0, RunState.RUNNING: 1}
    assert all(rank.get(a, 2) < rank.get(b, 2) for a, b in pairwise(lived))
    assert len([one for one in lived if one in OVER]) <= 1


@pytest.mark.parametrize(("over", "to"), list(product(sorted(OVER), RunState)))
def test_nothing_moves_what_is_over(over: RunState, to: RunState) -> None:
    assert not moves(over, to)


@given(
    st.sampled_from(Fate),
    st.integers(1, 6),
    st.none() | st.integers(0, 10_000),
)
def test_only_what_was_refused_before_it_began_is_tried_again(
    fate: Fate, tries: int, retry_after_s: int | None
) -> None:
    at = next_try(fate, tries, retry_after_s, NOW)

    assert (at is not None) == (fate is Fate.REFUSED and tries < MOST_TRIES)
    if at is not None:
        assert NOW < at <= NOW + LONGEST_BACKOFF


def test_it_is_tried_three_times_more_and_waits_longer_each_time() -> None:
    waits = []
    for tries in range(1, 5):
        at = next_try(Fate.REFUSED, tries, None, NOW)
        waits.append(None if at is None else at - NOW)

    assert waits == [5 * SECOND, 20 * SECOND, 60 * SECOND, None]
    assert next_try(Fate.REFUSED, 1, 90, NOW) == NOW + 90 * SECOND


def test_what_may_have_begun_ends_unknown() -> None:
    assert {fate: end_of(fate) for fate in Fate} == {
        Fate.REFUSED: RunState.FAILED,
        Fate.REJECTED: RunState.FAILED,
        Fate.LOST: RunState.UNKNOWN,
    }


@given(
    st.sampled_from(RunState),
    st.integers(-100, 100),
    st.booleans(),
    st.booleans(),
)
def test_a_run_is_launched_only_while_nothing_has_left(
    state: RunState,
    late_s: int,
    launching: bool,  # noqa: FBT001 - hypothesis gives it
    cancelled: bool,  # noqa: FBT001
) -> None:
    ends_at = NOW - late_s * SECOND

    step = next_step(state, NOW, ends_at, launching=launching, cancelled=cancelled)

    assert (step is None) == (state in OVER)
    if step is Step.LAUNCH:
        assert state is RunState.QUEUED
        assert not launching
        assert not cancelled
        assert late_s < 0
    if state is RunState.RUNNING and late_s >= 0:
        assert step is Step.TIME_OUT


@pytest.mark.parametrize(
    ("state", "launching", "cancelled", "late", "expected"),
    [
        (RunState.QUEUED, False, False, False, Step.LAUNCH),
        (RunState.QUEUED, True, True, True, Step.RECOVER),
        (RunState.QUEUED, False, True, False, Step.END_CANCELLED),
        (RunState.QUEUED, False, False, True, Step.END_UNLAUNCHED),
        (RunState.RUNNING, True, False, False, Step.LOOK),
        (RunState.RUNNING, True, True, False, Step.CANCEL),
        (RunState.RUNNING, True, True, True, Step.TIME_OUT),
    ],
)
def test_what_a_worker_does_next(
    state: RunState,
    launching: bool,  # noqa: FBT001 - a table
    cancelled: bool,  # noqa: FBT001
    late: bool,  # noqa: FBT001
    expected: Step,
) -> None:
    ends_at = NOW if late else NOW + HOUR

    found = next_step(state, NOW, ends_at, launching=launching, cancelled=cancelled)

    assert found is expected


def test_a_run_is_looked_at_less_and_less_often() -> None:
    waits = [
        next_look(NOW - since, NOW) - NOW for since in (SECOND, MINUTE, 10 * MINUTE)
    ]

    assert waits == [2 * SECOND, 5 * SECOND, 15 * SECOND]


def room(calendar: Calendar = Calendar.ALWAYS, **found: object) -> None:
    require_room(BOUNDS, calendar, Situation(**found), NOW)  # type: ignore[arg-type]


def test_a_kill_switch_stops_everything() -> None:
    with pytest.raises(Conflict, match="broken"):
        room(stopped="it is broken")


def test_planned_work_may_forbid_it_or_be_asked_for() -> None:
    room(Calendar.ALWAYS, in_maintenance=True)
    room(Calendar.NOT_IN_MAINTENANCE)
    room(Calendar.ONLY_IN_MAINTENANCE, in_maintenance=True)
    with pytest.raises(Conflict, match="while work is planned"):
        room(Calendar.NOT_IN_MAINTENANCE, in_maintenance=True)
    with pytest.raises(Conflict, match="only runs"):
        room(Calendar.ONLY_IN_MAINTENANCE)


def test_it_runs_so_often_and_no_more() -> None:
    room(traffic=Traffic(in_last_hour=2))
    with pytest.raises(TooManyRequests, match="3 times"):
        room(traffic=Traffic(in_last_hour=3))
    with pytest.raises(Conflict, match="already"):
        room(traffic=Traffic(unfinished=1))


@given(st.integers(0, 1200))
def test_it_cools_down(ago_s: int) -> None:
    traffic = Traffic(last_at=NOW - ago_s * SECOND)

    if ago_s >= 600:
        room(traffic=traffic)
    else:
        with pytest.raises(TooManyRequests) as refused:
            room(traffic=traffic)
        assert refused.value.retry_after_s == max(1, 600 - ago_s)


@pytest.mark.parametrize("run_class", list(RunClass))
@pytest.mark.parametrize("auto_safe", [True, False])
def test_only_what_is_marked_safe_starts_by_itself(
    run_class: RunClass, *, auto_safe: bool
) -> None:
    if auto_safe and run_class is not RunClass.DESTRUCTIVE:
        require_automatic(run_class, None, NOW, auto_safe=auto_safe)
    else:
        with pytest.raises(Forbidden):
            require_automatic(run_class, None, NOW, auto_safe=auto_safe)


def test_it_does_not_start_itself_again_and_again() -> None:
    safe = RunClass.DIAGNOSTIC

    require_automatic(safe, NOW - 5 * MINUTE, NOW, auto_safe=True)
    with pytest.raises(TooManyRequests):
        require_automatic(safe, NOW - 5 * MINUTE + SECOND, NOW, auto_safe=True)


@pytest.mark.parametrize("typed", [None, "", "wipe", "Wipe "])
def test_what_is_destructive_is_confirmed_by_typing_its_name(typed: str | None) -> None:
    with pytest.raises(Invalid, match="Wipe"):
        require_confirmation(RunClass.DESTRUCTIVE, "Wipe", typed)
    require_confirmation(RunClass.DESTRUCTIVE, "Wipe", "Wipe")
    require_confirmation(RunClass.REMEDIATION, "Wipe", typed)


@given(st.lists(st.text(max_size=40), max_size=5), st.integers(0, MOST_LINES + 5))
def test_output_is_capped_and_plain(lines: list[str], already: int) -> None:
    kept = cut(lines, already, ())

    assert len(kept) == min(len(lines), max(0, MOST_LINES - already))
    assert all(len(one.encode()) <= LONGEST_LINE for one in kept)
    assert all(c.isprintable() or c == "\t" for one in kept for c in one)


def test_long_lines_are_cut_and_secrets_masked() -> None:
    assert cut(["é" * 5000], 0, ()) == ["é" * 2048]
    assert cut(["token=s3cret!", "\x1b[31mred\nnext"], 0, ["s3cret"]) == [
        f"token={MASK}!",
        " [31mred next",
    ]


def test_bindings_give_what_there_is_and_nothing_else() -> None:
    facts = {
        "incident": {"number": 7, "service": "Shop", "list": [1]},
        "alert": {"labels": {"host.name": "web-1"}},
    }
    bindings = {
        "host": "alert.labels.host.name",
        "number": "incident.number",
        "missing": "alert.labels.none",
        "too_deep": "incident.number.more",
        "list": "incident.list",
        "unknown": "incident.service",
    }
    known = ["host", "number", "missing", "too_deep", "list"]

    assert filled(bindings, facts, known) == {"host": "web-1", "number": 7}
