"""The life of a heartbeat: what a ping does to it, and what silence does.

A job, a backup, a device pings when it has done its work. Each ping says when the next
one is due; a grace time after that the heartbeat is down. The rules are those that
senders know from Healthchecks.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from pagefree.core.alerts import Action

# Earlier than anything: what is due then is due at once.
AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)

# When the ping after one at this instant is due.
Expected = Callable[[datetime], datetime]


class State(StrEnum):
    """How a heartbeat is."""

    NEW = "new"  # it has never reported: nothing is expected of it yet
    UP = "up"
    LATE = "late"  # its ping is overdue, its grace time runs
    DOWN = "down"
    PAUSED = "paused"  # by people


class PingKind(StrEnum):
    """What a ping says."""

    START = "start"  # a run has begun
    SUCCESS = "success"
    FAIL = "fail"
    LOG = "log"  # something to keep
    IGNORED = "ignored"  # by a way that this heartbeat does not accept


class Reason(StrEnum):
    """Why a heartbeat is down."""

    MISSED = "missed"  # no ping in time
    UNFINISHED = "unfinished"  # a run that began has not ended in time
    FAILED = "failed"  # it says so itself


@dataclass(frozen=True, slots=True)
class Ping:
    """One sign of life."""

    kind: PingKind
    at: datetime  # when it reached us
    run_id: UUID | None = None  # of the run that it is about, if the sender says


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """What is known of a heartbeat."""

    grace: timedelta
    manual_resume: bool = False  # only people end a pause
    state: State = State.NEW
    last_ping_at: datetime | None = None  # that said how it went
    expected_at: datetime | None = None  # while it is up or late
    started_at: datetime | None = None  # a run that has not ended yet
    run_id: UUID | None = None
    last_duration: timedelta | None = None
    failures: int = 0  # in a row
    reason: Reason | None = None  # while it is down
    told: bool = False  # an alert says that it is down
    untold: bool = False  # it failed, and nobody was told of it yet


@dataclass(frozen=True, slots=True)
class Hearing:
    """What silence is worth: pings are known for certain from `since` until `until`.

    A ping that has reached us may still wait to be stored, and while nothing could be
    stored its sender was turned away.
    """

    until: datetime
    since: datetime = AT_ONCE


def receive(heartbeat: Heartbeat, ping: Ping, expected: Expected) -> Heartbeat:
    """What a ping makes of it."""
    if ping.kind in {PingKind.LOG, PingKind.IGNORED}:
        return heartbeat
    if heartbeat.state is State.PAUSED and (
        heartbeat.manual_resume or ping.kind is PingKind.START
    ):
        return heartbeat
    if ping.kind is PingKind.START:
        return replace(heartbeat, started_at=ping.at, run_id=ping.run_id)
    heartbeat = _end_run(heartbeat, ping)
    if ping.kind is PingKind.SUCCESS:
        return replace(
            heartbeat,
            state=State.UP,
            expected_at=expected(ping.at),
            failures=0,
            reason=None,
        )
    return replace(
        heartbeat,
        state=State.DOWN,
        expected_at=None,
        failures=heartbeat.failures + 1,
        reason=Reason.FAILED,
        untold=heartbeat.untold or heartbeat.state is not State.DOWN,
    )


def _end_run(heartbeat: Heartbeat, ping: Ping) -> Heartbeat:
    """A run ends with the ping of its number; one without a number ends any run."""
    started = heartbeat.started_at
    matches = started is not None and heartbeat.run_id == ping.run_id
    heartbeat = replace(
        heartbeat,
        last_ping_at=ping.at,
        last_duration=ping.at - started if started and matches else None,
    )
    if matches or ping.run_id is None:
        return replace(heartbeat, started_at=None, run_id=None)
    return heartbeat


def advance(
    heartbeat: Heartbeat, hearing: Hearing
) -> tuple[Heartbeat, tuple[Action, ...]]:
    """What silence has made of it by now, and what people are to be told of."""
    heartbeat = _in_silence(heartbeat, hearing)
    actions = []
    told = heartbeat.told
    if not told and (heartbeat.untold or heartbeat.state is State.DOWN):
        actions.append(Action.TRIGGER)
        told = True
    if told and heartbeat.state is not State.DOWN:
        actions.append(Action.RESOLVE)
        told = False
    return replace(heartbeat, told=told, untold=False), tuple(actions)


def _in_silence(heartbeat: Heartbeat, hearing: Hearing) -> Heartbeat:
    if heartbeat.state in {State.DOWN, State.PAUSED}:
        return heartbeat
    unfinished = _unfinished_at(heartbeat, hearing.since)
    if unfinished is not None and unfinished <= hearing.until:
        return _down(
            replace(heartbeat, started_at=None, run_id=None), Reason.UNFINISHED
        )
    missed = _missed_at(heartbeat, hearing.since)
    if missed is not None and missed <= hearing.until:
        return _down(heartbeat, Reason.MISSED)
    if heartbeat.expected_at is not None and heartbeat.expected_at <= hearing.until:
        return replace(heartbeat, state=State.LATE)
    return heartbeat


def _down(heartbeat: Heartbeat, reason: Reason) -> Heartbeat:
    return replace(heartbeat, state=State.DOWN, reason=reason, expected_at=None)


def _missed_at(heartbeat: Heartbeat, since: datetime) -> datetime | None:
    if heartbeat.expected_at is None:
        return None
    return max(heartbeat.expected_at, since) + heartbeat.grace


def _unfinished_at(heartbeat: Heartbeat, since: datetime) -> datetime | None:
    if heartbeat.started_at is None:
        return None
    return max(heartbeat.started_at, since) + heartbeat.grace


def due_at(heartbeat: Heartbeat, since: datetime = AT_ONCE) -> datetime | None:
    """When `advance` has something to do, if no ping comes before; none: never."""
    is_down = heartbeat.state is State.DOWN
    if heartbeat.untold or heartbeat.told != is_down:
        return AT_ONCE
    if is_down or heartbeat.state is State.PAUSED:
        return None
    if heartbeat.state is State.UP:
        coming = heartbeat.expected_at
    else:
        coming = _missed_at(heartbeat, since)
    times = (coming, _unfinished_at(heartbeat, since))
    return min((time for time in times if time is not None), default=None)


def down_at(heartbeat: Heartbeat) -> datetime | None:
    """When it is down, if no ping comes before; none while nothing is expected."""
    if heartbeat.state in {State.DOWN, State.PAUSED}:
        return None
    times = (_missed_at(heartbeat, AT_ONCE), _unfinished_at(heartbeat, AT_ONCE))
    return min((time for time in times if time is not None), default=None)


def pause(heartbeat: Heartbeat) -> Heartbeat:
    """Expect nothing of it for a while; what people were told of it is over."""
    return replace(
        heartbeat,
        state=State.PAUSED,
        expected_at=None,
        started_at=None,
        run_id=None,
        reason=None,
        untold=False,
    )


def resume(heartbeat: Heartbeat, expected: Expected, now: datetime) -> Heartbeat:
    """End a pause: the next ping is due as if the last one had come now."""
    if heartbeat.state is not State.PAUSED:
        return heartbeat
    if heartbeat.last_ping_at is None:
        return replace(heartbeat, state=State.NEW)
    return replace(heartbeat, state=State.UP, expected_at=expected(now))


def reschedule(
    heartbeat: Heartbeat, grace: timedelta, expected: Expected, now: datetime
) -> Heartbeat:
    """Expect the next ping at another time from now on: never at one that has passed."""
    heartbeat = replace(heartbeat, grace=grace)
    if heartbeat.expected_at is None:
        return heartbeat
    at = expected(heartbeat.last_ping_at or now)
    at = at if at > now else expected(now)
    return replace(heartbeat, state=State.UP, expected_at=at)
