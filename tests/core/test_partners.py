from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.partners import (
    INVITATION_LIFE,
    LINK_LIFE,
    Account,
    Grant,
    LinkKind,
    Standing,
    audiences,
    link_life,
    may_enter,
    standing,
    try_again_at,
)
from pagefree.core.status_views import Audience

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
PAGE, OTHER = UUID(int=1), UUID(int=2)
CHECKOUT, SEARCH = UUID(int=11), UUID(int=12)
ACTIVE = Account(set_up_at=NOW - HOUR)


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        (Account(), Standing.INVITED),
        (ACTIVE, Standing.ACTIVE),
        (Account(expires_at=NOW + HOUR), Standing.INVITED),
        (Account(NOW - HOUR, expires_at=NOW), Standing.EXPIRED),
        (Account(NOW - HOUR, deactivated_at=NOW - HOUR), Standing.DEACTIVATED),
        (Account(NOW - HOUR, NOW, NOW - HOUR), Standing.DEACTIVATED),
    ],
    ids=["invited", "active", "invited until", "expired", "deactivated", "both"],
)
def test_a_partner_stands_where_their_account_says(
    account: Account, expected: Standing
) -> None:
    assert standing(account, NOW) is expected
    assert may_enter(account, NOW) == (expected in {Standing.ACTIVE, Standing.INVITED})


def test_who_may_not_enter_sees_nothing() -> None:
    gone = Account(NOW - HOUR, deactivated_at=NOW)

    assert audiences(gone, [Grant(PAGE)], NOW) == {}


def test_components_are_granted_one_by_one() -> None:
    grants = [Grant(PAGE, CHECKOUT), Grant(PAGE, SEARCH), Grant(OTHER)]

    assert audiences(ACTIVE, grants, NOW) == {
        PAGE: Audience(frozenset({CHECKOUT, SEARCH})),
        OTHER: Audience(None),
    }


def test_the_whole_page_covers_its_components() -> None:
    grants = [Grant(PAGE, CHECKOUT), Grant(PAGE)]

    assert audiences(ACTIVE, grants, NOW) == {PAGE: Audience(None)}


def test_what_has_expired_does_not_count() -> None:
    grants = [
        Grant(PAGE, CHECKOUT, expires_at=NOW),
        Grant(PAGE, SEARCH, expires_at=NOW + HOUR),
        Grant(OTHER, expires_at=NOW - HOUR),
    ]

    assert audiences(ACTIVE, grants, NOW) == {PAGE: Audience(frozenset({SEARCH}))}


def test_a_page_that_is_not_for_partners_is_not_seen() -> None:
    assert audiences(ACTIVE, [Grant(PAGE, page_admits=False)], NOW) == {}


def test_updates_for_partners_are_read_where_every_grant_says_so() -> None:
    told = Grant(PAGE, CHECKOUT, partner_updates=True)

    assert audiences(ACTIVE, [told], NOW)[PAGE].partner
    assert not audiences(ACTIVE, [told, Grant(PAGE, SEARCH)], NOW)[PAGE].partner


grants = st.builds(
    Grant,
    st.sampled_from([PAGE, OTHER]),
    st.sampled_from([None, CHECKOUT, SEARCH]),
    st.booleans(),
    st.sampled_from([None, NOW - HOUR, NOW, NOW + HOUR]),
    st.booleans(),
)


@given(st.lists(grants, max_size=6), grants)
def test_taking_a_grant_away_never_shows_more(rest: list[Grant], taken: Grant) -> None:
    before = audiences(ACTIVE, [*rest, taken], NOW)
    after = audiences(ACTIVE, rest, NOW)

    for page_id, audience in after.items():
        had = before[page_id].component_ids
        if had is not None:
            assert audience.component_ids is not None
            assert audience.component_ids <= had


def test_links_to_sign_in_are_short_lived() -> None:
    assert link_life(LinkKind.SIGN_IN) == LINK_LIFE == timedelta(minutes=15)
    assert link_life(LinkKind.INVITATION) == INVITATION_LIFE


@pytest.mark.parametrize(
    ("kind", "tries", "asked_ago", "expected"),
    [
        (LinkKind.SIGN_IN, 1, timedelta(0), timedelta(seconds=10)),
        (LinkKind.SIGN_IN, 3, timedelta(minutes=2), timedelta(minutes=5)),
        (LinkKind.SIGN_IN, 3, timedelta(minutes=10), None),
        (LinkKind.INVITATION, 4, timedelta(days=1), timedelta(hours=1)),
        (LinkKind.INVITATION, 9, timedelta(days=7), None),
    ],
    ids=["soon", "later", "too late", "hourly", "given up"],
)
def test_mails_are_tried_again_while_somebody_waits(
    kind: LinkKind, tries: int, asked_ago: timedelta, expected: timedelta | None
) -> None:
    again = try_again_at(kind, tries, NOW - asked_ago, NOW)

    assert again == (None if expected is None else NOW + expected)
