"""Heartbeats that something is due for: late, down, or back; people are told by an alert."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from pagefree.alerts.batch import take_in
from pagefree.alerts.requests import Request, Source
from pagefree.alerts.rulebook import NO_RULES, Rulebook, load
from pagefree.core.alerts import Action
from pagefree.core.escalation import NO_POLICY
from pagefree.core.heartbeats import Hearing, Heartbeat, Reason, advance
from pagefree.core.spans import in_words
from pagefree.heartbeats import batch_queries
from pagefree.heartbeats import sweep_queries as queries
from pagefree.heartbeats.expectations import Schedule
from pagefree.heartbeats.sweep_queries import Due, Failure
from pagefree.infra.db import Tx, driver
from pagefree.infra.failpoints import failpoint
from pagefree.infra.ids import new_id
from pagefree.integrations import all_kinds
from pagefree.integrations.base import Inbound
from pagefree.routing import service as routing
from pagefree.routing.evaluation import Failures
from pagefree.timeline import service as timeline
from pagefree.timeline.service import SYSTEM, Cause, CauseKind, Entry

BATCH = 500
MOST_OUTPUT = 4000  # characters of what a failed job said
JSON = "application/json"
KEEP_LANES = timedelta(days=1)

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that people are to be told of a heartbeat."""

    due: Due
    before: Heartbeat
    after: Heartbeat
    action: Action

    @property
    def reason(self) -> Reason:
        """Why it is or was down."""
        return self.after.reason or self.before.reason or Reason.FAILED


async def look(tx: Tx, hearing: Hearing, now: datetime) -> int:
    """Do what is due for up to BATCH heartbeats; returns for how many."""
    connection = await driver(tx)
    claimed = await queries.claim(connection, hearing.until, BATCH)
    signals: list[Signal] = []
    for due in claimed:
        before = due.kept.state
        due.kept.state, actions = advance(before, hearing)
        signals += [Signal(due, before, due.kept.state, action) for action in actions]
    changed = [due.kept for due in claimed]
    await batch_queries.update(connection, changed, hearing.since)
    await tell(tx, signals, now)
    if claimed:
        failpoint("heartbeats.before_commit")
    return len(claimed)


async def tell(tx: Tx, signals: Sequence[Signal], now: datetime) -> None:
    """Open and resolve alerts, like those of any monitoring tool."""
    if not signals:
        return
    connection, failures = await driver(tx), Failures()
    rulebook = await load(tx, failures, NO_RULES, now)
    failed = [s.due.kept.id for s in signals if s.reason is Reason.FAILED]
    said = await queries.list_failures(connection, failed)
    by_integration = {signal.due.integration_id: signal.due for signal in signals}
    sources = {i: _source(due, rulebook) for i, due in by_integration.items()}
    requests = [
        _request(sources[s.due.integration_id], s, said.get(s.due.kept.id))
        for s in signals
    ]
    await take_in(connection, requests, now, rulebook)
    await routing.add_failures(tx, failures.take())
    await timeline.record(tx, _entries(signals), now)


def _source(due: Due, rulebook: Rulebook) -> Source:
    """Where its alerts go; they are only recorded if nobody wants those of its service."""
    home = rulebook.destinations.get(due.service_id)
    return Source(
        integration_id=due.integration_id,
        order=due.integration_id.bytes,
        kind=due.kind,
        name=due.integration,
        service_id=due.service_id,
        team_id=due.team_id,
        policy=home.policy if home else NO_POLICY,
        cause=Cause(CauseKind.INTEGRATION, due.integration_id, due.integration),
        suppressed=home is None or due.disabled,
    )


def _request(source: Source, signal: Signal, failure: Failure | None) -> Request:
    """What the heartbeat has to say, as a request of its integration."""
    body = _encode(_said(signal, failure))
    kind = all_kinds()[source.kind]
    parsed = kind.integration.endpoints[0].parse(Inbound(body))
    return Request(new_id(), source, body, JSON, "PageFree heartbeats", parsed.events)


def _said(signal: Signal, failure: Failure | None) -> dict[str, object]:
    due, failed = signal.due, signal.reason is Reason.FAILED
    output = failure.body.decode("utf-8", "replace") if failure and failed else ""
    return {
        "state": "up" if signal.action is Action.RESOLVE else "down",
        "reason": signal.reason.value,
        "severity": due.severity,
        "heartbeat": {
            "id": str(due.kept.id),
            "name": due.name,
            "slug": due.slug,
            "tags": due.tags,
        },
        "schedule": schedule_in_words(due.kept.schedule),
        "last_ping_at": signal.before.last_ping_at,
        "expected_at": signal.before.expected_at,
        "exit_status": failure.exit_status if failure and failed else None,
        "failures": signal.after.failures or None,
        "output": output[:MOST_OUTPUT] or None,
    }


def schedule_in_words(schedule: Schedule) -> str:
    """When it pings, as people say it."""
    if schedule.period is not None:
        return f"every {in_words(schedule.period)}"
    return f"{schedule.cron} ({schedule.time_zone})"


def _entries(signals: Iterable[Signal]) -> list[Entry]:
    return [
        Entry(
            "heartbeat.up" if signal.action is Action.RESOLVE else "heartbeat.down",
            SYSTEM,
            team_id=signal.due.team_id,
            data={
                "heartbeat_id": str(signal.due.kept.id),
                "name": signal.due.name,
                "reason": signal.reason.value,
            },
        )
        for signal in signals
    ]


async def hearing(tx: Tx, now: datetime) -> Hearing:
    """What silence is worth at `now`."""
    return await queries.hearing(tx, now)


async def next_due_at(tx: Tx) -> datetime | None:
    """When the next heartbeat is due."""
    return await queries.next_due_at(tx)


async def forget_lanes(tx: Tx, now: datetime) -> None:
    """Forget processes that are long gone."""
    await queries.delete_lanes_before(tx, now - KEEP_LANES)
