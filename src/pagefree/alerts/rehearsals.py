"""Trying a rule on what was really sent, before it is saved."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from pydantic import ValidationError

from pagefree.alerts import rehearsal_queries as queries
from pagefree.alerts.reading import again
from pagefree.alerts.rehearsal_queries import Kept
from pagefree.alerts.requests import Source
from pagefree.alerts.rulebook import NO_RULES, Rulebook, facts_of, load
from pagefree.core.access import Actor
from pagefree.core.alerts import Action, AlertEvent
from pagefree.core.escalation import NO_POLICY
from pagefree.core.rules import Decision, Rule, apply
from pagefree.infra import cel
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.infra.templates import filled_in
from pagefree.integrations import all_kinds
from pagefree.integrations.base import Ignored, Unreadable
from pagefree.routing import service as routing
from pagefree.routing.actions import core_actions
from pagefree.routing.evaluation import CompiledRule, Failures, RuleList
from pagefree.routing.service import Draft
from pagefree.timeline.service import SYSTEM

MOST_REQUESTS = 1000
MOST_EXAMPLES = 10


@dataclass(frozen=True, slots=True)
class Example:
    """An alert that the rule would have matched, as it would have left it."""

    request_id: UUID
    received_at: datetime
    service: str
    title: str
    severity: str
    dedup_key: str
    suppressed_by: str | None


@dataclass(slots=True)
class Rehearsal:
    """What a rule would have done."""

    requests: int = 0
    alerts: int = 0  # that fired
    matched: int = 0
    suppressed: int = 0
    held: int = 0  # until they do not recover, or fire often enough
    failures: int = 0  # its condition could not be worked out
    last_failure: str | None = None
    examples: list[Example] = field(default_factory=list)  # newest first


async def rehearse(
    tx: Tx, team_id: UUID | None, draft: Draft, actor: Actor, now: datetime
) -> Rehearsal:
    """What a rule would have done to the last requests. Raises Forbidden, Invalid."""
    await routing.require_list(tx, team_id, actor)
    condition = routing.condition_checked(draft)
    kept = await queries.list_kept(tx, team_id, MOST_REQUESTS)
    rulebook = await load(tx, Failures(), NO_RULES, now)
    actions = core_actions(draft.actions.model_dump(mode="json"))
    rule = Rule(new_id(), draft.name, actions)
    compiled = CompiledRule(0, rule, condition, cel.compiled(condition))
    # a second of work: other requests go on meanwhile
    return await asyncio.to_thread(_rehearsed, kept, compiled, rulebook)


def _rehearsed(
    kept: Sequence[Kept], rule: CompiledRule, rulebook: Rulebook
) -> Rehearsal:
    failures = Failures()
    rules = RuleList([rule], failures)
    found = Rehearsal(requests=len(kept))
    for request in kept:
        source = _source(request)
        for event in _events(request):
            found.alerts += 1
            _try(found, rules, rulebook, request, (source, event))
    for _, times, reason in failures.take():
        found.failures, found.last_failure = times, reason
    return found


def _try(
    found: Rehearsal,
    rules: RuleList,
    rulebook: Rulebook,
    request: Kept,
    sent: tuple[Source, AlertEvent],
) -> None:
    source, event = sent
    home = rulebook.home(source)
    facts = facts_of(source, event, home)
    matching = list(rules.matching(facts))
    if not matching:
        return
    before = Decision(event, request.service_id)
    after = apply(before, matching, lambda template, _: filled_in(template, facts))
    found.matched += 1
    found.suppressed += after.suppress is not None
    found.held += after.suppress is None and bool(after.hold or after.count)
    if len(found.examples) < MOST_EXAMPLES:
        at = rulebook.destination(source, after)
        found.examples.append(
            Example(
                request.id,
                request.stored.received_at,
                at.service,
                after.event.title,
                after.event.severity.value,
                after.event.dedup_key,
                after.suppress,
            )
        )


def _events(request: Kept) -> Iterator[AlertEvent]:
    """What fires in a request, as far as this version still understands it."""
    kind = all_kinds().get(request.kind)
    if kind is None:
        return
    try:
        parsed = again(kind, request.stored, kind.settings(request.settings))
    except (Unreadable, Ignored, ValidationError):
        return
    for event in parsed.events:
        if isinstance(event, AlertEvent) and event.action is Action.TRIGGER:
            yield event


def _source(request: Kept) -> Source:
    return Source(
        integration_id=request.integration_id,
        order=b"",
        kind=request.kind,
        name=request.name,
        service_id=request.service_id,
        team_id=request.team_id,
        policy=NO_POLICY,
        cause=SYSTEM,
    )
