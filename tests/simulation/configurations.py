"""Companies made by chance: people, rules, schedules and policies, the same for one seed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import Table, insert

from pagefree.core import restrictions
from pagefree.core.policies import OnlyHours, Policy, Step, Target, TargetKind, Which
from pagefree.core.restrictions import Holidays
from pagefree.core.rotations import Unit
from pagefree.core.routing import Urgency
from pagefree.core.windows import Hours, Window
from pagefree.infra.ids import new_id
from pagefree.schedules import override_queries
from pagefree.schedules import queries as schedule_queries
from pagefree.schedules.override_queries import NewGap, NewOverride
from pagefree.schedules.plans import Draft, HolidayCalendar, NewLayer, Restriction
from pagefree.tables.accounts import contact_methods, memberships, teams, users
from pagefree.tables.notifications import notification_rules
from tests.simulation.world import MINUTE, START, World

PEOPLE = 5  # of each company
SCHEDULES = 2
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland")
# with a holiday on the first or on the second day of this world, and without one
HOLIDAYS = (("US", "TX"), ("ET", None), ("BG", None), ("DE", None))


@dataclass(frozen=True, slots=True)
class Company:
    """Whom policies can page."""

    chance: Random
    people: Sequence[UUID]
    schedules: Sequence[UUID]
    team_id: UUID

    def policy(self) -> Policy:
        """One of the many policies that somebody might make."""
        chance = self.chance
        return Policy(
            id=new_id(),
            name="by chance",
            steps=tuple(self._step() for _ in range(chance.randint(1, 5))),
            repeats=chance.choice((0, 0, 1, 2)),
            ack_timeout=chance.choice((None, 15 * MINUTE)),
            low_urgency_hours=self._hours() if chance.random() < 0.2 else None,
        )

    def _step(self) -> Step:
        chance = self.chance
        only = OnlyHours(self._hours(), chance.random() < 0.5)
        return Step(
            timeout=chance.randint(1, 40) * MINUTE,
            targets=tuple(self._target() for _ in range(chance.randint(1, 3))),
            round_robin=chance.random() < 0.25,
            only_urgency=chance.choice((None, None, None, *Urgency)),
            only_hours=only if chance.random() < 0.25 else None,
            wait_for=self._hours() if chance.random() < 0.1 else None,
            acknowledgements=chance.choice((1, 1, 1, 2)),
        )

    def _target(self) -> Target:
        chance = self.chance
        kind = chance.choice((*TargetKind, TargetKind.SCHEDULE))
        if kind is TargetKind.USER:
            return Target(kind, chance.choice((*self.people, new_id())))
        if kind is TargetKind.TEAM:
            return Target(kind, self.team_id)
        return Target(kind, chance.choice(self.schedules), chance.choice(tuple(Which)))

    def _hours(self) -> Hours:
        chance = self.chance
        days = tuple(sorted(chance.sample(range(7), chance.randint(2, 7))))
        window = Window(
            days, time(chance.randint(0, 23), 30), time(chance.randint(0, 23))
        )
        return Hours((window,), chance.choice(ZONES))


async def companies(world: World, count: int, chance: Random) -> list[Company]:
    """Small ones that share nobody: what is sent to one is no storm for another."""
    await world.person("root", admin=True)
    made = [Company(chance, tuple(_ids(PEOPLE)), [], new_id()) for _ in range(count)]
    await _insert(world, teams, [_team(company) for company in made])
    people = [(company, user_id) for company in made for user_id in company.people]
    rows = [
        _person(place % PEOPLE, user_id) for place, (_, user_id) in enumerate(people)
    ]
    await _insert(world, users, rows)
    methods = {user_id: _ids(2) for _, user_id in people}
    reached = [
        _method(user_id, method_id, channel, chance)
        for user_id, ids in methods.items()
        for method_id, channel in zip(ids, ("email", "webhook"), strict=True)
    ]
    await _insert(world, contact_methods, reached)
    rules = [
        r for user_id, ids in methods.items() for r in _rules(user_id, ids, chance)
    ]
    await _insert(world, notification_rules, rules)
    joined = [_member(company, user_id) for company, user_id in people[::2]]
    await _insert(world, memberships, joined)
    return [
        replace(
            company,
            schedules=[await _schedule(world, company) for _ in range(SCHEDULES)],
        )
        for company in made
    ]


async def _insert(
    world: World, table: Table, rows: Sequence[Mapping[str, object]]
) -> None:
    await world.tx.execute(insert(table), [{"id": new_id(), **row} for row in rows])


def _ids(count: int) -> list[UUID]:
    return [new_id() for _ in range(count)]


def _team(company: Company) -> dict[str, object]:
    return {"id": company.team_id, "name": str(company.team_id), "created_at": START}


def _person(number: int, user_id: UUID) -> dict[str, object]:
    """The last one of each company has left."""
    return {
        "id": user_id,
        "email": f"{user_id}@example.org",
        "name": str(user_id),
        "created_at": START,
        "deactivated_at": START if number == PEOPLE - 1 else None,
    }


def _member(company: Company, user_id: UUID) -> dict[str, object]:
    return {"team_id": company.team_id, "user_id": user_id, "role": "responder"}


def _method(
    user_id: UUID, method_id: UUID, channel: str, chance: Random
) -> dict[str, object]:
    """Some have an address that is dead."""
    addresses = {
        "email": {"email": f"{user_id}@example.org"},
        "webhook": {"url": "https://example.org/hook"},
    }
    dead = channel == "webhook" and chance.random() < 0.2
    return {
        "id": method_id,
        "user_id": user_id,
        "channel": channel,
        "label": channel,
        "address": addresses[channel],
        "created_at": START,
        "disabled_at": START if dead else None,
    }


def _rules(
    user_id: UUID, methods: Sequence[UUID], chance: Random
) -> list[dict[str, object]]:
    """Some have none, some only for one urgency."""
    wanted = {
        (
            chance.choice(tuple(Urgency)),
            chance.choice((0, 0, 2, 7, 25)) * MINUTE,
            chance.choice(methods),
        )
        for _ in range(chance.randint(0, 5))
    }
    return [
        {
            "user_id": user_id,
            "urgency": urgency.value,
            "delay": delay,
            "contact_method_id": method_id,
        }
        for urgency, delay, method_id in sorted(wanted)
    ]


async def _schedule(world: World, company: Company) -> UUID:
    """Turns that change while an escalation runs, with all that there is to except them."""
    chance, people = company.chance, company.people
    layers = tuple(_layer(people, chance) for _ in range(chance.randint(1, 3)))
    draft = Draft(str(new_id()), company.team_id, chance.choice(ZONES), layers)
    schedule_id = await schedule_queries.insert_schedule(world.tx, draft, START)
    if chance.random() < 0.4:
        changed = _changed(draft, people, chance)
        from_at = START + chance.randint(-600, 14 * 60) * MINUTE
        await schedule_queries.insert_version(
            world.tx, schedule_id, changed, from_at, START
        )
    by = world.people["root"]
    overrides = [_override(company, layers) for _ in range(chance.randint(0, 3))]
    if overrides:
        await override_queries.insert_overrides(
            world.tx, schedule_id, overrides, by, START
        )
    if chance.random() < 0.3:
        gap = NewGap(*_within_the_hours(chance))
        await override_queries.insert_gap(world.tx, schedule_id, gap, by, START)
    return schedule_id


def _changed(draft: Draft, people: Sequence[UUID], chance: Random) -> Draft:
    """The schedule from some day on: other turns in its layers, and perhaps one more."""
    kept = tuple(
        replace(_layer(people, chance), layer_id=layer.layer_id)
        for layer in draft.layers
    )
    more = (_layer(people, chance),) if chance.random() < 0.3 else ()
    return replace(draft, time_zone=chance.choice(ZONES), layers=(*kept, *more))


def _override(company: Company, layers: Sequence[NewLayer]) -> NewOverride:
    """Of everybody, of one person or in one layer."""
    chance = company.chance
    user_id = chance.choice(company.people)
    others = [person for person in company.people if person != user_id]
    return NewOverride(
        *_within_the_hours(chance),
        user_id,
        chance.choice(others) if chance.random() < 0.4 else None,
        chance.choice(layers).layer_id if chance.random() < 0.4 else None,
    )


def _within_the_hours(chance: Random) -> tuple[datetime, datetime]:
    start, end = sorted(chance.sample(range(14 * 60), 2))
    return START + start * MINUTE, START + end * MINUTE


def _layer(people: Sequence[UUID], chance: Random) -> NewLayer:
    unit = chance.choice(tuple(Unit))
    ago = timedelta(days=chance.randint(1, 9), hours=chance.randint(0, 23))
    ends = START + chance.randint(1, 14 * 60) * MINUTE
    return NewLayer(
        layer_id=new_id(),
        start_at=START - ago,
        end_at=ends if chance.random() < 0.1 else None,
        user_ids=tuple(chance.sample(people, chance.randint(1, 3))),
        unit=unit,
        lengths=(chance.randint(3, 12),) if unit is Unit.HOUR else (1,),
        at_once=chance.choice((1, 1, 2)),
        time_zone=chance.choice((None, None, *ZONES)),
        restriction=_restriction(chance) if chance.random() < 0.35 else None,
    )


def _restriction(chance: Random) -> Restriction:
    """Some hours of all days, the public holidays, or both."""
    country, region = chance.choice(HOLIDAYS)
    calendar = HolidayCalendar(country, chance.choice(tuple(Holidays)), region)
    return Restriction(
        (_hours_of_days(chance),) if chance.random() < 0.7 else (),
        calendar if chance.random() < 0.5 else None,
        keep_turns=chance.random() < 0.5,
    )


def _hours_of_days(chance: Random) -> restrictions.Window:
    """Some hours of all days."""
    start, end = chance.sample(range(24), 2)
    return restrictions.Window(frozenset(range(7)), time(start), time(end))
