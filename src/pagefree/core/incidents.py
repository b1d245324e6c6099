"""The life of an incident: triggered, acknowledged, resolved; which change is allowed when."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from pagefree.core.errors import Conflict, Invalid

REOPEN_WINDOW = timedelta(days=7)
LONGEST_SNOOZE = timedelta(days=31)


class Status(StrEnum):
    """Triggered: nobody has it. Acknowledged: somebody has. Resolved: it is over."""

    TRIGGERED = "triggered"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Life:
    """The part of an incident that decides what may happen to it."""

    status: Status
    acknowledged_at: datetime | None = None
    acknowledged_by_id: UUID | None = None
    resolved_at: datetime | None = None
    resolved_by_id: UUID | None = None
    snoozed_until: datetime | None = None
    merged_into_id: UUID | None = None


def acknowledge(life: Life, user_id: UUID | None, now: datetime) -> Life:
    """`user_id` has it (none: its source said so). Doing it twice changes nothing."""
    _refuse_resolved(life, "acknowledged")
    if life.status is Status.ACKNOWLEDGED and life.snoozed_until is None:
        return life
    return Life(Status.ACKNOWLEDGED, acknowledged_at=now, acknowledged_by_id=user_id)


def unacknowledge(life: Life) -> Life:
    """Nobody has it any more: it escalates from the first step."""
    _refuse_resolved(life, "un-acknowledged")
    return Life(Status.TRIGGERED)


def assign(life: Life) -> Life:
    """Somebody else is asked to take it: they are paged until they acknowledge."""
    _refuse_resolved(life, "reassigned")
    return Life(Status.TRIGGERED)


def snooze(life: Life, user_id: UUID | None, until: datetime, now: datetime) -> Life:
    """Nobody is paged before `until`; then it escalates from the first step."""
    _refuse_resolved(life, "snoozed")
    if not now < until <= now + LONGEST_SNOOZE:
        raise Invalid("snooze until a time in the future, at most 31 days away")
    return Life(
        Status.ACKNOWLEDGED,
        acknowledged_at=life.acknowledged_at or now,
        acknowledged_by_id=life.acknowledged_by_id or user_id,
        snoozed_until=until,
    )


def wake(life: Life, now: datetime) -> Life:
    """The snooze has ended: nobody has it any more."""
    if life.snoozed_until is None or now < life.snoozed_until:
        return life
    return Life(Status.TRIGGERED)


def resolve(life: Life, user_id: UUID | None, now: datetime) -> Life:
    """It is over (`user_id` none: its last alert resolved). Doing it twice changes nothing."""
    if life.status is Status.RESOLVED:
        return life
    return replace(
        life,
        status=Status.RESOLVED,
        resolved_at=now,
        resolved_by_id=user_id,
        snoozed_until=None,
    )


def reopen(life: Life, now: datetime) -> Life:
    """It was not over after all: it escalates from the first step."""
    if life.status is not Status.RESOLVED:
        return life
    if life.merged_into_id is not None:
        raise Conflict("the incident was merged into another; un-merge it instead")
    if life.resolved_at is not None and now > life.resolved_at + REOPEN_WINDOW:
        raise Conflict(
            "the incident was resolved more than 7 days ago; declare a new one"
        )
    return Life(Status.TRIGGERED)


def merge(life: Life, into_id: UUID, now: datetime) -> Life:
    """Its alerts move to the incident `into_id`, and this one is over."""
    if life.merged_into_id == into_id:
        return life
    _refuse_resolved(life, "merged")
    return Life(Status.RESOLVED, resolved_at=now, merged_into_id=into_id)


def unmerge(life: Life, into: Life) -> Life:
    """It stands on its own again, in the state of the incident it was merged `into`."""
    if life.merged_into_id is None:
        raise Conflict("the incident is not merged into another")
    return replace(into, snoozed_until=None, merged_into_id=None)


def _refuse_resolved(life: Life, done: str) -> None:
    if life.merged_into_id is not None:
        raise Conflict(f"the incident was merged into another and cannot be {done}")
    if life.status is Status.RESOLVED:
        raise Conflict(f"the incident is already resolved and cannot be {done}")
