"""What leaves the inboxes: requests that were read after all, alerts that rules now route."""

from datetime import datetime
from uuid import UUID

from pydantic import ValidationError

from pagefree.alerts import inbox_queries as queries
from pagefree.alerts.inbox_queries import Ended, Unrouted
from pagefree.alerts.reading import again
from pagefree.alerts.requests import Disposition, Source
from pagefree.alerts.rulebook import NO_RULES, Rulebook, load
from pagefree.core.access import Actor
from pagefree.core.alerts import AlertEvent
from pagefree.core.escalation import NO_POLICY
from pagefree.infra.db import Tx
from pagefree.integrations import all_kinds
from pagefree.integrations.base import Ignored, Unreadable
from pagefree.routing import service as routing
from pagefree.routing.evaluation import Failures
from pagefree.timeline import service as timeline
from pagefree.timeline.service import SYSTEM, Entry

MOST_REVIEWED = 500


async def settle_replay(tx: Tx, request_id: UUID, again_id: UUID) -> Ended:
    """Let an unreadable request leave its inbox once it was read; how the new one ended.

    If it is as unreadable as before, it stays, and the attempt is only a repetition of it.
    """
    ends = await queries.lock_ends(tx, request_id, again_id)
    before, after = ends[request_id], ends[again_id]
    if before.outcome is not Disposition.QUARANTINED:
        return after
    if after.outcome is not Disposition.QUARANTINED:
        await queries.update_replayed(tx, request_id, again_id)
        return after
    repeated = Ended(Disposition.REPEATED, f"replayed, and still: {after.error}")
    await queries.update_end(tx, again_id, repeated)
    await queries.update_end(tx, request_id, after)
    return after


async def review_unrouted(tx: Tx, actor: Actor, now: datetime) -> int:
    """Let open alerts leave the inbox whose likes today's rules route; returns how many.

    They stay with whoever has them: that has happened, and somebody was told. Raises Forbidden.
    """
    await routing.require_list(tx, None, actor)
    rulebook = await load(tx, Failures(), NO_RULES, now)
    found = await queries.list_unrouted(tx, MOST_REVIEWED)
    at = {each.id: _service(each, rulebook) for each in found}
    routed = [alert_id for alert_id, service in at.items() if service]
    settled = set(await queries.update_routed_since(tx, routed)) if routed else set()
    notes = [
        Entry(
            "incident.routed_since",
            timeline.by(actor),
            each.incident_id,
            each.team_id,
            {"title": each.title, "service": {"name": at[each.id]}},
        )
        for each in found
        if each.id in settled and each.incident_id
    ]
    await timeline.record(tx, notes, now)
    return len(settled)


def _service(alert: Unrouted, rulebook: Rulebook) -> str:
    """The name of the service that an alert like this would go to; "" for the catch-all."""
    event = _event(alert)
    if event is None:
        return ""
    source = _source(alert)
    decision = rulebook.decide(source, event)
    at = rulebook.destination(source, decision)
    return "" if at.service_id == rulebook.catch_all_id else at.service


def _event(alert: Unrouted) -> AlertEvent | None:
    """What was said of it last, as far as this version still understands it."""
    kind = all_kinds().get(alert.kind)
    if kind is None:
        return None
    try:
        parsed = again(kind, alert.stored, kind.settings(alert.settings))
    except (Unreadable, Ignored, ValidationError):
        return None
    events = [event for event in parsed.events if isinstance(event, AlertEvent)]
    named = [event for event in events if event.dedup_key == alert.dedup_key]
    # a rule may have given it another key; then it is clear only where it was alone
    return next(iter(named), events[0] if len(events) == 1 else None)


def _source(alert: Unrouted) -> Source:
    return Source(
        integration_id=alert.integration_id,
        order=b"",
        kind=alert.kind,
        name=alert.integration,
        service_id=alert.service_id,
        team_id=alert.team_id,
        policy=NO_POLICY,
        cause=SYSTEM,
    )
