"""Breaking glass: two people let run, for one incident, what has not been approved."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.core.errors import Conflict, Forbidden
from pagefree.core.runbooks import RunClass, Version, VersionState, is_intact

ANSWER_WITHIN = timedelta(minutes=15)
LASTS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Emergency:
    """What one has asked for and another, in time, has confirmed."""

    content_hash: str
    connections: Mapping[str, str]  # fingerprints by id, as they were then
    incident_id: UUID
    asked_by_id: UUID
    confirmed_by_id: UUID | None
    expires_at: datetime  # of the question; once it is confirmed, of what it allows
    reviewed_at: datetime | None = None


def require_may_ask(version: Version, person_id: UUID, shown_hash: str) -> None:
    """Raise Forbidden or Conflict unless this person, who may run it, may break glass.

    Whoever has written a version may ask, as somebody else has to confirm; but what is
    destructive takes two others, as its approval does.
    """
    _require_shown(version, shown_hash)
    is_writer = person_id in {version.author_id, *version.writer_ids}
    if is_writer and version.run_class is RunClass.DESTRUCTIVE:
        raise Forbidden("whoever has written what is destructive cannot ask for this")


def require_may_confirm(
    version: Version,
    emergency: Emergency,
    person_id: UUID,
    shown_hash: str,
    now: datetime,
) -> None:
    """Raise Forbidden or Conflict unless this person, who may run it, is the second one."""
    _require_shown(version, shown_hash)
    if emergency.content_hash != version.content_hash:
        raise Conflict("this is not the content that was asked for")
    if emergency.confirmed_by_id is not None:
        raise Conflict("somebody has confirmed it already")
    if now >= emergency.expires_at:
        raise Conflict("nobody has confirmed it in time: ask once more")
    if person_id == emergency.asked_by_id:
        raise Forbidden("it takes somebody else to confirm it")
    if person_id in {version.author_id, *version.writer_ids}:
        raise Forbidden("whoever has written a version cannot confirm it")


def require_may_review(emergency: Emergency, person_id: UUID) -> None:
    """Raise Forbidden or Conflict unless this person, who may approve, may look back at it."""
    if emergency.confirmed_by_id is None:
        raise Conflict("nothing was let run")
    if emergency.reviewed_at is not None:
        raise Conflict("it has been reviewed already")
    if person_id in {emergency.asked_by_id, emergency.confirmed_by_id}:
        raise Forbidden("whoever broke the glass cannot review that")


def allows(
    emergency: Emergency,
    version: Version,
    entitled: AbstractSet[UUID],
    connection: tuple[str, str],
    now: datetime,
) -> bool:
    """Whether it lets the version run at `now` through `connection` (id and fingerprint).

    `entitled` are those of the two who may still run it.
    """
    id_, fingerprint = connection
    both = {emergency.asked_by_id, emergency.confirmed_by_id}
    return (
        version.state is not VersionState.DEPRECATED
        and is_intact(version)
        and emergency.content_hash == version.content_hash
        and emergency.confirmed_by_id not in {None, *version.writer_ids}
        and both <= entitled
        and emergency.connections.get(id_) == fingerprint
        and now < emergency.expires_at
    )


def _require_shown(version: Version, shown_hash: str) -> None:
    if version.state is VersionState.DEPRECATED:
        raise Conflict("this version is deprecated")
    if shown_hash != version.content_hash or not is_intact(version):
        raise Conflict("this is not the content that you were shown")
