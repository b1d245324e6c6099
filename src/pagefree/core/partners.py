"""What partners may see now, and how long links and sessions of theirs count."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from pagefree.core.status_views import Audience

LINK_LIFE = timedelta(minutes=15)
INVITATION_LIFE = timedelta(days=7)
SESSION_LIFE = timedelta(hours=24)  # however often it is used
# after a failed try: a sign-in nobody waits for any more is not sent at all
WAITS = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5))
LATER = timedelta(hours=1)


class LinkKind(StrEnum):
    """What a link by mail is for."""

    SIGN_IN = "sign_in"
    INVITATION = "invitation"


class Standing(StrEnum):
    """Where a partner stands."""

    INVITED = "invited"  # may sign in, and never has
    ACTIVE = "active"
    EXPIRED = "expired"
    DEACTIVATED = "deactivated"


@dataclass(frozen=True, slots=True)
class Account:
    """The part of a partner that decides whether they may sign in."""

    set_up_at: datetime | None = None
    expires_at: datetime | None = None
    deactivated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """What a partner is let see of a page: all of it, or one component."""

    page_id: UUID
    component_id: UUID | None = None  # none: the whole page
    partner_updates: bool = False  # reads what is told to partners only
    expires_at: datetime | None = None
    page_admits: bool = True  # the page is public, or is for partners, too


def standing(account: Account, now: datetime) -> Standing:
    """Where the partner stands at `now`."""
    if account.deactivated_at is not None:
        return Standing.DEACTIVATED
    if account.expires_at is not None and account.expires_at <= now:
        return Standing.EXPIRED
    return Standing.INVITED if account.set_up_at is None else Standing.ACTIVE


def may_enter(account: Account, now: datetime) -> bool:
    """Whether the partner may sign in, and stay."""
    return standing(account, now) in {Standing.INVITED, Standing.ACTIVE}


def counts(grant: Grant, now: datetime) -> bool:
    """Whether a grant counts at `now`."""
    in_time = grant.expires_at is None or now < grant.expires_at
    return in_time and grant.page_admits


def audiences(
    account: Account, grants: Collection[Grant], now: datetime
) -> dict[UUID, Audience]:
    """As whom the partner sees each page at `now`; a page that is not in it does not exist.

    A grant of the whole page covers all of its components, also those that are added
    later. What is told to partners only is read where every grant that counts says so:
    an update is about the page, and cannot be read for one component and not for another.
    """
    if not may_enter(account, now):
        return {}
    by_page: dict[UUID, list[Grant]] = {}
    for grant in grants:
        if counts(grant, now):
            by_page.setdefault(grant.page_id, []).append(grant)
    return {page_id: _audience(granted) for page_id, granted in by_page.items()}


def _audience(grants: Collection[Grant]) -> Audience:
    partner = all(grant.partner_updates for grant in grants)
    components = frozenset(g.component_id for g in grants if g.component_id is not None)
    if any(grant.component_id is None for grant in grants):
        return Audience(None, partner)
    return Audience(components, partner)


def link_life(kind: LinkKind) -> timedelta:
    """How long a link counts after it was made."""
    return LINK_LIFE if kind is LinkKind.SIGN_IN else INVITATION_LIFE


def try_again_at(
    kind: LinkKind, tries: int, asked_at: datetime, now: datetime
) -> datetime | None:
    """When to try again to send a link after `tries` failures; none: give up.

    Whoever asked to sign in has long asked anew when a quarter of an hour has passed; an
    invitation is worth sending for as long as it would count.
    """
    again = now + (WAITS[tries - 1] if tries <= len(WAITS) else LATER)
    return again if again < asked_at + link_life(kind) else None
