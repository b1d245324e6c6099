"""Routes by which admins see who is signed in, who asks, and who looked at what."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime

from pagefree.audit.service import Note, note
from pagefree.core.access import Can, require
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
from pagefree.partners import access_log, requests, sessions
from pagefree.partners.link_queries import Request
from pagefree.partners.log_queries import AccessKind, Logged, Wanted
from pagefree.partners.session_queries import Session
from pagefree.partners.shapes import (
    PartnerAccess,
    PartnerRef,
    PartnerRequest,
    PartnerSession,
)

router = APIRouter(prefix="/v1", tags=["partners"])
REQUEST = "/partner-requests/{partner_request_id}"
FILE_NAME = "partner-access-log.csv"


@dataclass(frozen=True, slots=True)
class AccessFilter:
    """Which looks and refusals to show; `until` is not included."""

    partner_id: UUID | None = None
    page_id: UUID | None = None
    kind: AccessKind | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    query: Annotated[str, Query(max_length=200)] = ""


# -- sessions -------------------------------------------------------------------------


@router.get("/partner-sessions")
async def list_partner_sessions(
    tx: RequestTx, actor: CurrentActor, now: Now, partner_id: UUID | None = None
) -> list[PartnerSession]:
    """Where partners are signed in, newest first; one of them, or all."""
    found = await sessions.list_sessions(tx, partner_id, actor, now)
    return [_session(one) for one in found]


@router.delete("/partner-sessions/{partner_session_id}", status_code=204)
async def end_partner_session(
    partner_session_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Sign one browser of a partner out."""
    await sessions.end_session(tx, partner_session_id, actor, now)


@router.delete("/partners/{partner_id}/sessions", status_code=204)
async def end_partner_sessions(
    partner_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Sign a partner out everywhere; links that are on their way work no more."""
    await sessions.end_sessions(tx, partner_id, actor, now)


# -- requests -------------------------------------------------------------------------


@router.get("/partner-requests")
async def list_partner_requests(
    tx: RequestTx,
    actor: CurrentActor,
    cursor: Cursor = None,
    limit: Limit = 50,
    *,
    decided: Annotated[bool, Query(description="those that were decided")] = False,
) -> Page[PartnerRequest]:
    """People who ask to become partners, newest first."""
    before = decode_cursor(cursor)
    rows = await requests.list_requests(tx, before, limit, actor, is_open=not decided)
    return Page[PartnerRequest](
        items=[_request(row) for row in rows],
        next_cursor=next_cursor(rows, limit, lambda row: row.id),
    )


@router.put(REQUEST + "/approval")
async def approve_partner_request(
    partner_request_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> PartnerRef:
    """Make them a partner, who sees nothing yet, and invite them."""
    made = await requests.approve(tx, partner_request_id, actor, now)
    return PartnerRef(id=made.id, name=made.called)


@router.put(REQUEST + "/refusal", status_code=204)
async def refuse_partner_request(
    partner_request_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Turn the request down; whoever asked is not told."""
    await requests.refuse(tx, partner_request_id, actor, now)


# -- access log -----------------------------------------------------------------------


@router.get("/partner-accesses")
async def list_partner_accesses(
    wanted: Annotated[AccessFilter, Depends()],
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[PartnerAccess]:
    """What partners looked at and what they were refused, newest first."""
    require(actor, Can.ADMINISTER)
    before = decode_cursor(cursor)
    if before is None:
        await note(tx, Note("read.partner_accesses", "partner"), now)
    rows = await access_log.list_accesses(tx, _wanted(wanted), before, limit)
    return Page[PartnerAccess](
        items=[_access(row) for row in rows],
        next_cursor=next_cursor(rows, limit, lambda row: row.id),
    )


@router.get("/partner-accesses/export", response_class=Response)
async def export_partner_accesses(
    wanted: Annotated[AccessFilter, Depends()],
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
) -> Response:
    """The same as CSV that spreadsheets take for text, newest first."""
    require(actor, Can.ADMINISTER)
    await note(tx, Note("export.partner_accesses", "partner"), now)
    content = await access_log.export(tx, _wanted(wanted))
    disposition = f'attachment; filename="{FILE_NAME}"'
    headers = {"Content-Disposition": disposition}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def _wanted(asked: AccessFilter) -> Wanted:
    return Wanted(
        asked.partner_id,
        asked.page_id,
        asked.kind,
        asked.since,
        asked.until,
        asked.query,
    )


def _session(one: Session) -> PartnerSession:
    return PartnerSession(
        id=one.id,
        partner=PartnerRef(id=one.partner_id, name=one.name or one.email),
        email=one.email,
        address=one.address,
        user_agent=one.user_agent,
        created_at=one.created_at,
        seen_at=one.seen_at,
        expires_at=one.expires_at,
    )


def _request(one: Request) -> PartnerRequest:
    by = one.decided_by
    return PartnerRequest.model_validate(
        {
            "id": one.id,
            "email": one.email,
            "name": one.name,
            "organisation": one.organisation,
            "message": one.message,
            "address": one.caller.address,
            "created_at": one.created_at,
            "decision": one.decision,
            "decided_at": one.decided_at,
            "decided_by": PartnerRef.model_validate(by) if by else None,
        }
    )


def _access(row: Logged) -> PartnerAccess:
    one = row.access
    return PartnerAccess(
        id=row.id,
        at=row.at,
        kind=one.kind,
        partner_id=one.partner_id,
        email=one.email,
        page=PartnerRef.model_validate(one.page) if one.page else None,
        what=one.what,
        address=one.caller.address,
        user_agent=one.caller.user_agent,
    )
