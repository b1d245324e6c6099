"""What Opsgenie's clients ask and do besides events: for the holder of an integration's key."""

from datetime import datetime
from uuid import UUID

from pagefree.accounts import service as accounts
from pagefree.alerts import opsgenie_queries as queries
from pagefree.alerts.opsgenie_queries import Alert, Done
from pagefree.alerts.requests import Source
from pagefree.core.alerts import Outcome
from pagefree.core.errors import NotFound
from pagefree.infra.db import Tx
from pagefree.integrations.opsgenie.parse import alert_id
from pagefree.schedules import service as schedules
from pagefree.timeline import service as timeline

PRIORITIES = {"critical": "P1", "error": "P2", "warning": "P3", "info": "P5"}
ACTIONS = {"": "Create", "close": "Close", "acknowledge": "Acknowledge"}
DELETE = "DELETE"
SAID = {
    Outcome.OPENED: "Created alert",
    Outcome.DUPLICATE: "Alert count is increased",
    Outcome.ACKNOWLEDGED: "Acknowledged alert",
    Outcome.RESOLVED: "Closed alert",
    Outcome.UNMATCHED: "Alert does not exist",
    Outcome.STALE: "Alert is closed already",
    Outcome.SUPPRESSED: "Alert is suppressed",
}
DONE = "Done"  # to an alert, though it was no event of it
REPEATED = "Request came before"

FAILED = frozenset({Outcome.UNMATCHED})


async def result(tx: Tx, source: Source, request_id: UUID) -> dict[str, object]:
    """What became of a request. Raises NotFound."""
    done = await queries.get_done(tx, source.integration_id, request_id)
    if done is None:
        raise NotFound("Request not found. It might not be processed, yet.")
    outcome = Outcome(done.event_outcomes[0]) if done.event_outcomes else None
    success = done.error is None and outcome not in FAILED
    repeated = done.outcome == "repeated"
    said = SAID.get(outcome, "") if outcome else done.error or ""
    return {
        "success": success or repeated,
        "isSuccess": success or repeated,
        "action": _action(done),
        "processedAt": done.received_at.isoformat(),
        "integrationId": str(source.integration_id),
        "status": REPEATED if repeated else said or DONE,
        "alertId": alert_id(done.dedup_key) if done.dedup_key else "",
        "alias": done.dedup_key or "",
    }


def _action(done: Done) -> str:
    if done.method == DELETE:
        return "Delete"
    verb = done.rest.rpartition("/")[2] if done.rest else ""
    return ACTIONS.get(verb, verb.capitalize())


async def alert(tx: Tx, source: Source, key: str) -> dict[str, object]:
    """The newest alert with this dedup key. Raises NotFound."""
    return shown(await newest(tx, source, key))


async def notes(
    tx: Tx, source: Source, key: str, limit: int
) -> list[dict[str, object]]:
    """What this integration has noted at an alert, newest first. Raises NotFound.

    Not what people wrote: the key of an integration is no key to their conversation.
    """
    found = await newest(tx, source, key)
    if found.incident_id is None:
        return []
    told = await timeline.list_of_cause(
        tx, found.incident_id, "incident.note", source.integration_id, limit
    )
    return [
        {
            "note": event.data.get("text", ""),
            "owner": event.actor_name,
            "createdAt": _instant(event.at),
            "offset": str(event.seq),
        }
        for event in told
    ]


async def newest(tx: Tx, source: Source, key: str) -> Alert:
    """The newest alert with this dedup key. Raises NotFound."""
    found = await queries.get_alert(tx, source.integration_id, key)
    if found is None:
        raise NotFound("Alert does not exist.")
    return found


async def alerts(
    tx: Tx, source: Source, offset: int, limit: int
) -> list[dict[str, object]]:
    """The alerts of the integration, newest first."""
    found = await queries.list_alerts(tx, source.integration_id, offset, limit)
    return [shown(each) for each in found]


def shown(alert: Alert) -> dict[str, object]:
    """An alert in Opsgenie's words."""
    taken = alert.incident_status == "acknowledged"
    is_open = alert.status == "open"
    name = alert_id(alert.dedup_key)
    tags = alert.labels.get("tags")
    return {
        "id": name,
        "tinyId": name,
        "alias": alert.dedup_key,
        "message": alert.title,
        "status": "open" if is_open else "closed",
        "acknowledged": is_open and taken,
        "isSeen": taken,
        "snoozed": alert.snoozed_until is not None,
        "snoozedUntil": _instant(alert.snoozed_until),
        "tags": tags if isinstance(tags, list) else [],
        "count": alert.occurrences,
        "createdAt": _instant(alert.opened_at),
        "updatedAt": _instant(alert.last_at),
        "lastOccurredAt": _instant(alert.last_at),
        "source": str(alert.labels.get("source", "")),
        "owner": "",
        "priority": PRIORITIES.get(alert.severity, "P1"),
        "responders": [],
        "entity": str(alert.labels.get("entity", "")),
        "description": alert.body,
        "details": {k: v for k, v in alert.labels.items() if isinstance(v, str)},
    }


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


async def on_calls(tx: Tx, wanted: str, now: datetime) -> dict[str, object]:
    """Who is on call for the schedule with this name or id. Raises NotFound."""
    for held in await schedules.board(tx, now):
        if wanted in {held.schedule.name, str(held.schedule.id)}:
            people = await accounts.colleagues(tx, held.standing.people)
            names = [people[i].name for i in held.standing.people if i in people]
            return {
                "_parent": {
                    "id": str(held.schedule.id),
                    "name": held.schedule.name,
                    "enabled": True,
                },
                "onCallParticipants": [
                    {"id": str(i), "name": people[i].name, "type": "user"}
                    for i in held.standing.people
                    if i in people
                ],
                "onCallRecipients": names,
            }
    raise NotFound("No schedule exists with this name or id.")
