"""A person's rules: what to send when, whether it is still wanted, when to try again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from pagefree.core.routing import Urgency


class Status(StrEnum):
    """Where one notification stands; acknowledged is a state of the incident, not of this."""

    PLANNED = "planned"
    SENDING = "sending"
    ACCEPTED = "accepted"  # the provider took it
    DELIVERED = "delivered"  # the provider says that it arrived
    FAILED = "failed"
    UNKNOWN = "unknown"  # it may or may not have been sent
    SKIPPED = "skipped"


class Skip(StrEnum):
    """Why a notification was not sent."""

    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    SNOOZED = "snoozed"
    REASSIGNED = "reassigned"  # somebody else was given the incident
    MERGED = "merged"
    USER_DEACTIVATED = "user_deactivated"
    METHOD_DISABLED = "method_disabled"
    NO_CONTACT_METHOD = "no_contact_method"


class Kind(StrEnum):
    """Why somebody is told."""

    PAGE = "page"
    FALLBACK = "fallback"  # the policy is exhausted: the platform admins are told
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Method:
    """One address of one person."""

    id: UUID
    channel: str
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """Use this method, this long after the page."""

    urgency: Urgency
    delay: timedelta
    method_id: UUID


@dataclass(frozen=True, slots=True)
class Planned:
    """One message to send, or the reason why it is not sent."""

    method: Method | None
    send_at: datetime
    skip: Skip | None = None


def plan(
    methods: Iterable[Method], rules: Iterable[Rule], urgency: Urgency, now: datetime
) -> tuple[Planned, ...]:
    """What to send to one person who is paged at `now`, soonest first.

    A rule whose method is disabled is recorded as skipped. If nothing would be sent,
    every method that works is used at once: a person without rules, or with rules that
    all point at dead addresses, is still paged.
    """
    by_id = {method.id: method for method in methods}
    wanted = sorted(
        (rule for rule in rules if rule.urgency is urgency), key=lambda r: r.delay
    )
    planned = [
        Planned(
            method, now + rule.delay, None if method.enabled else Skip.METHOD_DISABLED
        )
        for rule in wanted
        if (method := by_id.get(rule.method_id))
    ]
    if all(item.skip for item in planned):
        planned += [Planned(method, now) for method in by_id.values() if method.enabled]
    return tuple(planned) or (Planned(None, now, Skip.NO_CONTACT_METHOD),)


MAX_ATTEMPTS = 4
FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(minutes=5)


def retry_at(
    attempts: int, retry_after_s: int | None, now: datetime
) -> datetime | None:
    """When to try again after `attempts` failures that trying again may cure; none: give up.

    Five seconds, then three times as long each time. A provider's own Retry-After is
    honoured up to five minutes: past that another method is the better answer.
    """
    if attempts >= MAX_ATTEMPTS:
        return None
    wait = FIRST_RETRY * int(3 ** (attempts - 1))
    if retry_after_s is not None:
        wait = max(wait, timedelta(seconds=retry_after_s))
    return now + min(wait, LONGEST_RETRY)
