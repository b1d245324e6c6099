"""One run of a runbook: its life, when it may begin, and what a failed launch means."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pagefree.core.errors import Conflict, Forbidden, Invalid, TooManyRequests
from pagefree.core.runbooks import RunClass

MOST_TRIES = 4  # the first, and three more
BACKOFF = (timedelta(seconds=5), timedelta(seconds=20), timedelta(seconds=60))
LONGEST_BACKOFF = timedelta(minutes=5)
HOUR = timedelta(hours=1)
# between two that nobody asked for: an incident that a run has caused does not start it anew
LEAST_AUTOMATIC = timedelta(minutes=5)
LOOKS = (  # so long after the start, so often
    (timedelta(seconds=20), timedelta(seconds=2)),
    (timedelta(minutes=2), timedelta(seconds=5)),
)
SELDOM = timedelta(seconds=15)
MOST_LINES = 1000
LONGEST_LINE = 4096  # bytes
MASK = "•••"


class RunState(StrEnum):
    """The life of a run: queued, running, then one of the others for good."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


OVER = frozenset(RunState) - {RunState.QUEUED, RunState.RUNNING}


class Calendar(StrEnum):
    """What planned work means to a runbook."""

    ALWAYS = "always"
    NOT_IN_MAINTENANCE = "not_in_maintenance"
    ONLY_IN_MAINTENANCE = "only_in_maintenance"


class Fate(StrEnum):
    """What is known of a launch that did not answer as it should."""

    REFUSED = "refused"  # it has not begun, and may begin later
    REJECTED = "rejected"  # it never will
    LOST = "lost"  # it may have begun


@dataclass(frozen=True, slots=True)
class Bounds:
    """How often a runbook may run."""

    most_per_hour: int
    cool_down: timedelta  # after a run on the same service has begun
    at_once: int


@dataclass(frozen=True, slots=True)
class Traffic:
    """What is going on with a runbook; the last ones are those on the same service."""

    in_last_hour: int = 0
    unfinished: int = 0
    last_at: datetime | None = None
    last_automatic_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """All that stands in the way of a run besides its approval."""

    stopped: str | None = None  # the reason of a kill switch
    in_maintenance: bool = False
    traffic: Traffic = Traffic()


def moves(state: RunState, to: RunState) -> bool:
    """Whether a run goes from `state` to `to`: forward only, and nothing leaves the end."""
    if state is RunState.QUEUED:
        return to is not RunState.QUEUED
    return state is RunState.RUNNING and to in OVER


def require_room(
    bounds: Bounds, calendar: Calendar, found: Situation, now: datetime
) -> None:
    """Raise Conflict or TooManyRequests where a run may not begin at `now`."""
    if found.stopped is not None:
        raise Conflict(f"runs are stopped: {found.stopped}")
    if calendar is Calendar.NOT_IN_MAINTENANCE and found.in_maintenance:
        raise Conflict("it does not run while work is planned")
    if calendar is Calendar.ONLY_IN_MAINTENANCE and not found.in_maintenance:
        raise Conflict("it only runs while work is planned")
    traffic = found.traffic
    if traffic.unfinished >= bounds.at_once:
        raise Conflict("it is running already")
    if traffic.in_last_hour >= bounds.most_per_hour:
        raise TooManyRequests(
            f"it runs at most {bounds.most_per_hour} times an hour", retry_after_s=300
        )
    _require_cooled(traffic.last_at, bounds.cool_down, now)


def require_automatic(
    run_class: RunClass, last_at: datetime | None, now: datetime, *, auto_safe: bool
) -> None:
    """Raise Forbidden or TooManyRequests unless it may start without anybody's yes."""
    if not auto_safe or run_class is RunClass.DESTRUCTIVE:
        raise Forbidden("only versions that are marked safe for it start by themselves")
    _require_cooled(last_at, LEAST_AUTOMATIC, now)


def _require_cooled(
    last_at: datetime | None, cool_down: timedelta, now: datetime
) -> None:
    if last_at is not None and now < last_at + cool_down:
        left = last_at + cool_down - now
        raise TooManyRequests(
            "it has just run here", retry_after_s=max(1, int(left.total_seconds()))
        )


def require_confirmation(run_class: RunClass, name: str, typed: str | None) -> None:
    """Raise Invalid unless a destructive runbook's name was typed in."""
    if run_class is RunClass.DESTRUCTIVE and typed != name:
        raise Invalid(f"type {name!r} to confirm")


def next_try(
    fate: Fate, tries: int, retry_after_s: int | None, now: datetime
) -> datetime | None:
    """When to launch again; none: never, because it may have begun, or was tried enough."""
    if fate is not Fate.REFUSED or tries >= MOST_TRIES:
        return None
    wait = BACKOFF[min(tries, len(BACKOFF)) - 1]
    if retry_after_s is not None:
        wait = max(wait, timedelta(seconds=retry_after_s))
    return now + min(wait, LONGEST_BACKOFF)


def end_of(fate: Fate) -> RunState:
    """What a launch that is not tried again has come to."""
    return RunState.UNKNOWN if fate is Fate.LOST else RunState.FAILED


def next_look(started_at: datetime, now: datetime) -> datetime:
    """When to ask the target again: less and less often."""
    since = now - started_at
    wait = next((wait for until, wait in LOOKS if since < until), SELDOM)
    return now + wait


def cut(lines: Collection[str], already: int, secrets: Collection[str]) -> list[str]:
    """Hostile lines as they are kept: so many, so long, without control characters."""
    kept = []
    for line in list(lines)[: max(0, MOST_LINES - already)]:
        masked = line
        for secret in secrets:
            masked = masked.replace(secret, MASK)
        plain = "".join(c if c.isprintable() or c == "\t" else " " for c in masked)
        kept.append(
            plain.encode("utf-8", "replace")[:LONGEST_LINE].decode("utf-8", "ignore")
        )
    return kept


def filled(
    bindings: Mapping[str, str],
    facts: Mapping[str, object],
    known: Collection[str],
) -> dict[str, object]:
    """What declared bindings give the parameters in `known`; left out where there is nothing."""
    values: dict[str, object] = {}
    for parameter, path in bindings.items():
        found: object = facts
        for name in path.split(".", maxsplit=2):
            found = found.get(name) if isinstance(found, Mapping) else None
        if parameter in known and isinstance(found, str | int | float | bool):
            values[parameter] = found
    return values


class Step(StrEnum):
    """What a worker does next with a run that is due."""

    LAUNCH = "launch"
    RECOVER = "recover"  # it may have been launched: ask the target by our id
    LOOK = "look"
    CANCEL = "cancel"
    TIME_OUT = "time_out"
    END_CANCELLED = "end_cancelled"  # before anything has left
    END_UNLAUNCHED = "end_unlaunched"


def next_step(
    state: RunState,
    now: datetime,
    ends_at: datetime,
    *,
    launching: bool,
    cancelled: bool,
) -> Step | None:
    """What is due for a run; none: it is over.

    `launching`: the request may have left, whoever has sent it was interrupted then.
    """
    if state in OVER:
        return None
    if state is RunState.RUNNING:
        if now >= ends_at:
            return Step.TIME_OUT
        return Step.CANCEL if cancelled else Step.LOOK
    if launching:
        return Step.RECOVER
    if cancelled:
        return Step.END_CANCELLED
    return Step.END_UNLAUNCHED if now >= ends_at else Step.LAUNCH
