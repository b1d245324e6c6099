"""The library: write versions, send them to review, approve, deprecate, compare, stop."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.accounts import service as accounts
from pagefree.core import runbooks as core
from pagefree.core.access import Actor, Can, allowed
from pagefree.core.errors import Conflict, Forbidden, Invalid, NotFound
from pagefree.core.runbooks import Approval, RunClass, Version, VersionState
from pagefree.core.sign_in import require_fresh
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.runbooks import (
    connection_queries,
    contents,
    control_queries,
    controls,
    queries,
)
from pagefree.runbooks.contents import RunbookContent
from pagefree.runbooks.controls import require_may_write
from pagefree.runbooks.queries import Comment, Runbook, StoredApproval, StoredVersion
from pagefree.runbooks.recording import About, record
from pagefree.timeline.service import by

MOST_VERSIONS = 1000


@dataclass(frozen=True, slots=True)
class VersionDetail:
    """A version with what was said and decided about it."""

    version: StoredVersion
    approvals: list[StoredApproval]
    comments: list[Comment]
    needed: int  # approvals
    may_approve: bool  # the one who asks, but for the confirmation


@dataclass(frozen=True, slots=True)
class Yes:
    """Somebody's approval of what they were shown."""

    content_hash: str
    comment: str
    confirmed_at: datetime | None  # none: not in this session


async def get_runbook(tx: Tx, runbook_id: UUID) -> Runbook:
    """One runbook. Raises NotFound."""
    found = await queries.get_runbook(tx, runbook_id)
    if found is None:
        raise NotFound(f"no runbook {runbook_id}")
    return found


async def get_version(tx: Tx, runbook_id: UUID, number: int) -> StoredVersion:
    """One version. Raises NotFound."""
    found = await queries.get_version(tx, runbook_id, number)
    if found is None:
        raise NotFound(f"no version {number} of this runbook")
    return found


async def base_of(
    tx: Tx, version: StoredVersion, against: int | None
) -> StoredVersion | None:
    """What a version is compared with: the one named, else the newest approved before it."""
    if against is not None:
        return await get_version(tx, version.runbook_id, against)
    before = await queries.list_versions(tx, version.runbook_id)
    approved = (
        one
        for one in before
        if one.number < version.number and one.state == VersionState.APPROVED
    )
    return next(approved, None)


async def version_detail(
    tx: Tx, runbook_id: UUID, number: int, actor: Actor
) -> VersionDetail:
    """One version with what was said and decided about it."""
    runbook = await get_runbook(tx, runbook_id)
    version = await get_version(tx, runbook_id, number)
    return VersionDetail(
        version,
        await queries.list_approvals(tx, version.id),
        await queries.list_comments(tx, version.id),
        core.approvals_needed(core_version(version).run_class),
        version.state == VersionState.IN_REVIEW
        and actor.user_id not in {version.author_id, *version.writer_ids}
        and await _has_right(tx, runbook, actor),
    )


# -- writing ------------------------------------------------------------------------


async def create(
    tx: Tx,
    team_id: UUID | None,
    given: RunbookContent,
    note: str,
    actor: Actor,
    now: datetime,
) -> Runbook:
    """A new runbook, whose first version is a draft."""
    if team_id is not None:
        await accounts.require_team(tx, team_id)
    require_may_write(actor, team_id)
    content = contents.checked(given)
    await _require_connections(tx, team_id, content)
    runbook_id = new_id()
    await queries.insert_runbook(
        tx,
        {
            "id": runbook_id,
            "team_id": team_id,
            "name": content.name,
            "created_by_id": actor.user_id,
            "created_at": now,
        },
    )
    await _write(tx, runbook_id, team_id, _Written(1, content, note, ()), actor, now)
    return await get_runbook(tx, runbook_id)


async def save_version(
    tx: Tx,
    runbook_id: UUID,
    given: RunbookContent,
    note: str,
    actor: Actor,
    now: datetime,
) -> StoredVersion:
    """A new version; the ones before stay as they are. Raises Conflict if nothing differs."""
    runbook = await locked(tx, runbook_id)
    require_may_write(actor, runbook.team_id)
    content = contents.checked(given)
    await _require_connections(tx, runbook.team_id, content)
    latest = await get_version(tx, runbook_id, runbook.latest)
    if latest.content_hash == core.content_hash(contents.canonical(content)):
        raise Conflict("nothing has been changed")
    if latest.number >= MOST_VERSIONS:
        raise Invalid("it has too many versions: make a new runbook")
    approved = latest.state == VersionState.APPROVED
    before = () if approved else latest.writer_ids
    written = _Written(latest.number + 1, content, note, before)
    return await _write(tx, runbook_id, runbook.team_id, written, actor, now)


