"""What would become of the events of a request: routed as ingest does."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from pagefree.alerts import rulebook
from pagefree.alerts.requests import Source
from pagefree.alerts.rulebook import NO_RULES, Destination, Rulebook
from pagefree.alerts.telling import Case, hushed
from pagefree.core.alerts import AlertEvent, ChangeEvent, Outcome, Severity, fold
from pagefree.core.grouping import group
from pagefree.core.policies import NO_POLICY, Policy
from pagefree.core.routing import (
    Importance,
    Lifecycle,
    Urgency,
    importance,
    suppressed,
)
from pagefree.core.rules import Decision, treated
from pagefree.explain import queries
from pagefree.explain.queries import IncidentRef, IntegrationFacts, Ref, ServiceFacts
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.routing.evaluation import Failures
from pagefree.timeline.service import SYSTEM


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
    policy: Policy = NO_POLICY
    event: AlertEvent | ChangeEvent | None = None  # none: a service was asked about
    incident: IncidentRef | None = None  # the open one that it concerns
    rules: tuple[Ref, ...] = ()  # that matched


@dataclass(frozen=True, slots=True)
class Judged:
    """An event, and what the rules say about it."""

    received: AlertEvent
    event: AlertEvent  # as the rules have changed it
    decision: Decision | None
    destination: Destination


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What the events of one request are judged by."""

    tx: Tx
    rulebook: Rulebook
    home: ServiceFacts
    opened: Mapping[str, IncidentRef]  # by dedup key
    at: datetime


def of_service(service: ServiceFacts, severity: Severity) -> Routed:
    """A new incident of the service, whatever opens it."""
    return _routed(service, severity, importance(severity))


def _routed(service: ServiceFacts, severity: Severity, treatment: Importance) -> Routed:
    fate, reason = Fate.OPENS, REASONS[Fate.OPENS]
    if suppressed(service.lifecycle):
        fate, reason = Fate.SUPPRESSED, "The service is archived: nobody is paged."
    return Routed(
        fate, reason, service, severity, treatment.urgency, treatment.priority
    )


async def route(
    tx: Tx,
    integration: IntegrationFacts,
    service: ServiceFacts,
    events: Sequence[AlertEvent | ChangeEvent],
    at: datetime,
) -> list[Routed]:
    """What would become of each event, in order: the one place that says so."""
    if suppressed(service.lifecycle):
        return [_archived(service, event) for event in events]
    book = await rulebook.load(tx, Failures(), NO_RULES, at)
    source = _source(integration, service)
    judged = {
        place: _judged(book, source, event)
        for place, event in enumerate(events)
        if isinstance(event, AlertEvent)
    }
    keys = {one.event.dedup_key for one in judged.values()}
    opened = await queries.open_alerts(tx, integration.id, keys)
    ended = await queries.ended(tx, integration.id, keys)
    outcomes = _outcomes(list(judged.values()), opened, ended)
    inquiry = Inquiry(tx, book, service, opened, at)
    routed = []
    for place, event in enumerate(events):
        if isinstance(event, ChangeEvent):
            routed.append(_change(service, event))
        else:
            one = judged[place]
            outcome = outcomes[one.event.dedup_key].pop(0)
            routed.append(await _alert(inquiry, one, FATES[outcome]))
    return routed


def _source(integration: IntegrationFacts, service: ServiceFacts) -> Source:
    return Source(
        integration_id=integration.id,
        order=integration.id.bytes,
        kind=integration.kind,
        name=integration.name,
        service_id=service.id,
        team_id=service.team.id,
        policy=NO_POLICY,  # the rulebook knows better
        cause=SYSTEM,
    )


def _judged(book: Rulebook, source: Source, event: AlertEvent) -> Judged:
    decision = book.decide(source, event)
    changed = decision.event if decision else event
    return Judged(event, changed, decision, book.destination(source, decision))


