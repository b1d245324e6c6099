"""A person's rules: what to send when, whether it is still wanted, when to try again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from pagefree.core import incidents
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
    CHANNEL_NOT_SET_UP = "channel_not_set_up"  # nobody has given its credentials
    NOT_VERIFIED = "not_verified"  # whose address it is has not been proven
    TOO_MANY = "too_many_lately"  # the phone has been rung often enough for now
    OFF_DUTY = "off_duty"  # it is not urgent, and the person is not on call


# the method cannot be used: another way is looked for
UNUSABLE = frozenset(
    {
        Skip.METHOD_DISABLED,
        Skip.CHANNEL_NOT_SET_UP,
        Skip.NOT_VERIFIED,
        Skip.TOO_MANY,
    }
)


class Kind(StrEnum):
    """Why somebody is told."""

    PAGE = "page"
    FALLBACK = "fallback"  # the policy is exhausted: the platform admins are told
    ADDED = (
        "added"  # asked for help by name: told even though somebody has the incident
    )
    MORE = "more"  # its step wants several people: told even though somebody has the incident
    TEST = "test"  # is this address right? belongs to no incident
    NOTICE = "notice"  # worth knowing, no more: about shifts; belongs to no incident
    UNREACHED = (
        "unreached"  # nothing reaches somebody who was paged: their team is told
    )
    PROOF = "proof"  # does this address still work? sent quietly before a shift
    CODE = "code"  # proves whose address it is; belongs to no incident


# even though somebody else has the incident
TOLD_ANYWAY = frozenset({Kind.ADDED, Kind.MORE})


@dataclass(frozen=True, slots=True)
class Method:
    """One address of one person."""

    id: UUID
    channel: str
    enabled: bool = True
    set_up: bool = True  # its channel
    verified: bool = True  # or nothing to verify
    wakes: bool = True  # its channel can make somebody react who is not looking

    @property
    def skip(self) -> Skip | None:
        """Why it cannot be used."""
        return _unusable(
            enabled=self.enabled, set_up=self.set_up, verified=self.verified
        )


def _unusable(*, enabled: bool, set_up: bool, verified: bool) -> Skip | None:
    if not enabled:
        return Skip.METHOD_DISABLED
    if not set_up:
        return Skip.CHANNEL_NOT_SET_UP
    return None if verified else Skip.NOT_VERIFIED


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

    A rule whose method cannot be used is recorded as skipped, and the next one that wakes
    takes its place in time. If nothing would be sent, every method that works is used at
    once: a person without rules, or with rules that all point at dead addresses, is still
    paged.
    """
    by_id = {method.id: method for method in methods}
    wanted = sorted(
        (rule for rule in rules if rule.urgency is urgency), key=lambda r: r.delay
    )
    planned = [
        Planned(method, now + rule.delay, method.skip)
        for rule in wanted
        if (method := by_id.get(rule.method_id))
    ]
    if not all(item.skip for item in planned):
        return _moved_up(planned)
    planned += [Planned(method, now) for method in by_id.values() if not method.skip]
    return tuple(planned) or (Planned(None, now, Skip.NO_CONTACT_METHOD),)


def _moved_up(planned: Sequence[Planned]) -> tuple[Planned, ...]:
    """Nobody waits for the second way because the first is known to lead nowhere."""
    moved = list(planned)
    for lost in planned:
        if lost.skip is None or lost.method is None or not lost.method.wakes:
            continue
        waking = [
            place
            for place, one in enumerate(moved)
            if one.skip is None and one.method is not None and one.method.wakes
        ]
        soonest = min(waking, key=lambda place: moved[place].send_at, default=None)
        if soonest is not None and moved[soonest].send_at > lost.send_at:
            moved[soonest] = replace(moved[soonest], send_at=lost.send_at)
    return tuple(sorted(moved, key=lambda one: one.send_at))


