"""Routes of whoever looks after the pager: the delivery log, providers, readiness, findings."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status

from pagefree.accounts import service as accounts
from pagefree.core.access import Can, require
from pagefree.core.notifications import Kind, Skip, Status
from pagefree.infra.db import driver
from pagefree.infra.web import (
    CurrentActor,
    Cursor,
    Limit,
    Now,
    Page,
    RequestTx,
    Shape,
    decode_cursor,
    next_cursor,
)
from pagefree.notifications import log_queries, provider_queries, readiness
from pagefree.notifications.api import (
    NoticeIncident,
    NotificationAttempt,
    Recipient,
    recipients,
)
from pagefree.notifications.log_queries import Search

DAY = timedelta(hours=24)

router = APIRouter(prefix="/v1", tags=["notifications"])


class LoggedNotification(Shape):
    """One message to one address, as the delivery log shows it."""

    id: UUID
    incident: NoticeIncident | None
    user: Recipient
    channel: str
    label: str
    cause: str
    kind: Kind
    status: Status
    skip_reason: Skip | None
    created_at: datetime
    finished_at: datetime | None
    receipt_missed_at: datetime | None  # the provider took it, and said no more in time
    attempts: list[NotificationAttempt]


class ProviderHealth(Shape):
    """How well a provider did in the last 24 hours, and whether it is asked at all."""

    channel: str
    provider: str  # "": the channel has only one
    attempts: int
    accepted: int
    delivered: int
    failed: int
    unknown: int
    median_s: float | None
    slowest_s: float | None  # of 95 in 100
    segments: int  # of texts, as phone networks count and charge
    cost: float | None  # an estimate by the price that an admin has given
    failures: int  # in a row, up to now
    rests_until: datetime | None  # its circuit breaker is open
    broken_reason: str | None  # it refuses us, whoever it is for
    since: datetime | None


class WayToReach(Shape):
    """A contact method that can wake its person."""

    id: UUID
    channel: str
    label: str
    proven_at: datetime | None


class Readiness(Shape):
    """Whether somebody is known to be reachable: something arrived in the last 30 days."""

    user: Recipient
    proven: bool
    ways: list[WayToReach]


class ProofsSent(Shape):
    """How many tests are on their way."""

    count: int


class ReachFinding(Shape):
    """Something that somebody should look after."""

    id: UUID
    kind: str
    team_id: UUID | None
    user_id: UUID | None
    channel: str | None
    detail: str
    found_at: datetime


@router.get("/notifications")
async def search_notifications(  # noqa: PLR0913, PLR0917 - each is a filter of its own
    actor: CurrentActor,
    tx: RequestTx,
    channel: str | None = None,
    state: Annotated[Status | None, Query(alias="status")] = None,
    user_id: UUID | None = None,
    since: datetime | None = None,
    provider_id: str | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[LoggedNotification]:
    """What was sent to whom, newest first."""
    require(actor, Can.SEE)
    search = Search(channel, state, user_id, since, provider_id)
    rows = await log_queries.list_logged(tx, search, decode_cursor(cursor), limit)
    people = await recipients(tx, {row.user_id for row in rows})
    items = [
        LoggedNotification(
            user=people[row.user_id],
            incident=NoticeIncident.model_validate(row.incident)
            if row.incident
            else None,
            attempts=[NotificationAttempt.model_validate(a) for a in row.attempts],
            **{
                name: getattr(row, name)
                for name in LoggedNotification.model_fields
                if name not in {"user", "incident", "attempts"}
            },
        )
        for row in rows
    ]
    return Page(items=items, next_cursor=next_cursor(rows, limit, lambda row: row.id))


@router.get("/providers")
async def list_providers(
    actor: CurrentActor, tx: RequestTx, now: Now
) -> list[ProviderHealth]:
    """How well each provider did lately, and where its circuit breaker stands."""
    require(actor, Can.ADMINISTER)
    found = await provider_queries.list_health(await driver(tx), now - DAY)
    return [ProviderHealth.model_validate(one) for one in found]


@router.get("/findings")
async def list_reach_findings(actor: CurrentActor, tx: RequestTx) -> list[ReachFinding]:
    """What is wrong with reaching people, for as long as it is."""
    require(actor, Can.SEE)
    return [ReachFinding.model_validate(one) for one in await readiness.findings(tx)]


@router.get("/teams/{team_id}/readiness")
async def get_team_readiness(
    team_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> list[Readiness]:
    """Who of the team is known to be reachable."""
    require(actor, Can.SEE)
    found = await readiness.of_team(tx, team_id, now)
    names = await accounts.user_refs(tx, {one.user_id for one in found})
    return [
        Readiness(
            user=Recipient(id=one.user_id, name=names[one.user_id].name),
            proven=one.proven,
            ways=[
                WayToReach(
                    id=way.id,
                    channel=way.channel,
                    label=way.label,
                    proven_at=way.proven_at,
                )
                for way in one.ways
            ],
        )
        for one in found
    ]


@router.post("/users/{user_id}/proofs", status_code=status.HTTP_202_ACCEPTED)
async def send_proofs(
    user_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> ProofsSent:
    """Send a test to every contact method that can wake this person."""
    return ProofsSent(count=await readiness.prove(tx, actor, user_id, now))
