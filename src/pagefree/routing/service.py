"""Rules: list, add, change, order, and have them ready to be asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from pagefree.accounts import service as accounts
from pagefree.core.access import Actor, Can, require
from pagefree.core.errors import Conflict, Invalid, NotFound
from pagefree.core.rules import Rule
from pagefree.infra import cel, templates
from pagefree.infra.db import Channel, Tx, notify
from pagefree.infra.ids import new_id
from pagefree.routing import queries
from pagefree.routing.actions import (
    Builder,
    RuleActions,
    condition_of,
    core_actions,
    problem_of,
)
from pagefree.routing.evaluation import CompiledRule, Failures, RuleList
from pagefree.routing.queries import StoredRule
from pagefree.timeline import service as timeline

MOST_RULES = 500  # in one list

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule as somebody wants it."""

    name: str
    condition: str  # CEL
    builder: Builder | None  # instead of it
    actions: RuleActions
    continues: bool = False
    enabled: bool = True


async def list_rules(tx: Tx, team_id: UUID | None, *, all_of: bool) -> list[StoredRule]:
    """The rules of a team or of the installation, or `all_of` them, in their order."""
    if all_of:
        return await queries.list_rules(tx)
    return await queries.list_of(tx, team_id)


async def get_rule(tx: Tx, rule_id: UUID) -> StoredRule:
    """One rule. Raises NotFound."""
    rule = await queries.get_rule(tx, rule_id)
    if rule is None:
        raise NotFound(f"no routing rule {rule_id}")
    return rule


async def create_rule(
    tx: Tx, team_id: UUID | None, draft: Draft, actor: Actor, now: datetime
) -> StoredRule:
    """Add a rule after the others of its list. Raises Forbidden, Invalid."""
    await require_list(tx, team_id, actor)
    values = await _checked(tx, team_id, draft)
    place = await queries.next_position(tx, team_id)
    if place >= MOST_RULES:
        raise Conflict(f"a list has at most {MOST_RULES} rules")
    rule_id = new_id()
    await queries.insert_rule(
        tx,
        {
            **values,
            "id": rule_id,
            "team_id": team_id,
            "position": place,
            "created_at": now,
        },
    )
    rule = await get_rule(tx, rule_id)
    await _changed(tx, "routing_rule.created", rule, actor, now)
    return rule


async def replace_rule(
    tx: Tx, rule_id: UUID, draft: Draft, actor: Actor, now: datetime
) -> StoredRule:
    """Change a rule as a whole; alerts that it suppresses are looked at again."""
    rule = await get_rule(tx, rule_id)
    team_id = rule.team.id if rule.team else None
    await require_list(tx, team_id, actor)
    values = await _checked(tx, team_id, draft)
    fresh = {"failures": 0, "last_failure": None}
    await queries.update_rule(tx, rule_id, {**values, **fresh})
    rule = await get_rule(tx, rule_id)
    await _changed(tx, "routing_rule.updated", rule, actor, now)
    return rule


async def delete_rule(tx: Tx, rule_id: UUID, actor: Actor, now: datetime) -> None:
    """Remove a rule; alerts that it suppresses are looked at again."""
    rule = await get_rule(tx, rule_id)
    await require_list(tx, rule.team.id if rule.team else None, actor)
    await queries.delete_rule(tx, rule_id)
    await _changed(tx, "routing_rule.deleted", rule, actor, now)


async def reorder(
    tx: Tx, team_id: UUID | None, rule_ids: Sequence[UUID], actor: Actor, now: datetime
) -> list[StoredRule]:
    """Put all rules of a list into this order. Raises Conflict if they are others by now."""
    await require_list(tx, team_id, actor)
    rules = await queries.list_of(tx, team_id, lock=True)
    if sorted(rule.id for rule in rules) != sorted(rule_ids):
        raise Conflict("the list has other rules by now: look again, then try again")
    await queries.update_positions(tx, rule_ids)
    data = {"rule_ids": [str(rule_id) for rule_id in rule_ids]}
    entry = timeline.Entry(
        "routing_rule.reordered", timeline.by(actor), team_id=team_id, data=data
    )
    await timeline.record(tx, [entry], now)
    await notify(tx, Channel.CONFIG)
    return await queries.list_of(tx, team_id)


async def require_list(tx: Tx, team_id: UUID | None, actor: Actor) -> None:
    """Raise unless `actor` may change the rules of this team, or of the installation."""
    if team_id is None:
        require(actor, Can.ADMINISTER)
    else:
        await accounts.require_team(tx, team_id)
        require(actor, Can.EDIT_TEAM, team_id)


async def _checked(tx: Tx, team_id: UUID | None, draft: Draft) -> dict[str, object]:
    """The columns of a rule as somebody wants it. Raises Invalid."""
    condition = condition_checked(draft)
    asked = draft.actions
    if asked == RuleActions():
        raise Invalid("the rule does nothing")
    if asked.dedup_key is not None:
        templates.check(asked.dedup_key)
    if asked.service_id is not None:
        owner = await queries.team_of_service(tx, asked.service_id)
        if owner is None or team_id not in {None, owner}:
            raise Invalid("there is no such service, or it is another team's")
    builder = draft.builder
    return {
        "name": draft.name,
        "condition": condition,
        "builder": builder.model_dump(mode="json") if builder else None,
        "actions": asked.model_dump(mode="json", exclude_defaults=True),
        "continues": draft.continues,
        "enabled": draft.enabled,
    }


def condition_checked(draft: Draft) -> str:
    """The condition of `draft` in CEL. Raises Invalid where it could never be worked out."""
    condition = draft.condition
    if draft.builder is not None:
        if problem := problem_of(draft.builder):
            raise Invalid(problem)
        condition = condition_of(draft.builder)
    cel.compiled(condition)
    return condition


async def _changed(
    tx: Tx, kind: str, rule: StoredRule, actor: Actor, now: datetime
) -> None:
    await queries.make_due(tx, [rule.id], now)
    data = {"rule_id": str(rule.id), "name": rule.name}
    team_id = rule.team.id if rule.team else None
    entry = timeline.Entry(kind, timeline.by(actor), team_id=team_id, data=data)
    await timeline.record(tx, [entry], now)
    await notify(tx, Channel.CONFIG)


# -- ready to be asked ------------------------------------------------------------


async def enabled_rules(tx: Tx) -> list[StoredRule]:
    """The rules that are switched on, each list in its order."""
    return [rule for rule in await queries.list_rules(tx) if rule.enabled]


def lists(
    kept: Sequence[StoredRule], failures: Failures
) -> dict[UUID | None, RuleList]:
    """`kept` rules ready to be asked, by team; the installation's under None."""
    found: dict[UUID | None, list[CompiledRule]] = {}
    for stored in kept:
        rule = compiled(stored)
        if rule is not None:
            team_id = stored.team.id if stored.team else None
            found.setdefault(team_id, []).append(rule)
    return {team_id: RuleList(rules, failures) for team_id, rules in found.items()}


def compiled(kept: StoredRule) -> CompiledRule | None:
    """A stored rule with its condition compiled; none if it is of a newer version."""
    try:
        condition = cel.compiled(kept.condition)
        rule = Rule(kept.id, kept.name, core_actions(kept.actions), kept.continues)
    except (Invalid, ValueError):
        log.exception("routing.rule_unreadable", rule_id=str(kept.id))
        return None
    return CompiledRule(kept.position, rule, kept.condition, condition)


async def add_failures(tx: Tx, failures: Sequence[tuple[UUID, int, str]]) -> None:
    """Keep what was counted: rule, how often its condition could not be worked out, why."""
    await queries.add_failures(tx, failures)
