from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.gaps import LATE, MOST, Gap, still_missing

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
numbers = st.integers(1, 40)
gaps = st.builds(lambda a, b: Gap(min(a, b), max(a, b), NOW), numbers, numbers)


def inside(found: tuple[Gap, ...]) -> set[int]:
    return {n for gap in found for n in range(gap.first, gap.last + 1)}


@given(gap=gaps, seen=st.sets(numbers))
def test_what_is_missing_is_exactly_what_was_not_seen(gap: Gap, seen: set[int]) -> None:
    left = still_missing([gap], seen, NOW)

    assert inside(left) == inside((gap,)) - seen
    assert all(part.first <= part.last for part in left)


@given(gap=gaps, first=st.sets(numbers), second=st.sets(numbers))
def test_looking_twice_is_the_same_as_looking_once_at_both(
    gap: Gap, first: set[int], second: set[int]
) -> None:
    twice = still_missing(still_missing([gap], first, NOW), second, NOW)

    assert twice == still_missing([gap], first | second, NOW)


def test_what_never_came_is_given_up_after_a_while() -> None:
    gap = Gap(1, 3, NOW)

    assert still_missing([gap], [], NOW + LATE) == (gap,)
    assert still_missing([gap], [], NOW + LATE + timedelta(seconds=1)) == ()


def test_nothing_is_missing_in_an_empty_range() -> None:
    assert still_missing([Gap(5, 4, NOW)], [], NOW) == ()


def test_of_too_many_gaps_the_newest_are_kept() -> None:
    every_second = range(2, 4 * MOST, 2)

    left = still_missing([Gap(1, 4 * MOST, NOW)], every_second, NOW)

    assert len(left) == MOST
    assert left[-1].last == 4 * MOST
