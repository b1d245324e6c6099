"""Many pages at once: what is sent at once, together or later."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.bundles import (
    MOST_ALONE,
    WINDOW,
    Lately,
    Page,
    newest_causes_first,
    spread,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
SHOP, LAKE, MAIL = (uuid4() for _ in range(3))


def page(cause: UUID = SHOP, seconds_ago: int = 0) -> Page:
    return Page(uuid4(), cause, NOW - seconds_ago * SECOND)


def pages(number: int, cause: UUID = SHOP) -> list[Page]:
    return [page(cause, n) for n in range(number)]


def test_a_few_pages_are_messages_of_their_own() -> None:
    few = pages(MOST_ALONE)

    assert spread(few, Lately(), NOW).alone == tuple(few)


def test_what_comes_on_top_is_one_message() -> None:
    many = pages(MOST_ALONE + 3)

    found = spread(many, Lately(), NOW)

    assert len(found.alone) == MOST_ALONE
    assert len(found.together) == 3
    assert not found.later


def test_the_next_message_for_several_waits_a_while() -> None:
    lately = Lately(MOST_ALONE + 1, frozenset({SHOP}), NOW - 20 * SECOND)

    found = spread(pages(4), lately, NOW)

    assert (found.alone, found.together) == ((), ())
    assert len(found.later) == 4
    assert found.again_at == NOW - 20 * SECOND + WINDOW
    assert len(spread(pages(4), lately, found.again_at).together) == 4


def test_during_a_storm_nothing_is_a_message_of_its_own() -> None:
    lately = Lately(0, frozenset({SHOP}), NOW - 3 * WINDOW)

    assert len(spread(pages(2), lately, NOW).together) == 2


def test_trouble_with_another_service_is_told_at_once() -> None:
    lately = Lately(MOST_ALONE + 1, frozenset({SHOP}), NOW - SECOND)

    found = spread([*pages(4), page(LAKE, 9)], lately, NOW)

    assert len(found.together) == 5
    assert found.together[0].cause == SHOP
    assert found.together[1].cause == LAKE


def test_the_newest_of_each_cause_comes_first() -> None:
    shop, older, lake, mail = page(SHOP, 5), page(SHOP, 6), page(LAKE, 9), page(MAIL, 1)

    assert newest_causes_first([older, lake, shop, mail]) == (mail, shop, lake, older)


ANY_PAGES = st.lists(
    st.builds(page, st.sampled_from([SHOP, LAKE, MAIL]), st.integers(0, 300)),
    max_size=12,
)
ANY_LATELY = st.builds(
    Lately,
    st.integers(0, 8),
    st.frozensets(st.sampled_from([SHOP, LAKE])),
    st.none() | st.integers(0, 60).map(lambda n: NOW - n * SECOND),
)


@given(ANY_PAGES, ANY_LATELY)
def test_every_page_is_sent_in_exactly_one_way(due: list[Page], lately: Lately) -> None:
    found = spread(due, lately, NOW)

    sent = [*found.alone, *found.together, *found.later]
    assert sorted(p.id for p in sent) == sorted(p.id for p in due)
    assert bool(found.later) == (found.again_at is not None)
    assert found.again_at is None or found.again_at > NOW


@given(ANY_PAGES, ANY_LATELY)
def test_nothing_of_an_unheard_service_waits(due: list[Page], lately: Lately) -> None:
    found = spread(due, lately, NOW)

    assert {p.cause for p in found.later} <= lately.causes | {
        p.cause for p in found.alone
    }
