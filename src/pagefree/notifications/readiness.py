"""Proof that the pager works: quiet tests, who is known to be reachable, and who is not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pagefree.accounts import contacts
from pagefree.accounts import service as accounts
from pagefree.core import readiness as core
from pagefree.core.access import Actor, Can
from pagefree.core.notifications import Kind, Method, Planned
from pagefree.core.schedules import final_shifts
from pagefree.core.words import DEFAULT, words_in
from pagefree.infra.db import Tx, driver
from pagefree.notifications import queries
from pagefree.notifications import readiness_queries as own
from pagefree.notifications.falling_through import UNREACHED
from pagefree.notifications.queries import NewNotification
from pagefree.notifications.readiness_queries import Found, NewFinding, Way
from pagefree.schedules import service as schedules
from pagefree.schedules.notices import Listener, tell

PRIORITY = 2  # never before a page
UNPROVEN = "unproven"


@dataclass(frozen=True, slots=True)
class Ready:
    """Whether somebody is known to be reachable, and how."""

    user_id: UUID
    proven: bool
    ways: tuple[Way, ...]  # that can wake them


@dataclass(frozen=True, slots=True)
class Upcoming:
    """Somebody whose shift begins soon."""

    user_id: UUID
    team_id: UUID
    start: datetime


async def of_team(tx: Tx, team_id: UUID, now: datetime) -> list[Ready]:
    """Everybody who responds for the team. Raises NotFound."""
    await accounts.require_team(tx, team_id)
    members = (await accounts.team_members(tx, [team_id]))[team_id]
    ways = await own.list_ways(await driver(tx), members, now - core.LOOK_AHEAD)
    return [_ready(user_id, ways[user_id], now) for user_id in members]


def _ready(user_id: UUID, ways: Sequence[Way], now: datetime) -> Ready:
    proven = core.proven((way.proven_at for way in ways), now)
    return Ready(user_id, proven, tuple(ways))


async def prove(tx: Tx, actor: Actor, user_id: UUID, now: datetime) -> int:
    """Send a test to every way that can wake this person; returns how many."""
    await contacts.require_contacts_of(tx, actor, Can.EDIT_CONTACTS, user_id)
    ways = await own.list_ways(await driver(tx), [user_id], now - core.LOOK_AHEAD)
    await _test(tx, ways[user_id], f"test by {actor.name}", now)
    return len(ways[user_id])


async def look_ahead(tx: Tx, now: datetime) -> int:
    """Test quietly whoever is on call soon, by day, and find who is not proven a day before.

    Their team is told once, while it lasts; returns how many they are.
    """
    await own.end_reached(await driver(tx), UNREACHED, now)
    upcoming = await _upcoming(tx, now + core.TEST_AHEAD, now)
    ways = await own.list_ways(
        await driver(tx), {one.user_id for one in upcoming}, now - core.LOOK_AHEAD
    )
    due = [
        way
        for ours in ways.values()
        for way in ours
        if core.due_for_proof(way.proven_at, way.asked_at, way.night, now)
    ]
    await _test(tx, due, "before your shift", now)
    asked = {way.user_id for way in due}  # they are looked at again in an hour
    unproven = [
        one
        for one in upcoming
        if one.start < now + core.LOOK_AHEAD
        and one.user_id not in asked
        and not _ready(one.user_id, ways[one.user_id], now).proven
    ]
    await _find(tx, unproven, now)
    return len(unproven)


async def findings(tx: Tx) -> list[Found]:
    """What somebody should look after."""
    return await own.list_findings(await driver(tx))


async def _upcoming(tx: Tx, end: datetime, now: datetime) -> list[Upcoming]:
    found: dict[tuple[UUID, UUID], Upcoming] = {}
    for held in await schedules.board(tx, now):
        plan = schedules.plan_of(held.schedule, end)
        for shift in final_shifts(plan, now, end):
            for user_id in shift.people:
                one = Upcoming(user_id, held.schedule.team_id, shift.start)
                found.setdefault((user_id, held.schedule.team_id), one)
    return list(found.values())


async def _test(tx: Tx, ways: Iterable[Way], cause: str, now: datetime) -> None:
    new = [
        NewNotification(
            None,
            way.user_id,
            Kind.PROOF,
            cause,
            PRIORITY,
            Planned(Method(way.id, way.channel), now),
        )
        for way in ways
    ]
    if new:
        await queries.insert_notifications(await driver(tx), new, now)


async def _find(tx: Tx, unproven: Sequence[Upcoming], now: datetime) -> None:
    connection = await driver(tx)
    names = await accounts.user_refs(tx, {one.user_id for one in unproven})
    admins = await own.list_team_admins(connection, {one.team_id for one in unproven})
    keys = {_key(one) for one in unproven}
    await own.end_findings(connection, UNPROVEN, keys, now)
    for one in unproven:
        name = names[one.user_id].name if one.user_id in names else "Somebody"
        when = f"{one.start:%Y-%m-%d %H:%M} UTC"

        def said(to: Listener, name: str = name, when: str = when) -> str:
            return to.words.unproven.format(name=name, when=when)

        detail = words_in(DEFAULT).notices.unproven.format(name=name, when=when)
        new = NewFinding(UNPROVEN, _key(one), detail, one.team_id, one.user_id)
        if await own.insert_finding(connection, new, now):
            told = {*admins.get(one.team_id, ()), one.user_id}
            await tell(tx, told, said, now)


def _key(one: Upcoming) -> str:
    return f"{one.team_id}/{one.user_id}"
