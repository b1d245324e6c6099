"""Writing a postmortem: the lock, saving, versions, the incidents that it is about."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from pagefree.accounts import service as accounts
from pagefree.core import postmortems as core
from pagefree.core.access import Actor, Can, require
from pagefree.core.errors import Conflict, NotFound
from pagefree.core.postmortem_timelines import built
from pagefree.core.postmortems import Lock, Locked, PostmortemState, Saved
from pagefree.infra.db import Tx
from pagefree.postmortems import contents, incident_queries, queries, version_queries
from pagefree.postmortems.contents import PostmortemContent
from pagefree.postmortems.queries import Postmortem
from pagefree.postmortems.recording import tell
from pagefree.postmortems.service import (
    MOST_INCIDENTS,
    about,
    facts_of,
    get,
    impact_of,
    locked,
    with_news,
)
from pagefree.postmortems.version_queries import Version
from pagefree.schedules import notices

# -- the lock ---------------------------------------------------------------------------


def lock_of(found: Postmortem) -> Lock | None:
    """Who had it last, and until when."""
    if found.lock_holder_id is None or found.lock_until is None:
        return None
    return Lock(found.lock_holder_id, found.lock_until)


async def take_lock(
    tx: Tx, postmortem_id: UUID, actor: Actor, now: datetime, *, take_over: bool
) -> None:
    """Write alone for a minute; whoever loses it by that is told.

    Raises Locked, Conflict where it is published.
    """
    found = await locked(tx, postmortem_id, actor)
    core.require_editable(PostmortemState(found.state))
    lost = await _lock(tx, found, actor, now, take_over=take_over)
    if lost is not None:
        words = f"{actor.name} writes the postmortem “{found.title}” now, in your place"
        await notices.tell(tx, [lost], lambda _: words, now)
        data = {"from": {"id": str(lost)}}
        await tell(tx, "postmortem.taken_over", about(found), data, actor, now)


async def release_lock(tx: Tx, postmortem_id: UUID, actor: Actor) -> None:
    """Let others write; nothing, if somebody else does already."""
    found = await locked(tx, postmortem_id, actor)
    if found.lock_holder_id == actor.user_id:
        free = {"lock_holder_id": None, "lock_until": None}
        await queries.update_postmortem(tx, postmortem_id, free)


async def _lock(
    tx: Tx, found: Postmortem, actor: Actor, now: datetime, *, take_over: bool = False
) -> UUID | None:
    try:
        taken = core.taken(lock_of(found), actor.user_id, now, take_over=take_over)
    except Locked as e:
        raise Locked(f"{await name_of(tx, found.lock_holder_id)} is writing") from e
    held = {"lock_holder_id": taken.lock.holder_id, "lock_until": taken.lock.until}
    await queries.update_postmortem(tx, found.id, held)
    return taken.from_id


async def name_of(tx: Tx, user_id: UUID | None) -> str:
    """What people call them."""
    refs = await accounts.user_refs(tx, [user_id] if user_id else [])
    return next((ref.name for ref in refs.values()), "somebody")


# -- saving -----------------------------------------------------------------------------


async def save(
    tx: Tx,
    postmortem_id: UUID,
    based_on: int,
    content: PostmortemContent,
    actor: Actor,
    now: datetime,
) -> int:
    """Keep `content` and the lock; returns the number of the newest version.

    What does not differ makes no version. Raises Locked, Overtaken, Conflict.
    """
    found = await locked(tx, postmortem_id, actor)
    core.require_editable(PostmortemState(found.state))
    await _lock(tx, found, actor, now)
    author = "You" if found.updated_by_id == actor.user_id else None
    name = author or await name_of(tx, found.updated_by_id)
    core.require_newest(based_on, found.version, name)
    return await _store(tx, found, content, actor, now)


async def _store(
    tx: Tx,
    found: Postmortem,
    content: PostmortemContent,
    actor: Actor,
    now: datetime,
    note: str = "",
) -> int:
    kept = contents.canonical(content)
    if kept == contents.canonical(contents.read(found.content)):
        return found.version
    number = found.version + 1
    changed = {
        **kept,
        "version": number,
        "started_at": content.impact.started_at,
        "updated_by_id": actor.user_id,
        "updated_at": now,
    }
    await queries.update_postmortem(tx, found.id, changed)
    newest = await version_queries.newest(tx, found.id)
    written = {"number": number, "content": kept, "saved_at": now}
    saved = Saved(newest.author_id, newest.began_at, newest.kept)
    if not note and core.replaces(saved, actor.user_id, now):
        await version_queries.update_version(tx, newest.id, written)
        return number
    made = {"author_id": actor.user_id, "began_at": now, "note": note}
    values = {"postmortem_id": found.id, **written, **made, "kept": bool(note)}
    await version_queries.insert_version(tx, values)
    await version_queries.delete_oldest(tx, found.id, core.MOST_VERSIONS)
    return number


# -- versions ---------------------------------------------------------------------------


async def list_versions(tx: Tx, postmortem_id: UUID, actor: Actor) -> list[Version]:
    """Newest first."""
    await get(tx, postmortem_id, actor)
    return await version_queries.list_versions(tx, postmortem_id)


async def get_version(
    tx: Tx, postmortem_id: UUID, number: int, actor: Actor
) -> tuple[Version, Mapping[str, object]]:
    """One with what it holds. Raises NotFound."""
    await get(tx, postmortem_id, actor)
    found = await version_queries.get_content(tx, postmortem_id, number)
    if found is None:
        raise NotFound(f"no version {number} of this postmortem is kept")
    return found


async def restore(
    tx: Tx, postmortem_id: UUID, number: int, actor: Actor, now: datetime
) -> None:
    """Make a new version of an earlier one; nothing is lost by it."""
    found = await locked(tx, postmortem_id, actor)
    core.require_editable(PostmortemState(found.state))
    await _lock(tx, found, actor, now)
    _, content = await get_version(tx, postmortem_id, number, actor)
    note = f"version {number} restored"
    await _store(tx, found, contents.read(content), actor, now, note)


# -- the incidents that it is about -------------------------------------------------------


async def link(
    tx: Tx, postmortem_id: UUID, incident_id: UUID, actor: Actor, now: datetime
) -> None:
    """It is about this incident, too: its events join the timeline, its numbers count."""
    found = await locked(tx, postmortem_id, actor)
    core.require_editable(PostmortemState(found.state))
    await _lock(tx, found, actor, now)
    [new] = await facts_of(tx, [incident_id])
    require(actor, Can.SEE, new.team_id)
    linked = (await queries.list_linked(tx, [postmortem_id]))[postmortem_id]
    if len(linked) >= MOST_INCIDENTS:
        raise Conflict(f"it is about {MOST_INCIDENTS} incidents already")
    await queries.link_incidents(tx, postmortem_id, [incident_id])
    await refresh(tx, postmortem_id, actor, now)


async def unlink(tx: Tx, postmortem_id: UUID, incident_id: UUID, actor: Actor) -> None:
    """It is not about this incident; what was told of it stays to be edited."""
    found = await locked(tx, postmortem_id, actor)
    core.require_editable(PostmortemState(found.state))
    linked = (await queries.list_linked(tx, [postmortem_id]))[postmortem_id]
    if [one.id for one in linked] == [incident_id]:
        raise Conflict("a postmortem is about at least one incident")
    await queries.unlink_incident(tx, postmortem_id, incident_id)


async def refresh(tx: Tx, postmortem_id: UUID, actor: Actor, now: datetime) -> None:
    """Fetch what has happened since, and count anew; what people wrote stays."""
    found = await locked(tx, postmortem_id, actor)
    core.require_editable(PostmortemState(found.state))
    await _lock(tx, found, actor, now)
    linked = (await queries.list_linked(tx, [postmortem_id]))[postmortem_id]
    incident_ids = [one.id for one in linked]
    if not incident_ids:
        raise Conflict("it is about no incident")
    counted = await impact_of(tx, await facts_of(tx, incident_ids))
    news = built(await incident_queries.list_events(tx, incident_ids))
    content = with_news(contents.read(found.content), news)
    impact = counted.model_copy(update={"note": content.impact.note})
    await _store(tx, found, content.model_copy(update={"impact": impact}), actor, now)
