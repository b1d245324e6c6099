"""What would become of a request: read by the integration's own parser, routed as ingest does."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from pagefree.core.alerts import (
    AlertEvent,
    ChangeEvent,
    Outcome,
    Severity,
    fold,
)
from pagefree.core.routing import Urgency, importance, suppressed
from pagefree.explain import queries
from pagefree.explain.queries import IncidentRef, IntegrationFacts, ServiceFacts
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.integrations import all_kinds
from pagefree.integrations.base import Ignored, Inbound, Unreadable

MOST_EVENTS = 20  # of one request that are told about


class Fate(StrEnum):
    """What would become of an event."""

    OPENS = "opens"  # a new incident: people are paged
    JOINS = "joins"  # an open incident
    DUPLICATE = "duplicate"  # of an open alert
    ACKNOWLEDGES = "acknowledges"
    RESOLVES = "resolves"
    STALE = "stale"  # its source has already reported the end of it
    UNMATCHED = "unmatched"  # ends what is not open
    SUPPRESSED = "suppressed"  # recorded, nobody is paged
    CHANGE = "change"  # kept beside incidents


FATES = {
    Outcome.OPENED: Fate.OPENS,
    Outcome.DUPLICATE: Fate.DUPLICATE,
    Outcome.ACKNOWLEDGED: Fate.ACKNOWLEDGES,
    Outcome.RESOLVED: Fate.RESOLVES,
    Outcome.STALE: Fate.STALE,
    Outcome.UNMATCHED: Fate.UNMATCHED,
}


@dataclass(frozen=True, slots=True)
class Routed:
    """Where an event belongs, how it is treated, and why."""

    fate: Fate
    reason: str  # a sentence for people
    service: ServiceFacts
    severity: Severity
    urgency: Urgency
    priority: str
    event: AlertEvent | ChangeEvent | None = None  # none: a service was asked about
    incident: IncidentRef | None = None  # the open one that it concerns


@dataclass(frozen=True, slots=True)
class Read:
    """What was understood of a request."""

    events: tuple[AlertEvent | ChangeEvent, ...] = ()
    error: str | None = None  # why it could not be read


def read(integration: IntegrationFacts, body: bytes) -> Read:
    """The events in a body, as the integration's own parser reads them."""
    kind = all_kinds()[integration.kind].integration
    settings = kind.Settings.model_validate({}) if kind.Settings else None
    try:
        parsed = kind.endpoints[0].parse(Inbound(body, settings=settings))
    except Unreadable as e:
        return Read(error=str(e))
    except Ignored as e:
        return Read(error=e.reason)
    except Exception as e:  # noqa: BLE001 -- ingest quarantines whatever a parser trips over
        return Read(error=f"PageFree could not read this: {type(e).__name__}")
    return Read(tuple(_keyed(event) for event in parsed.events[:MOST_EVENTS]))


def _keyed(event: AlertEvent | ChangeEvent) -> AlertEvent | ChangeEvent:
    if isinstance(event, ChangeEvent) or event.dedup_key:
        return event
    return replace(event, dedup_key=new_id().hex)


def of_service(service: ServiceFacts, severity: Severity) -> Routed:
    """A new incident of the service, whatever opens it."""
    fate, reason = Fate.OPENS, "A new incident opens."
    if suppressed(service.lifecycle):
        fate, reason = Fate.SUPPRESSED, "The service is archived: nobody is paged."
    treated = importance(severity)
    return Routed(fate, reason, service, severity, treated.urgency, treated.priority)


async def route(
    tx: Tx,
    integration: IntegrationFacts,
    service: ServiceFacts,
    events: Sequence[AlertEvent | ChangeEvent],
) -> list[Routed]:
    """What would become of each event now, in order: the one place that says so."""
    alert_events = [event for event in events if isinstance(event, AlertEvent)]
    keys = {event.dedup_key for event in alert_events}
    opened = await queries.open_alerts(tx, integration.id, keys)
    ended = await queries.ended(tx, integration.id, keys)
    by_key: dict[str, list[AlertEvent]] = defaultdict(list)
    for one in alert_events:
        by_key[one.dedup_key].append(one)
    outcomes = {
        key: iter(
            fold(group, is_open=key in opened, ended_episode=ended.get(key)).outcomes
        )
        for key, group in by_key.items()
    }
    routed = []
    for event in events:
        if isinstance(event, ChangeEvent):
            routed.append(_change(service, event))
            continue
        outcome, _ = next(outcomes[event.dedup_key])
        there = opened.get(event.dedup_key)
        routed.append(await _alert(tx, service, event, FATES[outcome], there))
    return routed


def _change(service: ServiceFacts, event: ChangeEvent) -> Routed:
    reason = "It is a change: kept beside incidents, nobody is paged."
    said = of_service(service, Severity.INFO)
    return replace(said, fate=Fate.CHANGE, reason=reason, event=event)


REASONS = {
    Fate.OPENS: "A new incident opens.",
    Fate.JOINS: "It joins incident #{number}, which is open: nobody is paged anew.",
    Fate.DUPLICATE: "The alert is open already: it is counted, nobody is paged anew.",
    Fate.ACKNOWLEDGES: "It acknowledges incident #{number}.",
    Fate.RESOLVES: "It resolves the alert that is open.",
    Fate.STALE: "Its source has already reported the end of this: nothing happens.",
    Fate.UNMATCHED: "It ends what is not open: nothing happens.",
}


async def _alert(
    tx: Tx,
    service: ServiceFacts,
    event: AlertEvent,
    fate: Fate,
    incident: IncidentRef | None,
) -> Routed:
    said = replace(of_service(service, event.severity), event=event)
    if said.fate is Fate.SUPPRESSED:
        return said
    if fate is Fate.OPENS and event.group_key is not None:
        incident = await queries.open_group(tx, service.id, event.group_key)
        fate = Fate.JOINS if incident else fate
    number = incident.number if incident else ""
    reason = REASONS[fate].format(number=number)
    return replace(said, fate=fate, reason=reason, incident=incident)
