"""Whom a target means, and what it is called."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from pagefree.core.escalation import Target, TargetKind
from pagefree.escalation import audience, service
from pagefree.infra.ids import new_id
from pagefree.tables.schedules import schedule_versions
from tests.escalation.company import NOW, Company, user


async def resolve_targets(
    tx: AsyncConnection, targets: list[Target], now: datetime
) -> Mapping[Target, tuple[UUID, ...]]:
    return (await audience.load(tx, targets, now)).reachable(targets, now)


async def test_targets_mean_the_active_people_behind_them(company: Company) -> None:
    rota = Target(TargetKind.SCHEDULE, await company.schedule(company.bo, company.ana))
    empty = Target(TargetKind.SCHEDULE, await company.schedule(company.ana))
    team = Target(TargetKind.TEAM, company.team_id)
    unknown = [Target(kind, new_id()) for kind in TargetKind]
    await company.deactivate(company.ana)

    found = await resolve_targets(
        company.tx,
        [rota, empty, team, user(company.ana), user(company.bo), *unknown],
        NOW,
    )

    nobody: tuple[UUID, ...] = ()
    assert found == {
        rota: (company.bo,),
        empty: nobody,
        team: (company.bo,),
        user(company.ana): nobody,
        user(company.bo): (company.bo,),
        **dict.fromkeys(unknown, nobody),
    }


async def test_a_schedule_whose_time_zone_is_no_longer_known_holds_nothing_up(
    company: Company,
) -> None:
    lost = await company.schedule(company.ana)
    fine = await company.schedule(company.bo)
    zone = update(schedule_versions).values(time_zone="Mars/Olympus")
    await company.tx.execute(zone.where(schedule_versions.c.schedule_id == lost))
    targets = [Target(TargetKind.SCHEDULE, one) for one in (lost, fine)]

    found = await resolve_targets(company.tx, targets, NOW)

    assert [found[one] for one in targets] == [(), (company.bo,)]


async def test_targets_are_called_by_name_and_what_is_gone_is_left_out(
    company: Company,
) -> None:
    team, gone = Target(TargetKind.TEAM, company.team_id), user(new_id())

    names = await service.target_names(company.tx, [user(company.ana), team, gone])

    assert names == {user(company.ana): "Ana", team: "Payments"}
    assert await service.target_names(company.tx, []) == {}
