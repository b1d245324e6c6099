"""Companies made by chance: people, rules, schedules and policies, the same for one seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from random import Random
from uuid import UUID

from pagefree.core import restrictions
from pagefree.core.access import Role
from pagefree.core.policies import OnlyHours, Policy, Step, Target, TargetKind, Which
from pagefree.core.rotations import Unit
from pagefree.core.routing import Urgency
from pagefree.core.windows import Hours, Window
from pagefree.infra.ids import new_id
from pagefree.schedules import override_queries
from pagefree.schedules import queries as schedule_queries
from pagefree.schedules.override_queries import NewOverride
from pagefree.schedules.plans import Draft, NewLayer, Restriction
from tests.simulation.world import MINUTE, START, World

PEOPLE = 12
SCHEDULES = 8
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland")


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


async def company(world: World, chance: Random) -> Company:
    """People with rules of their own, of whom some have left, and schedules of them."""
    for number in range(PEOPLE):
        name = f"person{number}"
        await world.person(name)
        if number % 4 == 0:
            await world.join(name, Role.RESPONDER)
        await _rules(world, name, chance)
    for number in (3, 7):
        await world.deactivate(f"person{number}")
    await world.person("root", admin=True)
    people = [world.people[f"person{number}"] for number in range(PEOPLE)]
    schedules = [await _schedule(world, n, people, chance) for n in range(SCHEDULES)]
    return Company(chance, people, schedules, world.team_id)


async def _rules(world: World, name: str, chance: Random) -> None:
    """Some have no rules, some only for one urgency, some name an address that is dead."""
    mail = await world.methods_of(name)
    push = await world.method(name, "webhook", url="https://example.org/hook")
    if chance.random() < 0.2:
        await world.set_method(push, disabled_at=START)
    rules = {
        (
            chance.choice(tuple(Urgency)),
            chance.choice((0, 0, 2, 7, 25)) * MINUTE,
            chance.choice((mail, push)),
        )
        for _ in range(chance.randint(0, 5))
    }
    await world.rules(name, *sorted(rules))


async def _schedule(
    world: World, number: int, people: Sequence[UUID], chance: Random
) -> UUID:
    """Turns that change while an escalation runs, with an override and perhaps a gap."""
    layers = tuple(_layer(people, chance) for _ in range(chance.randint(1, 3)))
    draft = Draft(f"Rota {number}", world.team_id, chance.choice(ZONES), layers)
    schedule_id = await schedule_queries.insert_schedule(world.tx, draft, START)
    start, end = sorted(chance.sample(range(14 * 60), 2))
    override = NewOverride(
        START + start * MINUTE, START + end * MINUTE, chance.choice(people)
    )
    by = world.people["root"]
    await override_queries.insert_overrides(
        world.tx, schedule_id, [override], by, START
    )
    return schedule_id


def _layer(people: Sequence[UUID], chance: Random) -> NewLayer:
    unit = chance.choice(tuple(Unit))
    ago = timedelta(days=chance.randint(1, 9), hours=chance.randint(0, 23))
    nights = Restriction((_hours_of_days(chance),))
    return NewLayer(
        start_at=START - ago,
        user_ids=tuple(chance.sample(people, chance.randint(1, 4))),
        unit=unit,
        lengths=(chance.randint(3, 12),) if unit is Unit.HOUR else (1,),
        at_once=chance.choice((1, 1, 2)),
        restriction=nights if chance.random() < 0.3 else None,
    )


def _hours_of_days(chance: Random) -> restrictions.Window:
    """Some hours of all days."""
    start, end = chance.sample(range(24), 2)
    return restrictions.Window(frozenset(range(7)), time(start), time(end))
