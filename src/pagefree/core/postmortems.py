"""Postmortems: their life, who writes at the moment, which saves are a version, the numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from pagefree.core.errors import Conflict, Forbidden

LOCK = timedelta(seconds=60)  # after the last save
ONE_VERSION = timedelta(minutes=10)  # saves of one person within it are one version
MOST_VERSIONS = 500


class PostmortemState(StrEnum):
    """How far a postmortem is."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"


class PostmortemMove(StrEnum):
    """What changes the state, in the words of the events."""

    SUBMIT = "submitted"
    RETURN = "returned"
    PUBLISH = "published"
    REOPEN = "reopened"


MOVES = {
    PostmortemMove.SUBMIT: (PostmortemState.DRAFT, PostmortemState.IN_REVIEW),
    PostmortemMove.RETURN: (PostmortemState.IN_REVIEW, PostmortemState.DRAFT),
    PostmortemMove.PUBLISH: (PostmortemState.IN_REVIEW, PostmortemState.PUBLISHED),
    PostmortemMove.REOPEN: (PostmortemState.PUBLISHED, PostmortemState.DRAFT),
}
WHY_NOT = {
    PostmortemMove.SUBMIT: "only a draft can be sent to review",
    PostmortemMove.RETURN: "only what is in review can be taken back",
    PostmortemMove.PUBLISH: "only what is in review can be published",
    PostmortemMove.REOPEN: "only what is published can be opened again",
}


class Locked(Conflict):
    """Somebody else is writing."""

    code = "locked"


class Overtaken(Conflict):
    """Somebody has saved since the version that this one is based on."""

    code = "overtaken"


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is to a postmortem."""

    writes: bool  # a responder of its team
    decides: bool  # an admin of its team
    submitted_it: bool = False


@dataclass(frozen=True, slots=True)
class Lock:
    """Who writes, and until when nobody else may without taking it over."""

    holder_id: UUID
    until: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """The lock as it is now, and who has lost it."""

    lock: Lock
    from_id: UUID | None


@dataclass(frozen=True, slots=True)
class Saved:
    """The newest version: whose it is, since when, and whether it must stay."""

    author_id: UUID
    began_at: datetime
    kept: bool


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """What counts about one incident."""

    opened_at: datetime
    acknowledged_at: datetime | None  # for the first time
    resolved_at: datetime | None  # none: it is open
    alerts: int
    occurrences: int  # of these alerts, each time that one was reported


@dataclass(frozen=True, slots=True)
class Impact:
    """What the incidents amount to together."""

    started_at: datetime
    acknowledged_at: datetime | None
    resolved_at: datetime | None  # none: one of them is open
    alerts: int
    folded: int  # reports that were folded into alerts there already were

    @property
    def duration(self) -> timedelta | None:
        """How long it went on; none: it still does."""
        return self.resolved_at - self.started_at if self.resolved_at else None


def moved(
    state: PostmortemState, move: PostmortemMove, standing: Standing
) -> PostmortemState:
    """The state after `move`. Raises Conflict, Forbidden.

    Whoever has sent it to review does not publish it, unless they are an admin of the team;
    only those open again what was published.
    """
    before, after = MOVES[move]
    if state is not before:
        raise Conflict(WHY_NOT[move])
    if not may(move, standing):
        if move is PostmortemMove.PUBLISH and standing.writes:
            raise Forbidden("somebody else of the team publishes what you submitted")
        raise Forbidden("you may not do this with postmortems of this team")
    return after


def may(move: PostmortemMove, standing: Standing) -> bool:
    """Whether somebody of this standing may do it, whatever the state."""
    if standing.decides:
        return True
    if move is PostmortemMove.REOPEN or not standing.writes:
        return False
    return move is not PostmortemMove.PUBLISH or not standing.submitted_it


def require_editable(state: PostmortemState) -> None:
    """Raise Conflict where nothing may be written any more."""
    if state is PostmortemState.PUBLISHED:
        raise Conflict("it is published: open it again to change it")


# -- writing --------------------------------------------------------------------------


def live(lock: Lock | None, now: datetime) -> Lock | None:
    """The lock, while it lasts."""
    return lock if lock is not None and now < lock.until else None


def taken(
    lock: Lock | None, user_id: UUID, now: datetime, *, take_over: bool = False
) -> Taken:
    """The lock for `user_id`, for another while. Raises Locked if somebody else has it."""
    held = live(lock, now)
    other = held is not None and held.holder_id != user_id
    if other and not take_over:
        raise Locked("somebody else is writing")
    return Taken(Lock(user_id, now + LOCK), held.holder_id if held and other else None)


def require_newest(based_on: int, newest: int, author: str) -> None:
    """Raise Overtaken, naming whose version has come between."""
    if based_on != newest:
        raise Overtaken(f"{author} has saved version {newest} since version {based_on}")


def replaces(newest: Saved, author_id: UUID, now: datetime) -> bool:
    """Whether the next save of this person takes the place of the newest version.

    A save every other second would leave hundreds of versions that nobody tells apart.
    """
    same = newest.author_id == author_id
    return same and not newest.kept and now - newest.began_at < ONE_VERSION


# -- numbers --------------------------------------------------------------------------


def impact(incidents: Sequence[IncidentFacts]) -> Impact:
    """The numbers of at least one incident."""
    acknowledged = [i.acknowledged_at for i in incidents if i.acknowledged_at]
    resolved = [i.resolved_at for i in incidents if i.resolved_at]
    alerts = sum(i.alerts for i in incidents)
    return Impact(
        min(i.opened_at for i in incidents),
        min(acknowledged, default=None),
        max(resolved) if len(resolved) == len(incidents) else None,
        alerts,
        max(sum(i.occurrences for i in incidents) - alerts, 0),
    )
