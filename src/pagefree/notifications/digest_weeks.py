"""What happened in people's weeks, gathered for many of them at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pagefree.accounts import service as accounts
from pagefree.core import readiness as core
from pagefree.core.digests import WEEK, Shift, TeamWeek, Week
from pagefree.core.schedules import final_shifts
from pagefree.infra.db import Tx, driver
from pagefree.infra.ids import first_id_of
from pagefree.notifications import digest_queries as queries
from pagefree.notifications import readiness, readiness_queries
from pagefree.notifications.digest_queries import Due
from pagefree.notifications.readiness_queries import Found, Way
from pagefree.schedules import service as schedules


@dataclass(frozen=True, slots=True)
class Turns:
    """Who is on call for a schedule in the week to come, in their order."""

    team_id: UUID
    schedule: str
    shifts: tuple[tuple[UUID, datetime, datetime], ...]

    def of(self, user_id: UUID) -> tuple[Shift, ...]:
        """Those of one person."""
        return tuple(
            Shift(self.schedule, start, end)
            for who, start, end in self.shifts
            if who == user_id
        )


async def gather(tx: Tx, due: Sequence[Due], now: datetime) -> dict[UUID, Week]:
    """The weeks of these people."""
    connection = await driver(tx)
    users, since = [one.user_id for one in due], first_id_of(now - WEEK)
    pages = await queries.list_pages(connection, users, since)
    done = await queries.count_acknowledged(connection, users, since)
    ways = await readiness_queries.list_ways(connection, users, now - core.LOOK_AHEAD)
    found = await readiness.findings(tx)
    turns = await _turns(tx, now)
    teams = await _teams(tx, users, turns, found, now)
    return {
        one.user_id: Week(
            pages=pages.get(one.user_id, ()),
            acknowledged=done.get(one.user_id, 0),
            unproven=_unproven(ways[one.user_id], now),
            reachable=core.proven((way.proven_at for way in ways[one.user_id]), now),
            shifts=_soonest(turns, one.user_id),
            teams=teams.get(one.user_id, ()),
            findings=_of_nobody(found) if one.platform_admin else (),
        )
        for one in due
    }


def _unproven(ways: Sequence[Way], now: datetime) -> tuple[str, ...]:
    return tuple(
        f"{way.label} ({way.channel})"
        for way in ways
        if not core.proven([way.proven_at], now)
    )


def _soonest(turns: Sequence[Turns], user_id: UUID) -> tuple[Shift, ...]:
    mine = [shift for one in turns for shift in one.of(user_id)]
    return tuple(sorted(mine, key=lambda shift: (shift.start, shift.schedule)))


def _of_nobody(found: Sequence[Found]) -> tuple[str, ...]:
    return tuple(one.detail for one in found if one.team_id is None)


async def _turns(tx: Tx, now: datetime) -> list[Turns]:
    end = now + WEEK
    return [
        Turns(
            held.schedule.team_id,
            held.schedule.name,
            tuple(
                (user_id, shift.start, shift.end)
                for shift in final_shifts(
                    schedules.plan_of(held.schedule, end), now, end
                )
                for user_id in shift.people
            ),
        )
        for held in await schedules.board(tx, now)
    ]


async def _teams(
    tx: Tx,
    user_ids: Sequence[UUID],
    turns: Sequence[Turns],
    found: Sequence[Found],
    now: datetime,
) -> Mapping[UUID, tuple[TeamWeek, ...]]:
    """The teams of each of these people who is a team's admin."""
    administered = await queries.list_administered(await driver(tx), user_ids)
    names = {one.team_id: one.name for one in administered}
    ready = {team_id: await readiness.of_team(tx, team_id, now) for team_id in names}
    people = await accounts.user_refs(
        tx,
        {one.user_id for team in ready.values() for one in team}
        | {user_id for one in turns for user_id, _, _ in one.shifts},
    )
    called = {user_id: ref.name for user_id, ref in people.items()}
    weeks = {
        team_id: TeamWeek(
            team_id,
            name,
            tuple(called.get(r.user_id, "") for r in ready[team_id] if not r.proven),
            tuple(one.detail for one in found if one.team_id == team_id),
            tuple(
                (one.schedule, _in_turn(one, called))
                for one in turns
                if one.team_id == team_id
            ),
        )
        for team_id, name in names.items()
    }
    result: dict[UUID, tuple[TeamWeek, ...]] = {}
    for one in administered:
        result[one.user_id] = (*result.get(one.user_id, ()), weeks[one.team_id])
    return result


def _in_turn(turns: Turns, called: Mapping[UUID, str]) -> tuple[str, ...]:
    """Whose turn it is, nobody twice."""
    users = dict.fromkeys(user_id for user_id, _, _ in turns.shifts)
    return tuple(called[user_id] for user_id in users if user_id in called)
