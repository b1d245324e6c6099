"""Routes of the audit: read, exported, verified, kept and streamed."""

import base64
import binascii
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime

from pagefree.audit import chain_queries, reading, sealing, streaming
from pagefree.audit import setting_queries as settings
from pagefree.audit.queries import Entry, Wanted
from pagefree.audit.shapes import (
    AuditEntry,
    AuditRetention,
    AuditState,
    AuditStream,
    AuditStreamIn,
    AuditStreamSecret,
    AuditVerdict,
)
from pagefree.audit.undoing import can_be_undone
from pagefree.core.access import Can, require
from pagefree.core.errors import Invalid
from pagefree.infra.web import (
    CurrentActor,
    Cursor,
    Limit,
    Now,
    Page,
    RequestTx,
    SecretVault,
    encode_cursor,
)

router = APIRouter(prefix="/v1/audit", tags=["audit"])
MEDIA = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries to show; `until` is not included. A kind ending with a point is a family."""

    team_id: UUID | None = None
    actor_id: UUID | None = None
    object_kind: Annotated[str | None, Query(max_length=100)] = None
    object_id: Annotated[str | None, Query(max_length=200)] = None
    kind: Annotated[str | None, Query(max_length=100)] = None
    request_id: Annotated[str | None, Query(max_length=64)] = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None


Filter = Annotated[AuditFilter, Depends()]


@router.get("")
async def list_audit_entries(
    wanted: Filter,
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[AuditEntry]:
    """Who did what, newest first; admins of teams see what is their teams'."""
    asked = reading.within_reach(actor, _wanted(wanted), wanted.team_id)
    rows = await reading.list_entries(tx, asked, _before(cursor), limit, now)
    return Page[AuditEntry](
        items=[_entry(row) for row in rows],
        next_cursor=encode_cursor(rows[-1].id) if len(rows) == limit else None,
    )


@router.get("/export", response_class=Response)
async def export_audit_entries(
    wanted: Filter,
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
    shape: Annotated[Literal["csv", "jsonl"], Query(alias="format")] = "jsonl",
) -> Response:
    """The same as a file, at most 50,000 entries: JSON lines, or CSV safe for spreadsheets."""
    asked = reading.within_reach(actor, _wanted(wanted), wanted.team_id)
    content = await reading.export(tx, asked, shape, now)
    disposition = f'attachment; filename="audit.{shape}"'
    headers = {"Content-Disposition": disposition}
    return Response(content, media_type=MEDIA[shape], headers=headers)


@router.get("/state")
async def get_audit_state(tx: RequestTx, actor: CurrentActor) -> AuditState:
    """How far entries are sealed, how long they are kept, where they are streamed to."""
    require(actor, Can.ADMINISTER)
    chain = await chain_queries.get(tx)
    chosen = await settings.get_settings(tx)
    stream = await settings.get_stream(tx)
    shown = None
    if chosen.stream_kind in {"webhook", "syslog"}:
        shown = AuditStream.model_validate(
            {
                "kind": chosen.stream_kind,
                "host": chosen.stream_host,
                "seq": stream.seq,
                "error": stream.error,
                "sent_at": stream.sent_at,
            }
        )
    return AuditState(
        sealed_to=chain.head.seq,
        sealed_at=chain.sealed_at,
        waiting=await chain_queries.count_waiting(tx),
        kept_from=chain.anchor.seq + 1,
        retention_days=chosen.retention_days,
        stream=shown,
    )


@router.post("/verification")
async def verify_audit(
    request: Request, actor: CurrentActor, tx: RequestTx, vault: SecretVault
) -> AuditVerdict:
    """Walk along the whole chain and say where it was touched."""
    require(actor, Can.ADMINISTER)
    await chain_queries.wait_longer(tx)
    verdict = await sealing.verify(request.app.state.engine, vault)
    return AuditVerdict(
        count=verdict.count,
        sealed_to=verdict.chain.head.seq,
        waiting=verdict.waiting,
        findings=list(verdict.findings),
    )


@router.put("/retention", status_code=204)
async def put_audit_retention(
    body: AuditRetention, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Keep entries for so many days, or for ever."""
    require(actor, Can.ADMINISTER)
    await settings.save_settings(tx, {"retention_days": body.days}, now)


@router.put("/stream")
async def put_audit_stream(
    body: AuditStreamIn,
    tx: RequestTx,
    actor: CurrentActor,
    vault: SecretVault,
    now: Now,
) -> AuditStreamSecret:
    """Stream every sealed entry to a webhook or to syslog, from now on or from the first."""
    require(actor, Can.ADMINISTER)
    to = streaming.To(body.kind, body.address)
    secret = await streaming.start(tx, to, vault, now, from_now=body.from_now)
    return AuditStreamSecret(secret=secret)


@router.delete("/stream", status_code=204)
async def delete_audit_stream(tx: RequestTx, actor: CurrentActor, now: Now) -> None:
    """Stream entries nowhere any more."""
    require(actor, Can.ADMINISTER)
    await streaming.stop(tx, now)


def _wanted(asked: AuditFilter) -> Wanted:
    return Wanted(
        actor_id=asked.actor_id,
        object_kind=asked.object_kind,
        object_id=asked.object_id,
        kind=asked.kind,
        request_id=asked.request_id,
        since=asked.since,
        until=asked.until,
    )


def _before(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    try:
        return int(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError) as e:
        raise Invalid("the cursor is not one that a page returned") from e


def _entry(entry: Entry) -> AuditEntry:
    said = {**entry.content(), "seq": entry.seq, "can_undo": can_be_undone(entry)}
    return AuditEntry.model_validate(said)
