"""Which partitions of a day there are to be."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from pagefree.core.partitions import (
    DAY,
    HIGHEST,
    LOWEST,
    Partition,
    days_to_make,
    expired,
    first_id,
    partition,
)
from pagefree.infra.ids import first_id_of

NOW = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
TODAY = datetime(2026, 3, 2, tzinfo=UTC)
BORDER = first_id(TODAY)


def test_what_postgresql_says_of_a_partition_is_read() -> None:
    said = f"FOR VALUES FROM ('{LOWEST}') TO ('{BORDER}')"
    open_ended = "FOR VALUES FROM (MINVALUE) TO (MAXVALUE)"

    assert partition("old", said) == Partition("old", LOWEST, BORDER)
    assert partition("all", open_ended) == Partition("all", LOWEST, HIGHEST)
    assert partition("rest", "DEFAULT") is None


def test_a_border_is_where_ids_of_that_instant_begin() -> None:
    assert first_id_of(TODAY) == BORDER
    assert first_id_of(TODAY - timedelta(milliseconds=1)) < BORDER


def test_days_follow_each_other_without_a_hole_from_today_on() -> None:
    made = list(days_to_make([], 7, NOW))

    assert [day for day, _, _ in made] == [TODAY + n * DAY for n in range(8)]
    assert all(before[2] == after[1] for before, after in pairwise(made))


def test_a_day_of_which_there_is_a_part_is_not_made() -> None:
    until_noon = Partition("before", LOWEST, first_id(TODAY + DAY / 2))

    made = list(days_to_make([until_noon], 1, NOW))

    assert [day for day, _, _ in made] == [TODAY + DAY]


def test_what_holds_nothing_newer_is_expired_oldest_first() -> None:
    days = [
        Partition(f"{n}", first_id(TODAY + n * DAY), first_id(TODAY + (n + 1) * DAY))
        for n in range(3)
    ]

    assert expired(days[::-1], TODAY + 2 * DAY) == days[:2]
    assert expired(days, TODAY + DAY / 2) == []
    assert UUID(int=0) == LOWEST
