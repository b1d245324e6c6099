"""Routes of the library of runbooks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from pagefree.accounts import authentication, confirmations, stepping_up
from pagefree.core.access import Actor, Can, require
from pagefree.core.differences import differences
from pagefree.core.errors import Forbidden
from pagefree.core.runbooks import RunClass, VersionState
from pagefree.infra.db import Tx
from pagefree.infra.web import (
    CurrentActor,
    Cursor,
    Limit,
    Now,
    Page,
    RequestTx,
    decode_cursor,
    next_cursor,
)
from pagefree.runbooks import contents, controls, library, queries, stopping
from pagefree.runbooks.control_queries import Approver, RunbookSettings
from pagefree.runbooks.library import VersionDetail, Yes
from pagefree.runbooks.queries import Runbook, StoredVersion, Wanted
from pagefree.runbooks.shapes import (
    ApprovalIn,
    ApprovalOut,
    CommentIn,
    CommentOut,
    Difference,
    LastRun,
    RunbookApprover,
    RunbookDetail,
    RunbookIn,
    RunbookRef,
    RunbookSettingsIn,
    RunbookSettingsOut,
    RunbookSummary,
    StopIn,
    VersionDiff,
    VersionIn,
    VersionOut,
    VersionSummary,
)

router = APIRouter(prefix="/v1", tags=["runbooks"])
VERSION = "/runbooks/{runbook_id}/versions/{number}"


async def _approver(
    request: Request, tx: RequestTx, actor: CurrentActor, now: Now
) -> tuple[Actor, datetime | None]:
    """Who is about to approve, and when they last proved it: in a browser only."""
    if stepping_up.by_key(request):
        raise Forbidden("a program cannot approve")
    token = authentication.token_of(request)
    return actor, await confirmations.confirmed_at(tx, token, now)


TheApprover = Annotated[
    tuple[Actor, datetime | None], Depends(_approver, scope="function")
]


def _wanted(
    team_id: UUID | None = None,
    q: str = "",
    run_class: RunClass | None = None,
    state: VersionState | None = None,
) -> Wanted:
    return Wanted(team_id, q, run_class and run_class.value, state and state.value)


TheWanted = Annotated[Wanted, Depends(_wanted)]


@router.get("/runbooks")
async def list_runbooks(
    tx: RequestTx,
    actor: CurrentActor,
    wanted: TheWanted,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[RunbookSummary]:
    """The library, newest first; what a team may run, or all."""
    require(actor, Can.SEE)
    rows = await queries.list_runbooks(tx, wanted, decode_cursor(cursor), limit)
    return Page[RunbookSummary](
        items=[RunbookSummary(**_summary(row)) for row in rows],
        next_cursor=next_cursor(rows, limit, lambda row: row.id),
    )


@router.post("/runbooks", status_code=201)
async def create_runbook(
    body: RunbookIn, tx: RequestTx, actor: CurrentActor, now: Now
) -> RunbookDetail:
    """Write a runbook; its first version is a draft."""
    row = await library.create(tx, body.team_id, body.content, body.note, actor, now)
    return await _detail(tx, row, actor)


@router.get("/runbooks/{runbook_id}")
async def get_runbook(
    runbook_id: UUID, tx: RequestTx, actor: CurrentActor
) -> RunbookDetail:
    """A runbook with the history of its versions."""
    require(actor, Can.SEE)
    return await _detail(tx, await library.get_runbook(tx, runbook_id), actor)


@router.delete("/runbooks/{runbook_id}", status_code=204)
async def archive_runbook(
    runbook_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Take it out of the library; its runs and its audit stay."""
    await stopping.archive(tx, runbook_id, actor, now)


@router.put("/runbooks/{runbook_id}/stop")
async def stop_runbook(
    runbook_id: UUID, body: StopIn, tx: RequestTx, actor: CurrentActor, now: Now
) -> RunbookDetail:
    """The kill switch: nothing of it starts until it is let go again."""
    row = await stopping.stop(tx, runbook_id, body.reason, actor, now)
    return await _detail(tx, row, actor)


