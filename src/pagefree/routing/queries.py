"""Every statement on routing rules."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from pagefree.infra.db import Tx
from pagefree.tables.accounts import teams
from pagefree.tables.alerts import alerts
from pagefree.tables.routing import routing_rules as rules
from pagefree.tables.services import services


@dataclass(frozen=True, slots=True)
class Team:
    """Whose rule it is."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class StoredRule:
    """A rule as it is kept."""

    id: UUID
    team: Team | None  # none: the installation's
    position: int
    name: str
    condition: str
    builder: Mapping[str, Any] | None
    actions: Mapping[str, Any]
    continues: bool
    enabled: bool
    failures: int = field(compare=False)  # counting does not change the rule
    last_failure: str | None = field(compare=False)
    created_at: datetime


def _rules() -> Select[Any]:
    return (
        select(rules, teams.c.name.label("team_name"))
        .outerjoin(teams, teams.c.id == rules.c.team_id)
        .order_by(rules.c.team_id.nulls_first(), rules.c.position, rules.c.id)
    )


def _rule(row: Row[Any]) -> StoredRule:
    return StoredRule(
        id=row.id,
        team=Team(row.team_id, row.team_name) if row.team_id else None,
        position=row.position,
        name=row.name,
        condition=row.condition,
        builder=row.builder,
        actions=row.actions,
        continues=row.continues,
        enabled=row.enabled,
        failures=row.failures,
        last_failure=row.last_failure,
        created_at=row.created_at,
    )


async def list_rules(tx: Tx) -> list[StoredRule]:
    """All rules: the installation's first, each list in its order."""
    return [_rule(row) for row in await tx.execute(_rules())]


async def list_of(
    tx: Tx, team_id: UUID | None, *, lock: bool = False
) -> list[StoredRule]:
    """The rules of a team, or the installation's; `lock`: until the transaction ends."""
    query = _rules().where(_in_list(team_id))
    if lock:
        query = query.with_for_update(of=rules)
    return [_rule(row) for row in await tx.execute(query)]


async def get_rule(tx: Tx, rule_id: UUID) -> StoredRule | None:
    """One rule."""
    row = (await tx.execute(_rules().where(rules.c.id == rule_id))).first()
    return None if row is None else _rule(row)


async def next_position(tx: Tx, team_id: UUID | None) -> int:
    """The place after the last rule of a list."""
    last = select(func.max(rules.c.position)).where(_in_list(team_id))
    found = await tx.scalar(last)
    return 0 if found is None else found + 1


async def insert_rule(tx: Tx, values: Mapping[str, object]) -> None:
    """Add a rule; `values` by column."""
    await tx.execute(insert(rules).values(**values))


async def update_rule(tx: Tx, rule_id: UUID, values: Mapping[str, object]) -> None:
    """Change the columns in `values`."""
    await tx.execute(update(rules).where(rules.c.id == rule_id).values(**values))


async def update_positions(tx: Tx, rule_ids: Sequence[UUID]) -> None:
    """Put the rules into this order."""
    if rule_ids:
        place = update(rules).where(rules.c.id == bindparam("rule"))
        await tx.execute(
            place.values(position=bindparam("place")),
            [{"rule": one, "place": place} for place, one in enumerate(rule_ids)],
        )


async def delete_rule(tx: Tx, rule_id: UUID) -> None:
    """Remove a rule."""
    await tx.execute(delete(rules).where(rules.c.id == rule_id))


async def add_failures(tx: Tx, failures: Sequence[tuple[UUID, int, str]]) -> None:
    """Count conditions that could not be worked out: rule, how often, why."""
    if failures:
        count = update(rules).where(rules.c.id == bindparam("rule"))
        await tx.execute(
            count.values(
                failures=rules.c.failures + bindparam("times"),
                last_failure=bindparam("reason"),
            ),
            [{"rule": r, "times": n, "reason": why} for r, n, why in failures],
        )


async def make_due(tx: Tx, rule_ids: Collection[UUID], now: datetime) -> None:
    """Have open alerts that these rules suppress looked at again."""
    await tx.execute(
        update(alerts)
        .where(
            alerts.c.suppressed_by_id.in_(rule_ids),
            alerts.c.status == "open",
            alerts.c.incident_id.is_(None),
        )
        .values(due_at=now)
    )


async def team_of_service(tx: Tx, service_id: UUID) -> UUID | None:
    """The team of a service; none: there is no such service."""
    team_id: UUID | None = await tx.scalar(
        select(services.c.team_id).where(services.c.id == service_id)
    )
    return team_id


def _in_list(team_id: UUID | None) -> ColumnElement[bool]:
    return rules.c.team_id.is_(None) if team_id is None else rules.c.team_id == team_id
