"""Rules in order: where an alert belongs, how it is treated, whether anybody is told."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from pagefree.core.alerts import (
    MOST_LINKS,
    AlertEvent,
    Link,
    Severity,
    key_of,
)
from pagefree.core.routing import Importance, Urgency, importance
from pagefree.core.spans import in_words

LONGEST_COUNT = timedelta(days=1)
MOST_COUNTED = 100
TEAM_LABEL = "team"


class RoutedBy(StrEnum):
    """Who said that an alert belongs to its service."""

    INTEGRATION = "integration"
    RULE = "rule"
    TEAM = "team"  # a label names the team
    CATCH_ALL = "catch_all"  # nobody did
    SINCE = "since"  # nobody did, but alerts like it are routed by now


class Reason(StrEnum):
    """Why nobody is told of an open alert."""

    RULE = "rule"
    MAINTENANCE = "maintenance"
    HOLD = "hold"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Count:
    """Tell people when it has fired `times` times `within` a while."""

    times: int
    within: timedelta


@dataclass(frozen=True, slots=True)
class Actions:
    """What a rule does with the alerts it matches; what is None stays as it is."""

    service_id: UUID | None = None
    severity: Severity | None = None
    priority: str | None = None
    urgency: Urgency | None = None
    dedup_key: str | None = None  # a template
    labels: Mapping[str, str] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    suppress: str | None = None  # the reason, in words
    suppress_for: timedelta | None = None  # from its opening; None: until it is over
    hold: timedelta | None = None  # unless it recovers within it
    count: Count | None = None
    auto_resolve: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, without its condition: that is evaluated by whoever asks."""

    id: UUID
    name: str
    actions: Actions
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What the rules say about one event."""

    event: AlertEvent  # as the rules have changed it
    service_id: UUID
    routed_by: RoutedBy = RoutedBy.INTEGRATION
    priority: str | None = None
    urgency: Urgency | None = None
    suppress: str | None = None
    suppress_for: timedelta | None = None
    suppressed_by_id: UUID | None = None
    hold: timedelta | None = None
    held_by_id: UUID | None = None
    count: Count | None = None
    counted_by_id: UUID | None = None
    auto_resolve: timedelta | None = None
    rule_ids: tuple[UUID, ...] = ()  # that matched


Render = Callable[[str, AlertEvent], str]  # a template; "" if it cannot be filled in


def apply(decision: Decision, matching: Iterable[Rule], render: Render) -> Decision:
    """`decision` as changed by the `matching` rules, in their order.

    No more of them are asked for after one that does not continue, so they may be
    evaluated while they are asked for. What a later rule says replaces what an earlier
    one said; only the first reason to suppress is kept.
    """
    for rule in matching:
        decision = _applied(decision, rule, render)
        if not rule.continues:
            break
    return decision


def _applied(decision: Decision, rule: Rule, render: Render) -> Decision:
    do = rule.actions
    changes: dict[str, object] = {"event": _event(decision.event, do, render)}
    if do.service_id is not None:
        changes |= {"service_id": do.service_id, "routed_by": RoutedBy.RULE}
    if do.suppress is not None and decision.suppress is None:
        changes |= {"suppress": do.suppress, "suppress_for": do.suppress_for}
        changes |= {"suppressed_by_id": rule.id}
    if do.hold is not None:
        changes |= {"hold": do.hold, "held_by_id": rule.id}
    if do.count is not None:
        changes |= {"count": do.count, "counted_by_id": rule.id}
    for name in ("priority", "urgency", "auto_resolve"):
        if (value := getattr(do, name)) is not None:
            changes[name] = value
    changes["rule_ids"] = (*decision.rule_ids, rule.id)
    return replace(decision, **changes)  # type: ignore[arg-type]  # names are fields


def _event(event: AlertEvent, do: Actions, render: Render) -> AlertEvent:
    key = key_of(render(do.dedup_key, event)) if do.dedup_key is not None else ""
    if not (key or do.severity or do.labels or do.links):
        return event
    return replace(
        event,
        dedup_key=key or event.dedup_key,
        severity=do.severity or event.severity,
        labels={**event.labels, **do.labels} if do.labels else event.labels,
        links=(*event.links, *do.links)[:MOST_LINKS],
    )


def fall_back(decision: Decision, teams: Mapping[str, UUID]) -> Decision:
    """`decision` about an event of the catch-all service: where it rather belongs.

    `teams`: the service for each team's alerts, by the name of the team in lower case.
    """
    if decision.routed_by is not RoutedBy.INTEGRATION:
        return decision
    team = decision.event.labels.get(TEAM_LABEL)
    service_id = teams.get(team.strip().lower()) if isinstance(team, str) else None
    if service_id is None:
        return replace(decision, routed_by=RoutedBy.CATCH_ALL)
    return replace(decision, service_id=service_id, routed_by=RoutedBy.TEAM)


@dataclass(frozen=True, slots=True)
class Planned:
    """Planned work that is under way."""

    id: UUID
    name: str
    end: datetime


@dataclass(frozen=True, slots=True)
class Suppression:
    """Why nobody is told of an open alert, and when to look again."""

    reason: Reason
    says: str
    by_id: UUID | None
    until: datetime | None  # none: when it fires again, or when what suppresses changes


def suppression(
    decision: Decision,
    planned: Planned | None,
    opened_at: datetime,
    fired_at: Sequence[datetime],
    now: datetime,
) -> Suppression | None:
    """Why nobody is told at `now`; none: somebody is.

    `fired_at`: when its dedup key fired lately, this time included.
    """
    if decision.suppress is not None:
        until = opened_at + decision.suppress_for if decision.suppress_for else None
        if until is None or now < until:
            by_id = decision.suppressed_by_id
            return Suppression(Reason.RULE, decision.suppress, by_id, until)
    if planned is not None:
        return Suppression(Reason.MAINTENANCE, planned.name, planned.id, planned.end)
    if decision.hold is not None and now < opened_at + decision.hold:
        until = opened_at + decision.hold
        says = f"waits {in_words(decision.hold)} for it to recover"
        return Suppression(Reason.HOLD, says, decision.held_by_id, until)
    count = decision.count
    if count is not None and len(within(count, fired_at, now)) < count.times:
        says = f"waits for {count.times} times within {in_words(count.within)}"
        return Suppression(Reason.COUNT, says, decision.counted_by_id, None)
    return None


def within(
    count: Count, fired_at: Sequence[datetime], now: datetime
) -> tuple[datetime, ...]:
    """Those of `fired_at` that still count, at most as many as are needed."""
    recent = [at for at in fired_at if at > now - count.within]
    return tuple(recent[-count.times :])


def treated(decision: Decision | None, severity: Severity) -> Importance:
    """How an incident that opens with an alert of this severity is treated."""
    usual = importance(severity)
    if decision is None:
        return usual
    return Importance(
        decision.urgency or usual.urgency, decision.priority or usual.priority
    )


def louder_of(a: Importance, b: Importance) -> Importance:
    """Both together: as urgent and as important as either."""
    high = Urgency.HIGH in (a.urgency, b.urgency)
    return Importance(
        Urgency.HIGH if high else Urgency.LOW, min(a.priority, b.priority)
    )