@router.delete("/runbooks/{runbook_id}/stop")
async def let_runbook_go(
    runbook_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> RunbookDetail:
    """Let it run again."""
    row = await stopping.stop(tx, runbook_id, None, actor, now)
    return await _detail(tx, row, actor)


# -- versions ------------------------------------------------------------------------


@router.post("/runbooks/{runbook_id}/versions", status_code=201)
async def create_runbook_version(
    runbook_id: UUID, body: VersionIn, tx: RequestTx, actor: CurrentActor, now: Now
) -> VersionOut:
    """Save the next version, a draft; the ones before stay as they are."""
    made = await library.save_version(
        tx, runbook_id, body.content, body.note, actor, now
    )
    return await _version(tx, runbook_id, made.number, actor)


@router.get(VERSION)
async def get_runbook_version(
    runbook_id: UUID, number: int, tx: RequestTx, actor: CurrentActor
) -> VersionOut:
    """A version with its content, approvals and comments."""
    require(actor, Can.SEE)
    return await _version(tx, runbook_id, number, actor)


@router.get(VERSION + "/diff")
async def diff_runbook_version(
    runbook_id: UUID,
    number: int,
    tx: RequestTx,
    actor: CurrentActor,
    against: int | None = None,
) -> VersionDiff:
    """All that differs from another version: the newest approved one before, if none is named."""
    require(actor, Can.SEE)
    version = await library.get_version(tx, runbook_id, number)
    other = await library.base_of(tx, version, against)
    found = differences(other.content if other else {}, version.content)
    return VersionDiff(
        against=other.number if other else None,
        content_hash=version.content_hash,
        differences=[Difference.model_validate(one) for one in found],
    )


@dataclass(frozen=True, slots=True)
class OneVersion:
    """Which version somebody does something with, and when."""

    runbook_id: UUID
    number: int
    tx: RequestTx
    actor: CurrentActor
    now: Now

    async def shown(self) -> VersionOut:
        """The version as it is by then."""
        return await _version(self.tx, self.runbook_id, self.number, self.actor)


TheVersion = Annotated[OneVersion, Depends(OneVersion, scope="function")]


@router.put(VERSION + "/review")
async def submit_runbook_version(one: TheVersion) -> VersionOut:
    """Send a draft to review."""
    await library.submit(one.tx, one.runbook_id, one.number, one.actor, one.now)
    return await one.shown()


@router.delete(VERSION + "/review")
async def return_runbook_version(one: TheVersion) -> VersionOut:
    """Take a version back from review, or send it back: approvals count no more."""
    await library.withdraw(one.tx, one.runbook_id, one.number, one.actor, one.now)
    return await one.shown()


@router.post(VERSION + "/approvals", status_code=201)
async def approve_runbook_version(
    one: TheVersion, body: ApprovalIn, approver: TheApprover
) -> VersionOut:
    """Say yes to the content that was shown; `POST /v1/session/confirm` comes first.

    Never by an API key, and never by anybody who has written what is in it.
    """
    actor, confirmed_at = approver
    yes = Yes(body.content_hash, body.comment, confirmed_at)
    await library.approve(one.tx, one.runbook_id, one.number, yes, actor, one.now)
    return await one.shown()


@router.post(VERSION + "/renewal")
async def renew_runbook_version(one: TheVersion) -> VersionOut:
    """Send an approved version to review once more, before its approval expires."""
    await library.renew(one.tx, one.runbook_id, one.number, one.actor, one.now)
    return await one.shown()


@router.put(VERSION + "/deprecation")
async def deprecate_runbook_version(one: TheVersion) -> VersionOut:
    """Let a version never run again."""
    await library.deprecate(one.tx, one.runbook_id, one.number, one.actor, one.now)
    return await one.shown()


@router.post(VERSION + "/comments", status_code=201)
async def comment_runbook_version(one: TheVersion, body: CommentIn) -> VersionOut:
    """Say something about a version."""
    about = (one.runbook_id, one.number, body.text, one.actor)
    await library.comment(one.tx, *about, one.now)
    return await one.shown()


# -- settings and approvers ----------------------------------------------------------


@router.get("/runbook-settings")
async def get_runbook_settings(
    tx: RequestTx, actor: CurrentActor
) -> RunbookSettingsOut:
    """What holds for all runbooks."""
    require(actor, Can.SEE)
    return _settings(await controls.settings(tx))


@router.put("/runbook-settings")
async def put_runbook_settings(
    body: RunbookSettingsIn, tx: RequestTx, actor: CurrentActor, now: Now
) -> RunbookSettingsOut:
    """Change what holds for all; with a reason, nothing starts anywhere."""
    wanted = controls.Wanted(body.approval_days, body.stopped_reason)
    return _settings(await controls.put_settings(tx, wanted, actor, now))


@router.get("/teams/{team_id}/runbook-approvers")
async def list_runbook_approvers(
    team_id: UUID, tx: RequestTx, actor: CurrentActor
) -> list[RunbookApprover]:
    """Who may approve what is the team's, besides its admins."""
    require(actor, Can.SEE)
    return _approvers(await controls.list_approvers(tx, team_id))


@router.put("/teams/{team_id}/runbook-approvers/{user_id}")
async def put_runbook_approver(
    team_id: UUID, user_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> list[RunbookApprover]:
    """Let somebody approve what is the team's."""
    return _approvers(await controls.put_approver(tx, team_id, user_id, actor, now))


@router.delete("/teams/{team_id}/runbook-approvers/{user_id}", status_code=204)
async def delete_runbook_approver(
    team_id: UUID, user_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Take it back: what only they have approved does not run any more."""
    await controls.delete_approver(tx, team_id, user_id, actor, now)


# -- shaping -------------------------------------------------------------------------


def _summary(row: Runbook) -> dict[str, Any]:
    team = RunbookRef(id=row.team_id, name=row.team_name or "") if row.team_id else None
    told = ("description", "run_class", "target", "auto_safe")
    last = row.last_run_id and {
        "id": row.last_run_id,
        "state": row.last_run_state,
        "at": row.last_run_at,
    }
    return {
        "team": team,
        "last_run": LastRun.model_validate(last) if last else None,
        **{name: row.content[name] for name in told},
        **{
            name: getattr(row, name)
            for name in ("id", "name", "latest", "latest_state", "approved")
        },
        **{
            name: getattr(row, name)
            for name in ("stopped_at", "stopped_reason", "created_at")
        },
    }


async def _detail(tx: Tx, row: Runbook, actor: Actor) -> RunbookDetail:
    versions = await queries.list_versions(tx, row.id)
    return RunbookDetail(
        **_summary(row),
        versions=[VersionSummary(**_version_summary(one)) for one in versions],
        can_write=controls.may_write(actor, row.team_id),
    )


def _version_summary(row: StoredVersion) -> dict[str, Any]:
    return {
        "number": row.number,
        "state": row.state,
        "content_hash": row.content_hash,
        "note": row.note,
        "author": RunbookRef(id=row.author_id, name=row.author_name),
        "created_at": row.created_at,
        "submitted_at": row.submitted_at,
        "deprecated_at": row.deprecated_at,
    }


async def _version(tx: Tx, runbook_id: UUID, number: int, actor: Actor) -> VersionOut:
    found: VersionDetail = await library.version_detail(tx, runbook_id, number, actor)
    return VersionOut(
        **_version_summary(found.version),
        content=contents.read(found.version.content),
        approvals=[
            ApprovalOut(
                approver=RunbookRef(id=one.approver_id, name=one.approver_name),
                comment=one.comment,
                content_hash=one.content_hash,
                at=one.at,
                expires_at=one.expires_at,
                revoked_at=one.revoked_at,
            )
            for one in found.approvals
        ],
        approvals_needed=found.needed,
        comments=[
            CommentOut(
                id=one.id,
                author=RunbookRef(id=one.author_id, name=one.author_name),
                text=one.text,
                at=one.at,
            )
            for one in found.comments
        ],
        may_approve=found.may_approve,
    )


def _settings(found: RunbookSettings) -> RunbookSettingsOut:
    return RunbookSettingsOut.model_validate(found)


def _approvers(found: list[Approver]) -> list[RunbookApprover]:
    return [
        RunbookApprover(
            user=RunbookRef(id=one.user_id, name=one.name), given_at=one.given_at
        )
        for one in found
    ]