@dataclass(frozen=True, slots=True)
class _Written:
    number: int
    content: RunbookContent
    note: str
    writers_before: tuple[UUID, ...]  # of what is in it that nobody has approved


async def _write(
    tx: Tx,
    runbook_id: UUID,
    team_id: UUID | None,
    written: _Written,
    actor: Actor,
    now: datetime,
) -> StoredVersion:
    content = contents.canonical(written.content)
    digest, version_id = core.content_hash(content), new_id()
    await queries.insert_version(
        tx,
        {
            "id": version_id,
            "runbook_id": runbook_id,
            "number": written.number,
            "content": content,
            "content_hash": digest,
            "state": VersionState.DRAFT.value,
            "note": written.note,
            "author_id": actor.user_id,
            "writer_ids": list(dict.fromkeys([*written.writers_before, actor.user_id])),
            "created_at": now,
        },
    )
    await queries.update_runbook(tx, runbook_id, {"name": written.content.name})
    shown = {"name": written.content.name, "version": written.number}
    about = About(
        runbook_id,
        version_id,
        team_id=team_id,
        shown=shown,
        kept={"content_hash": digest, "content": content},
    )
    await record(tx, "runbook.written", about, by(actor), now)
    return await get_version(tx, runbook_id, written.number)


async def _require_connections(
    tx: Tx, team_id: UUID | None, content: RunbookContent
) -> None:
    found = await connection_queries.list_by_id(tx, content.connection_ids)
    fit = [c for c in found if c.kind == content.target and c.usable_by(team_id)]
    if len(fit) != len(content.connection_ids):
        raise Invalid("there is no such connection for this team and target")


# -- review -------------------------------------------------------------------------


async def submit(
    tx: Tx, runbook_id: UUID, number: int, actor: Actor, now: datetime
) -> None:
    """Send a draft to review."""
    runbook, version = await _locked_version(tx, runbook_id, number)
    require_may_write(actor, runbook.team_id)
    values = {"submitted_at": now, "submitted_by_id": actor.user_id}
    await _move(tx, runbook, version, VersionState.IN_REVIEW, values)
    await _note(tx, "runbook.submitted", runbook, version, actor, now)


async def withdraw(
    tx: Tx, runbook_id: UUID, number: int, actor: Actor, now: datetime
) -> None:
    """Take a version back from review, or send it back: what was agreed to counts no more."""
    runbook, version = await _locked_version(tx, runbook_id, number)
    if not controls.may_write(actor, runbook.team_id):
        await require_right(tx, runbook, actor)
    await _move(tx, runbook, version, VersionState.DRAFT, {"submitted_at": None})
    await queries.revoke_approvals(tx, version.id, now)
    await _note(tx, "runbook.returned", runbook, version, actor, now)


async def approve(
    tx: Tx, runbook_id: UUID, number: int, yes: Yes, actor: Actor, now: datetime
) -> None:
    """Agree to a version: with enough of them, it may run. Raises Forbidden, Conflict."""
    runbook, stored = await _locked_version(tx, runbook_id, number)
    await require_right(tx, runbook, actor)
    require_fresh(yes.confirmed_at, now)
    approvals = await core_approvals(tx, stored.id)
    version = core_version(stored)
    core.require_may_approve(version, actor.user_id, approvals, yes.content_hash)
    content = contents.read(stored.content)
    seen = await connection_queries.list_by_id(tx, content.connection_ids)
    marks = {str(one.id): one.fingerprint for one in seen}
    days = (await controls.settings(tx)).approval_days
    expires_at = now + timedelta(days=days)
    await queries.insert_approval(
        tx,
        {
            "version_id": stored.id,
            "content_hash": stored.content_hash,
            "connections": marks,
            "approver_id": actor.user_id,
            "comment": yes.comment,
            "confirmed_at": yes.confirmed_at,
            "at": now,
            "expires_at": expires_at,
        },
    )
    own = Approval(actor.user_id, stored.content_hash, expires_at, marks)
    if core.is_approved(version, [*approvals, own], now):
        await _move(tx, runbook, stored, VersionState.APPROVED, {})
    await _note(tx, "runbook.approved", runbook, stored, actor, now)


