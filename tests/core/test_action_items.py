"""When owners of action items are reminded."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pagefree.core.action_items import ItemStatus, next_reminder, reminder, today

BERLIN = ZoneInfo("Europe/Berlin")
DUE = date(2026, 3, 31)  # clocks went forward on the 29th
OPEN = ItemStatus.OPEN


def test_reminders_come_in_the_morning_of_the_owner() -> None:
    found: list[datetime] = []
    after = datetime(2026, 3, 1, tzinfo=UTC)
    while at := next_reminder(OPEN, DUE, BERLIN, found[-1] if found else after):
        found.append(at)

    assert found[0] == datetime(2026, 3, 28, 8, tzinfo=UTC)
    assert found[1] == datetime(2026, 3, 31, 7, tzinfo=UTC)
    assert [at.astimezone(BERLIN).hour for at in found] == [9] * 6
    assert found[-1].date() == DUE + timedelta(days=28)


@pytest.mark.parametrize("status", [ItemStatus.DONE, ItemStatus.DROPPED])
def test_what_is_closed_reminds_nobody(status: ItemStatus) -> None:
    before = datetime(2026, 3, 1, tzinfo=UTC)

    assert next_reminder(status, DUE, BERLIN, before) is None
    assert next_reminder(OPEN, None, BERLIN, before) is None


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (28, "is due in 3 days"),
        (30, "is due tomorrow"),
        (31, "is due today"),
    ],
)
def test_a_reminder_says_how_long_there_is(day: int, words: str) -> None:
    assert words in reminder("Alarm on disk", "Disk full", DUE, date(2026, 3, day))


@pytest.mark.parametrize(
    ("day", "words"), [(1, "was due 1 day ago"), (7, "was due 7 days ago")]
)
def test_a_reminder_says_how_late_it_is(day: int, words: str) -> None:
    assert words in reminder("Alarm on disk", "Disk full", DUE, date(2026, 4, day))


def test_today_is_that_of_the_owner() -> None:
    late = datetime(2026, 3, 30, 22, 30, tzinfo=UTC)

    assert today(BERLIN, late) == DUE
