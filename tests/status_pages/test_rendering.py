"""Pages at their largest, bars, colours, words."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.status_pages import State
from pagefree.core.status_views import ComponentView, Look, PageView, Texts
from pagefree.core.uptime import Day
from pagefree.status_pages.languages import ENGLISH, LANGUAGES, times_of
from pagefree.status_pages.rendering import bars, colours
from pagefree.status_pages.rendering.files import render

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
NONE = timedelta(0)


def line(number: int) -> ComponentView:
    days = [
        Day(date(2026, 1, 1) + n * DAY, State.OPERATIONAL, NONE, DAY) for n in range(88)
    ]
    days.append(Day(date(2026, 3, 1), State.PARTIAL_OUTAGE, timedelta(minutes=65), DAY))
    days.append(Day(date(2026, 3, 2), State.OPERATIONAL, NONE, NONE))
    return ComponentView(
        id=UUID(int=number),
        group_id=None,
        name=f"Component {number}",
        description="What it is for, in a few words.",
        position=number,
        state=State.OPERATIONAL,
        showcase=True,
        only_show_if_degraded=False,
        started_on=None,
        created_at=NOW,
        updated_at=NOW,
        days=tuple(days),
    )


VIEW = PageView(
    id=UUID(int=1),
    url="https://status.example.org",
    texts=tuple(Texts(language, "Shop") for language in LANGUAGES),
    time_zone="Europe/Berlin",
    look=Look(),
    support_url=None,
    changed_at=NOW,
    rendered_at=NOW,
    components=tuple(line(number) for number in range(60)),
)


def test_a_page_of_sixty_components_is_under_sixty_kilobytes() -> None:
    files = render(VIEW, {})

    assert {len(files[path].content) // 60_000 for path in ("", "de/", "fr/")} == {0}
    assert len(files["page.css"].content) < 20_000


def test_every_language_has_every_word() -> None:
    assert all(set(words) == set(ENGLISH) for words in LANGUAGES.values())
    assert all(len(words["months"].split()) == 12 for words in LANGUAGES.values())


def test_bars_say_what_happened_on_loud_days() -> None:
    picture = bars.picture(line(1).days, ENGLISH)

    assert picture.count("<title>") == 1
    assert "1 March 2026: Partial outage, down for 1 h 5 min" in picture
    assert 'class="ok" d="M0 15h438"' in picture  # 88 quiet days in one stroke
    assert 'class="none" d="M445 15h3"' in picture
    assert bars.percentage(line(1).days) == "99.94\u202f%"
    assert bars.percentage(()) == ""


@given(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True))
def test_every_colour_is_made_readable(colour: str) -> None:
    light, dark = colours.on_light(colour), colours.on_dark(colour)

    assert colours.contrast(colours.parsed(light), colours.LIGHT_GROUND) >= 4.5
    assert colours.contrast(colours.parsed(dark), colours.DARK_GROUND) >= 4.5


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (2, "2 March 2026, 10:00\u201312:00 CET"),
        (20, "2 March 2026, 10:00 CET until 3 March 2026, 06:00 CET"),
    ],
)
def test_times_are_as_short_as_they_can_be(hours: int, said: str) -> None:
    end = NOW + timedelta(hours=hours)

    assert times_of(NOW, end, ZoneInfo("Europe/Berlin"), ENGLISH) == said


@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
def test_a_page_can_be_light_dark_or_as_the_reader_likes(theme: str) -> None:
    files = render(replace(VIEW, look=Look(theme=theme)), {})

    css = files["page.css"].content.decode()
    assert ("prefers-color-scheme" in css) == (theme != "dark")
    assert css.count("{") == css.count("}")