def notice(
    methods: Iterable[Method], rules: Iterable[Rule], now: datetime
) -> tuple[Planned, ...]:
    """How to tell one person at `now` what they need not react to; nothing: in no way.

    As their rules of low urgency begin: what comes later in them is for those who have not
    reacted. Without such rules, by every method that works.
    """
    low = [rule for rule in rules if rule.urgency is Urgency.LOW]
    first = min((rule.delay for rule in low), default=None)
    wanted = [rule for rule in low if rule.delay == first]
    planned = [one for one in plan(methods, wanted, Urgency.LOW, now) if not one.skip]
    return tuple(Planned(one.method, now) for one in planned)


@dataclass(frozen=True, slots=True)
class Situation:
    """What is true right before a notification would be sent."""

    user_active: bool
    method_enabled: bool
    incident: incidents.Life | None  # none: it belongs to no incident
    set_up: bool = True
    verified: bool = True


def unwanted(
    kind: Kind, user_id: UUID, situation: Situation, now: datetime
) -> Skip | None:
    """Why this person need not be told any more; none: send it.

    Much may have happened between planning and sending: this is asked last.
    """
    if not situation.user_active:
        return Skip.USER_DEACTIVATED
    unusable = _unusable(
        enabled=situation.method_enabled,
        set_up=situation.set_up,
        verified=situation.verified or kind is Kind.CODE,
    )
    life = situation.incident
    if unusable or kind is Kind.TEST or life is None:
        return unusable
    if life.merged_into_id is not None:
        return Skip.MERGED
    if life.status is incidents.Status.RESOLVED:
        return Skip.RESOLVED
    if life.snoozed_until is not None and now < life.snoozed_until:
        return Skip.SNOOZED
    if life.status is incidents.Status.ACKNOWLEDGED and (
        kind not in TOLD_ANYWAY or life.acknowledged_by_id == user_id
    ):
        return Skip.ACKNOWLEDGED
    return None


@dataclass(frozen=True, slots=True)
class Tried:
    """One notification of a page, and where it stands."""

    id: UUID
    method_id: UUID | None
    status: Status
    send_at: datetime
    wakes: bool = True  # a notice that is only seen by who looks is no hope
    missed: bool = False  # it was accepted, but its receipt has not come in time
    retried: bool = False  # it has failed before, and waits to be tried again

    @property
    def hopeful(self) -> bool:
        """Whether it may be what wakes the person."""
        if not self.wakes or self.missed or self.status is Status.PLANNED:
            return False
        return self.status not in HOPELESS


@dataclass(frozen=True, slots=True)
class FallThrough:
    """What to do at once because a message could not be delivered."""

    hasten: UUID | None = None  # the planned notification to send now
    methods: tuple[Method, ...] = ()  # use these too, which the rules do not name
    stranded: bool = False  # nothing is left that can wake this person


HOPELESS = frozenset({Status.FAILED, Status.UNKNOWN, Status.SKIPPED})


def fall_through(tried: Iterable[Tried], methods: Iterable[Method]) -> FallThrough:
    """The next way to reach a person of whose notifications one has just failed.

    As long as another message that can wake them was sent or is being sent, nothing. Else
    the next planned one goes now instead of after its delay; when none is left that can
    wake them, so does every working method that was not tried yet.
    """
    tried = tuple(tried)
    if any(item.hopeful for item in tried):
        return FallThrough()
    waiting = [item for item in tried if item.status is Status.PLANNED]
    planned = sorted(
        (item for item in waiting if not item.retried),
        key=lambda item: (not item.wakes, item.send_at),
    )
    hasten = planned[0].id if planned else None
    if planned and planned[0].wakes:
        return FallThrough(hasten)
    used = {item.method_id for item in tried}
    left = tuple(m for m in methods if not m.skip and m.id not in used)
    again = any(item.wakes for item in waiting)
    return FallThrough(hasten, left, not again and not any(m.wakes for m in left))


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
        # cut first: a number of seconds may be larger than a timedelta can be
        longest_s = int(LONGEST_RETRY.total_seconds())
        wait = max(wait, timedelta(seconds=min(retry_after_s, longest_s)))
    return now + min(wait, LONGEST_RETRY)