def _outcomes(
    judged: Sequence[Judged],
    opened: Mapping[str, IncidentRef],
    ended: Mapping[str, datetime],
) -> dict[str, list[Outcome]]:
    """What the events of each dedup key do, in their order."""
    by_key: dict[str, list[AlertEvent]] = defaultdict(list)
    for one in judged:
        by_key[one.event.dedup_key].append(one.event)
    return {
        key: [
            outcome
            for outcome, _ in fold(
                events, is_open=key in opened, ended_episode=ended.get(key)
            ).outcomes
        ]
        for key, events in by_key.items()
    }


def _archived(service: ServiceFacts, event: AlertEvent | ChangeEvent) -> Routed:
    severity = event.severity if isinstance(event, AlertEvent) else Severity.INFO
    return replace(of_service(service, severity), event=event)


def _change(service: ServiceFacts, event: ChangeEvent) -> Routed:
    said = of_service(service, Severity.INFO)
    return replace(said, fate=Fate.CHANGE, reason=REASONS[Fate.CHANGE], event=event)


REASONS = {
    Fate.OPENS: "A new incident opens.",
    Fate.JOINS: "It joins incident #{number}, which is open: nobody is paged anew.",
    Fate.DUPLICATE: "The alert is open already: it is counted, nobody is paged anew.",
    Fate.ACKNOWLEDGES: "It acknowledges incident #{number}.",
    Fate.RESOLVES: "It resolves the alert that is open.",
    Fate.STALE: "Its source has already reported the end of this: nothing happens.",
    Fate.UNMATCHED: "It ends what is not open: nothing happens.",
    Fate.CHANGE: "It is a change: kept beside incidents, nobody is paged.",
}


async def _alert(inquiry: Inquiry, judged: Judged, fate: Fate) -> Routed:
    event, there = judged.event, judged.destination
    incident = inquiry.opened.get(event.dedup_key)
    reason = REASONS[fate]
    if fate is Fate.OPENS and (hush := _hush(inquiry, judged)):
        fate, reason = Fate.SUPPRESSED, hush
    elif fate is Fate.OPENS and (incident := await _joined(inquiry, judged)):
        fate, reason = Fate.JOINS, REASONS[Fate.JOINS]
    number = incident.number if incident else ""
    said = _routed(
        _facts(inquiry.home, there),
        event.severity,
        treated(judged.decision, event.severity),
    )
    names = {rule.id: rule.name for rule in inquiry.rulebook.kept}
    matched = judged.decision.rule_ids if judged.decision else ()
    return replace(
        said,
        fate=fate,
        reason=reason.replace("{number}", str(number)),
        policy=there.policy,
        event=event,
        incident=incident,
        rules=tuple(Ref(rule_id, names.get(rule_id, "")) for rule_id in matched),
    )


def _hush(inquiry: Inquiry, judged: Judged) -> str | None:
    """Why nobody would be told of it, in a sentence."""
    at = inquiry.at
    case = Case(
        new_id(),
        judged.destination,
        judged.decision,
        judged.received,
        judged.event,
        at,
        at,
        (at,),
    )
    found = hushed(inquiry.rulebook, case, at)
    if found is None:
        return None
    why = found.by
    until = f" until {why.until:%Y-%m-%d %H:%M} UTC" if why.until else ""
    return f"Nobody is paged{until} ({why.reason.value}: {why.says})."


async def _joined(inquiry: Inquiry, judged: Judged) -> IncidentRef | None:
    """The open incident that it would join, as its service groups alerts."""
    there = judged.destination
    for candidate in group(there.grouping, judged.event, inquiry.at).candidates:
        found = await queries.open_group(
            inquiry.tx, there.service_id, candidate.key, candidate.opened_after
        )
        if found is not None:
            return found
    return None


def _facts(home: ServiceFacts, there: Destination) -> ServiceFacts:
    """The service where the alert belongs; its own unless a rule says otherwise."""
    if there.service_id == home.id:
        return home
    return ServiceFacts(
        there.service_id,
        there.service,
        Lifecycle.ACTIVE.value,
        Ref(there.team_id, there.team),
        there.policy.id,
    )
