from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.intervals import Interval, clip, joined, united, without

START = datetime(2026, 1, 1, tzinfo=UTC)


def between(start_h: int, end_h: int) -> Interval:
    """An interval by hours since START."""
    hour = timedelta(hours=1)
    return Interval(START + start_h * hour, START + end_h * hour)


intervals = st.tuples(st.integers(0, 50), st.integers(1, 50)).map(
    lambda pair: between(pair[0], pair[0] + pair[1])
)


def test_clipping_keeps_what_is_inside() -> None:
    assert clip(between(1, 5), between(2, 4)) == between(2, 4)
    assert clip(between(2, 4), between(1, 5)) == between(2, 4)
    assert clip(between(1, 3), between(2, 5)) == between(2, 3)


def test_intervals_that_only_meet_do_not_overlap() -> None:
    assert clip(between(1, 2), between(2, 3)) is None
    assert clip(between(1, 1), between(0, 3)) is None


@given(intervals, intervals)
def test_clipping_is_symmetric_and_stays_inside_both(
    one: Interval, other: Interval
) -> None:
    inside = clip(one, other)

    assert inside == clip(other, one)
    if inside is not None:
        assert max(one.start, other.start) == inside.start < inside.end
        assert inside.end == min(one.end, other.end)


def test_what_one_holder_has_without_a_gap_is_one_interval() -> None:
    held = [("ana", between(0, 1)), ("ana", between(1, 2)), ("ana", between(2, 3))]

    assert joined(held) == [("ana", between(0, 3))]


def test_a_gap_or_another_holder_keeps_intervals_apart() -> None:
    held = [("ana", between(0, 1)), ("bo", between(1, 2)), ("bo", between(3, 4))]

    assert joined(held) == held
    assert joined([]) == []


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 5)), max_size=20))
def test_joining_neither_adds_nor_loses_time(turns: list[tuple[str, int]]) -> None:
    held, hour = [], 0
    for holder, hours in turns:
        held.append((holder, between(hour, hour + hours)))
        hour += hours

    found = joined(held)

    assert sum((i.end - i.start for _, i in found), timedelta()) == timedelta(
        hours=hour
    )
    assert all(a[0] != b[0] for a, b in pairwise(found))


def test_united_intervals_are_as_few_as_can_be() -> None:
    some = [
        between(4, 5),
        between(0, 2),
        between(1, 3),
        between(3, 3),
        between(7, 7),
    ]

    assert united(some) == [between(0, 3), between(4, 5)]
    assert without(between(-1, 9), some) == [
        between(-1, 0),
        between(3, 4),
        between(5, 9),
    ]
    assert without(between(1, 2), some) == []
