"""Alerts that something is due for: people are told after all, or it is over by itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from pagefree.alerts import due_queries as queries
from pagefree.alerts.due_queries import RACES, DueAlert, Suppressed
from pagefree.alerts.joining import Joiner, find_incidents
from pagefree.alerts.requests import Source
from pagefree.alerts.rulebook import NO_RULES, Rulebook, load
from pagefree.alerts.telling import Case, hushed, told
from pagefree.core.rules import LONGEST_COUNT
from pagefree.core.spans import in_words
from pagefree.incidents import service as incidents
from pagefree.incidents.service import Attachment
from pagefree.infra.db import Tx, driver
from pagefree.infra.failpoints import failpoint
from pagefree.routing import service as routing
from pagefree.routing.evaluation import Failures
from pagefree.timeline.service import Cause, CauseKind

__all__ = ["BATCH", "RACES", "forget_firings", "look_again", "next_due_at"]

BATCH = 100
POSTPONED = timedelta(minutes=5)  # what cannot be decided must not stop the others

log = structlog.get_logger()


@dataclass(slots=True)
class _Plan:
    """What is to be done about a batch of due alerts."""

    over: list[DueAlert] = field(default_factory=list)
    waiting: list[tuple[DueAlert, datetime | None]] = field(default_factory=list)
    suppressed: list[Suppressed] = field(default_factory=list)
    told: list[tuple[Case, Joiner]] = field(default_factory=list)


async def look_again(tx: Tx, now: datetime) -> int:
    """Do what is due for up to BATCH alerts at `now`; returns for how many.

    A hold that was not ended by a recovery, a suppression or planned work that is over,
    a rule that has changed: people are told of what still fires. What was not heard of
    for long enough is over.
    """
    connection = await driver(tx)
    due = await queries.claim(connection, BATCH, now)
    if not due:
        return 0
    failures = Failures()
    rulebook = await load(tx, failures, NO_RULES, now)
    due.sort(key=lambda alert: (alert.integration_id.bytes, alert.dedup_key))
    keys = [(alert.integration_id, alert.dedup_key) for alert in due]
    firings = await queries.list_firings(connection, keys)
    plan = _Plan()
    for place, alert in enumerate(due):
        _decide(plan, rulebook, alert, firings.get(place, ()), now)
    await _carry_out(tx, plan, now)
    await routing.add_failures(tx, failures.take())
    failpoint("alerts.before_commit")
    return len(due)


def _decide(
    plan: _Plan,
    rulebook: Rulebook,
    alert: DueAlert,
    fired_at: Sequence[datetime],
    now: datetime,
) -> None:
    over_at = alert.last_at + alert.auto_resolve if alert.auto_resolve else None
    if not alert.is_open:
        plan.waiting.append((alert, None))
    elif over_at is not None and over_at <= now:
        plan.over.append(alert)
    elif alert.incident_id is not None:
        plan.waiting.append((alert, over_at))
    else:
        _decide_anew(plan, rulebook, alert, fired_at, now)


def _decide_anew(
    plan: _Plan,
    rulebook: Rulebook,
    alert: DueAlert,
    fired_at: Sequence[datetime],
    now: datetime,
) -> None:
    source = _source(rulebook, alert)
    if source is None:  # its service was archived: nobody wants to know
        plan.over.append(alert)
        return
    try:
        case = _case(rulebook, source, alert, fired_at)
        suppressed = hushed(rulebook, case, now)
    except Exception:
        log.exception("alerts.undecided", alert_id=str(alert.id))
        plan.waiting.append((alert, now + POSTPONED))
        return
    if suppressed is not None:
        plan.suppressed.append(suppressed)
    else:
        joiner = Joiner(
            case.id, case.destination, case.event, case.decision, source.cause
        )
        plan.told.append((case, joiner))


def _source(rulebook: Rulebook, alert: DueAlert) -> Source | None:
    home_id = alert.home_id or alert.service_id
    home = rulebook.destinations.get(home_id)
    if home is None:
        return None
    integration_id = alert.integration_id
    name = alert.integration or "(deleted)"
    return Source(
        integration_id=integration_id,
        order=integration_id.bytes,
        kind=alert.kind,
        name=name,
        service_id=home_id,
        team_id=home.team_id,
        policy=home.policy,
        cause=Cause(CauseKind.INTEGRATION, integration_id, name),
    )


def _case(
    rulebook: Rulebook, source: Source, alert: DueAlert, fired_at: Sequence[datetime]
) -> Case:
    if alert.event is None:
        raise ValueError("it is not known what the alert said")
    decision = rulebook.decide(source, alert.event)
    return Case(
        alert.id,
        rulebook.destination(source, decision),
        decision,
        alert.event,
        decision.event if decision else alert.event,
        alert.opened_at,
        alert.last_at,
        fired_at,
    )


async def _carry_out(tx: Tx, plan: _Plan, now: datetime) -> None:
    """Alerts before incidents: the order in which everybody locks them."""
    connection = await driver(tx)
    found = await find_incidents(connection, [joiner for _, joiner in plan.told], now)
    await queries.resolve(connection, [alert.id for alert in plan.over], now)
    await queries.postpone(connection, [(a.id, at) for a, at in plan.waiting])
    await queries.suppress(connection, plan.suppressed)
    await queries.tell(connection, [told(*pair) for pair in plan.told])
    ended = [
        Attachment(alert.incident_id, 0, 1, None, (), _silence(alert))
        for alert in plan.over
        if alert.incident_id is not None
    ]
    await incidents.open_many(connection, found.openings, now)
    await incidents.attach_many(connection, [*found.attachments, *ended], now)


def _silence(alert: DueAlert) -> Cause:
    span = in_words(alert.auto_resolve or timedelta(0))
    return Cause(CauseKind.SYSTEM, None, f"PageFree, after {span} without an event")


async def next_due_at(tx: Tx) -> datetime | None:
    """When the next alert is due."""
    return await queries.next_due_at(tx)


async def forget_firings(tx: Tx, now: datetime) -> None:
    """Forget when keys fired where nothing can count it any more."""
    await queries.delete_firings_before(tx, now - LONGEST_COUNT)
