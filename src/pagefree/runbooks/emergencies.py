"""Breaking glass: one asks, another confirms, the owners are told, somebody looks back."""

from datetime import datetime
from uuid import UUID

from pagefree.core import runbook_emergencies as core
from pagefree.core.access import Actor, Can, require
from pagefree.core.errors import Conflict, NotFound
from pagefree.core.runbook_emergencies import ANSWER_WITHIN, LASTS, Emergency
from pagefree.core.runbooks import VersionState
from pagefree.core.sign_in import require_fresh
from pagefree.infra.db import Tx
from pagefree.runbooks import (
    connection_queries,
    contents,
    control_queries,
    library,
    queries,
)
from pagefree.runbooks import emergency_queries as emergency_rows
from pagefree.runbooks.connection_queries import StoredConnection
from pagefree.runbooks.emergency_queries import StoredEmergency
from pagefree.runbooks.facts import Place, place_of
from pagefree.runbooks.library import Yes
from pagefree.runbooks.queries import Runbook, StoredVersion
from pagefree.runbooks.recording import About, record
from pagefree.schedules.notices import Listener, tell
from pagefree.timeline.service import by


async def ask(
    tx: Tx,
    version: StoredVersion,
    incident_id: UUID,
    yes: Yes,
    actor: Actor,
    now: datetime,
) -> StoredEmergency:
    """Ask for a version to be let run for this incident; `yes.comment` says why."""
    runbook = await library.locked(tx, version.runbook_id)
    place = await place_of(tx, incident_id)
    _require_runner(actor, runbook, place)
    require_fresh(yes.confirmed_at, now)
    core.require_may_ask(library.core_version(version), actor.user_id, yes.content_hash)
    if place.over:
        raise Conflict("the incident is over")
    content = contents.read(version.content)
    seen = await connection_queries.list_by_id(tx, content.connection_ids)
    values = {
        "version_id": version.id,
        "content_hash": version.content_hash,
        "connections": {str(one.id): one.fingerprint for one in seen},
        "incident_id": incident_id,
        "reason": yes.comment,
        "asked_by_id": actor.user_id,
        "asked_at": now,
        "expires_at": now + ANSWER_WITHIN,
    }
    made = await get(tx, await emergency_rows.add(tx, values))
    await _note(tx, "asked", (runbook, version, made), actor, now)
    return made


async def confirm(
    tx: Tx, emergency_id: UUID, yes: Yes, actor: Actor, now: datetime
) -> StoredEmergency:
    """Be the second one: the version may run for an hour, and its owners are told at once.

    A draft is sent to review by this, so that it is looked at whatever happens.
    """
    found, runbook, version = await _whole(tx, emergency_id)
    place = await place_of(tx, found.incident_id)
    _require_runner(actor, runbook, place)
    require_fresh(yes.confirmed_at, now)
    core.require_may_confirm(
        library.core_version(version),
        _of(found),
        actor.user_id,
        yes.content_hash,
        now,
    )
    values = {
        "confirmed_by_id": actor.user_id,
        "confirmed_at": now,
        "expires_at": now + LASTS,
    }
    await emergency_rows.change(tx, emergency_id, values)
    if version.state == VersionState.DRAFT:
        sent: dict[str, object] = {
            "state": VersionState.IN_REVIEW.value,
            "submitted_at": now,
            "submitted_by_id": actor.user_id,
        }
        await queries.update_version(tx, version.id, sent)
    made = await get(tx, emergency_id)
    await _note(tx, "confirmed", (runbook, version, made), actor, now)
    await _tell_owners(tx, (runbook, version, made), now)
    return made


async def review(
    tx: Tx, emergency_id: UUID, text: str, actor: Actor, now: datetime
) -> StoredEmergency:
    """Look back at it, as somebody who may approve and was not one of the two."""
    found, runbook, version = await _whole(tx, emergency_id)
    await library.require_right(tx, runbook, actor)
    core.require_may_review(_of(found), actor.user_id)
    values = {
        "reviewed_by_id": actor.user_id,
        "reviewed_at": now,
        "review": text,
    }
    await emergency_rows.change(tx, emergency_id, values)
    made = await get(tx, emergency_id)
    await _note(tx, "reviewed", (runbook, version, made), actor, now)
    return made


async def get(tx: Tx, emergency_id: UUID) -> StoredEmergency:
    """One of them. Raises NotFound."""
    found = await emergency_rows.get(tx, emergency_id)
    if found is None:
        raise NotFound("nobody has asked for this")
    return found


async def list_of(tx: Tx, runbook_id: UUID, number: int) -> list[StoredEmergency]:
    """All of a version, the newest first."""
    version = await library.get_version(tx, runbook_id, number)
    return await emergency_rows.list_of_version(tx, version.id)


async def find(
    tx: Tx,
    runbook: Runbook,
    version: StoredVersion,
    connection: StoredConnection,
    incident_id: UUID | None,
    now: datetime,
) -> UUID | None:
    """What lets this version run here and now without an approval; none: nothing does."""
    if incident_id is None:
        return None
    for one in await emergency_rows.list_open(tx, version.id, incident_id, now):
        both = [i for i in (one.asked_by_id, one.confirmed_by_id) if i]
        entitled = await control_queries.list_runners(tx, runbook.team_id, both)
        mark = (str(connection.id), connection.fingerprint)
        if core.allows(_of(one), library.core_version(version), entitled, mark, now):
            return one.id
    return None


def _of(found: StoredEmergency) -> Emergency:
    return Emergency(
        found.content_hash,
        found.connections,
        found.incident_id,
        found.asked_by_id,
        found.confirmed_by_id,
        found.expires_at,
        found.reviewed_at,
    )


_Whole = tuple[Runbook, StoredVersion, StoredEmergency]


async def _whole(
    tx: Tx, emergency_id: UUID
) -> tuple[StoredEmergency, Runbook, StoredVersion]:
    version = await queries.get_version_by_id(
        tx, (await get(tx, emergency_id)).version_id
    )
    if version is None:
        raise NotFound("the version is gone")
    runbook = await library.locked(tx, version.runbook_id)
    return await get(tx, emergency_id), runbook, version  # locked: nobody else decides


def _require_runner(actor: Actor, runbook: Runbook, place: Place) -> None:
    for team_id in {runbook.team_id, place.team_id} - {None}:
        require(actor, Can.RUN_RUNBOOKS, team_id)


async def _note(tx: Tx, what: str, whole: _Whole, actor: Actor, now: datetime) -> None:
    runbook, version, emergency = whole
    about = About(
        runbook.id,
        version.id,
        team_id=runbook.team_id,
        incident_id=emergency.incident_id,
        shown={
            "name": runbook.name,
            "version": version.number,
            "reason": emergency.reason,
        },
        kept={
            "content_hash": version.content_hash,
            "emergency_id": str(emergency.id),
            "review": emergency.review,
        },
    )
    await record(tx, f"runbook.emergency_{what}", about, by(actor), now)


async def _tell_owners(tx: Tx, whole: _Whole, now: datetime) -> None:
    runbook, version, one = whole

    def words(listener: Listener) -> str:
        until = f"{one.expires_at.astimezone(listener.zone):%H:%M}"
        return (
            f"Break glass: {one.asked_by} and {one.confirmed_by} let “{runbook.name}”"
            f" (version {version.number}) run without an approval until {until}, for"
            f" incident #{one.incident_number}: {one.reason}. Please review it."
        )

    await tell(tx, await control_queries.list_owners(tx, runbook.team_id), words, now)