async def renew(
    tx: Tx, runbook_id: UUID, number: int, actor: Actor, now: datetime
) -> None:
    """Send an approved version to review once more, e.g. before its approval expires."""
    runbook, version = await _locked_version(tx, runbook_id, number)
    require_may_write(actor, runbook.team_id)
    if version.state != VersionState.APPROVED:
        raise Conflict("only what is approved can be reviewed once more")
    values = {
        "state": VersionState.IN_REVIEW.value,
        "submitted_at": now,
        "submitted_by_id": actor.user_id,
    }
    await queries.update_version(tx, version.id, values)
    await queries.revoke_approvals(tx, version.id, now)
    await _note(tx, "runbook.submitted", runbook, version, actor, now)


async def deprecate(
    tx: Tx, runbook_id: UUID, number: int, actor: Actor, now: datetime
) -> None:
    """Let a version never run again."""
    runbook, version = await _locked_version(tx, runbook_id, number)
    require_may_write(actor, runbook.team_id)
    values = {"deprecated_at": now}
    await _move(tx, runbook, version, VersionState.DEPRECATED, values)
    await _note(tx, "runbook.deprecated", runbook, version, actor, now)


async def comment(
    tx: Tx, runbook_id: UUID, number: int, text: str, actor: Actor, now: datetime
) -> None:
    """Say something about a version."""
    runbook = await get_runbook(tx, runbook_id)
    version = await get_version(tx, runbook_id, number)
    if not controls.may_write(actor, runbook.team_id):
        await require_right(tx, runbook, actor)
    await queries.insert_comment(tx, version.id, actor.user_id, text, now)
    await _note(tx, "runbook.commented", runbook, version, actor, now)


# -- shared --------------------------------------------------------------------------


def core_version(stored: StoredVersion) -> Version:
    """A version in the words of the core."""
    return Version(
        stored.content,
        stored.content_hash,
        VersionState(stored.state),
        RunClass(stored.content["run_class"]),
        stored.author_id,
        stored.writer_ids,
    )


async def core_approvals(tx: Tx, version_id: UUID) -> list[Approval]:
    """The approvals of a version in the words of the core."""
    return [
        Approval(
            one.approver_id,
            one.content_hash,
            one.expires_at,
            one.connections,
            one.revoked_at is not None,
        )
        for one in await queries.list_approvals(tx, version_id)
    ]


async def locked(tx: Tx, runbook_id: UUID) -> Runbook:
    """A runbook that nobody else changes or starts until the end. Raises Conflict."""
    await queries.lock_runbook(tx, runbook_id)
    runbook = await get_runbook(tx, runbook_id)
    if runbook.archived_at is not None:
        raise Conflict("the runbook is archived")
    return runbook


async def _locked_version(
    tx: Tx, runbook_id: UUID, number: int
) -> tuple[Runbook, StoredVersion]:
    return await locked(tx, runbook_id), await get_version(tx, runbook_id, number)


async def _has_right(tx: Tx, runbook: Runbook, actor: Actor) -> bool:
    if allowed(actor, Can.APPROVE_RUNBOOKS, runbook.team_id):
        return True
    full = Actor(actor.user_id, actor.name, platform_admin=True, scopes=actor.scopes)
    if not allowed(full, Can.APPROVE_RUNBOOKS):
        return False  # a key that may not, whoever it is of
    entitled = await control_queries.list_entitled(tx, runbook.team_id, [actor.user_id])
    return actor.user_id in entitled


async def require_right(tx: Tx, runbook: Runbook, actor: Actor) -> None:
    """Raise Forbidden unless the actor may approve what is the runbook's team's."""
    if not await _has_right(tx, runbook, actor):
        raise Forbidden(f"you may not {Can.APPROVE_RUNBOOKS.value}")


async def _move(
    tx: Tx,
    runbook: Runbook,
    version: StoredVersion,
    to: VersionState,
    values: Mapping[str, object],
) -> None:
    del runbook  # locked: nobody else moves one of its versions
    state = core.moved(VersionState(version.state), to)
    await queries.update_version(tx, version.id, {"state": state.value, **values})


async def _note(
    tx: Tx,
    kind: str,
    runbook: Runbook,
    version: StoredVersion,
    actor: Actor,
    now: datetime,
) -> None:
    about = About(
        runbook.id,
        version.id,
        team_id=runbook.team_id,
        shown={"name": runbook.name, "version": version.number},
        kept={"content_hash": version.content_hash},
    )
    await record(tx, kind, about, by(actor), now)
