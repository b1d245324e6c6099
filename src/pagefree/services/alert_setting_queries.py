"""Every statement on how services treat alerts, and on what they depend on."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, false, insert, select, text, update

from pagefree.core.grouping import Grouping, Mode
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.services.queries import Ref
from pagefree.tables.accounts import teams
from pagefree.tables.services import service_dependencies, services

LOCK_GRAPH = "SELECT pg_advisory_xact_lock(hashtext('service_dependencies'))"


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """How a service treats its alerts."""

    grouping: Grouping
    auto_resolve: timedelta | None
    tier: int | None
    catch_all: bool


@dataclass(frozen=True, slots=True)
class Home:
    """A service as the place where alerts belong."""

    service_id: UUID
    name: str
    team_id: UUID
    team_name: str
    lifecycle: str
    policy_id: UUID | None
    settings: AlertSettings


async def get_settings(tx: Tx, service_id: UUID) -> AlertSettings:
    """How an existing service treats its alerts."""
    query = select(services).where(services.c.id == service_id)
    row = (await tx.execute(query)).one()
    return _settings(row.grouping, row.auto_resolve, row.tier, catch_all=row.catch_all)


async def update_settings(tx: Tx, service_id: UUID, wanted: AlertSettings) -> None:
    """Change how a service treats its alerts; there is one catch-all at most."""
    if wanted.catch_all:
        others = services.c.catch_all & (services.c.id != service_id)
        await tx.execute(update(services).where(others).values(catch_all=false()))
    await tx.execute(
        update(services)
        .where(services.c.id == service_id)
        .values(
            grouping=_kept(wanted.grouping),
            auto_resolve=wanted.auto_resolve,
            tier=wanted.tier,
            catch_all=wanted.catch_all,
        )
    )


async def list_homes(tx: Tx) -> list[Home]:
    """All services as the places where alerts belong, oldest first."""
    query = (
        select(services, teams.c.name.label("team_name"))
        .join(teams, teams.c.id == services.c.team_id)
        .order_by(services.c.id)
    )
    return [
        Home(
            service_id=row.id,
            name=row.name,
            team_id=row.team_id,
            team_name=row.team_name,
            lifecycle=row.lifecycle,
            policy_id=row.escalation_policy_id,
            settings=_settings(
                row.grouping, row.auto_resolve, row.tier, catch_all=row.catch_all
            ),
        )
        for row in await tx.execute(query)
    ]


def _settings(
    kept: Mapping[str, Any],
    auto_resolve: timedelta | None,
    tier: int | None,
    *,
    catch_all: bool,
) -> AlertSettings:
    usual = Grouping()
    window_s = kept.get("window_s", usual.window.total_seconds())
    grouping = Grouping(
        Mode(kept.get("mode", usual.mode)),
        timedelta(seconds=window_s),
        tuple(kept.get("labels", usual.labels)),
    )
    return AlertSettings(grouping, auto_resolve, tier, catch_all)


def _kept(grouping: Grouping) -> dict[str, object]:
    if grouping == Grouping():
        return {}
    return {
        "mode": grouping.mode.value,
        "window_s": int(grouping.window.total_seconds()),
        "labels": list(grouping.labels),
    }


# -- dependencies -----------------------------------------------------------------


async def lock_graph(tx: Tx) -> None:
    """Let nobody else change dependencies until the transaction ends: two could make a cycle."""
    await tx.execute(text(LOCK_GRAPH))


async def list_dependencies(tx: Tx) -> list[tuple[UUID, UUID]]:
    """All pairs of a service and one that it depends on."""
    c = service_dependencies.c
    rows = await tx.execute(select(c.service_id, c.depends_on_id).order_by(c.id))
    return [(row.service_id, row.depends_on_id) for row in rows]


async def replace_dependencies(
    tx: Tx, service_id: UUID, depends_on: Collection[UUID], now: datetime
) -> None:
    """What a service depends on, instead of what it did."""
    c = service_dependencies.c
    await tx.execute(delete(service_dependencies).where(c.service_id == service_id))
    rows = [
        {
            "id": new_id(),
            "service_id": service_id,
            "depends_on_id": upstream,
            "created_at": now,
        }
        for upstream in depends_on
    ]
    if rows:
        await tx.execute(insert(service_dependencies), rows)


async def list_refs(tx: Tx, service_ids: Collection[UUID]) -> list[Ref]:
    """Those of these services that exist, by name."""
    c = services.c
    query = select(c.id, c.name).where(c.id.in_(service_ids)).order_by(c.name)
    return [Ref(row.id, row.name) for row in await tx.execute(query)]
