"""Steps that wait, that are only for some incidents, that take turns or want several people."""

from dataclasses import replace
from datetime import time, timedelta
from uuid import UUID

from pagefree.core.alerts import Severity
from pagefree.core.incidents import Status
from pagefree.core.policies import OnlyHours, Policy, Step, Target, TargetKind, Which
from pagefree.core.routing import Urgency
from pagefree.core.windows import Hours, Window
from pagefree.incidents import people, reading, service
from pagefree.infra.ids import new_id
from pagefree.schedules import queries as schedule_queries
from pagefree.schedules.plans import Draft, NewLayer
from tests.simulation.world import HOUR, MINUTE, START, World

DAY = timedelta(days=1)
# START is Monday, 9:00
AFTERNOON = Hours((Window((0, 1, 2, 3, 4), time(14), time(18)),), "UTC")
MORNING = Hours((Window((0, 1, 2, 3, 4), time(8), time(12)),), "UTC")


def user(world: World, name: str) -> Target:
    return Target(TargetKind.USER, world.people[name])


def step(world: World, *names: str, minutes: int = 5) -> Step:
    return Step(minutes * MINUTE, tuple(user(world, name) for name in names))


def policy(*steps: Step, **options: object) -> Policy:
    return replace(Policy(new_id(), "policy", steps), **options)  # type: ignore[arg-type]


async def held_by(world: World, incident: UUID) -> Status:
    return Status((await reading.get(world.tx, incident)).status)


async def test_what_is_acknowledged_and_forgotten_pages_from_the_first_step(
    world: World,
) -> None:
    forgetting = policy(step(world, "ana"), step(world, "bo"), ack_timeout=30 * MINUTE)
    incident = await world.trigger(forgetting)
    await world.advance(MINUTE)

    await service.acknowledge(world.tx, incident, world.actor("ana"), world.now)
    await world.advance(29 * MINUTE)
    assert await world.paged() == [("ana", 0)]
    await world.advance(7 * MINUTE)

    assert await world.paged() == [("ana", 0), ("ana", 31), ("bo", 36)]
    assert await held_by(world, incident) is Status.TRIGGERED
    assert "incident.acknowledgement_expired" in await world.timeline(incident)


async def test_what_is_resolved_in_time_is_not_paged_again(world: World) -> None:
    forgetting = policy(step(world, "ana"), ack_timeout=30 * MINUTE)
    incident = await world.trigger(forgetting)
    await service.acknowledge(world.tx, incident, world.actor("ana"), world.now)

    await service.resolve(world.tx, incident, None, world.actor("ana"), world.now)
    await world.advance(DAY)

    assert await world.paged() == [("ana", 0)]


async def test_a_snooze_outlives_the_time_of_whoever_has_it(world: World) -> None:
    forgetting = policy(step(world, "ana"), ack_timeout=30 * MINUTE)
    incident = await world.trigger(forgetting)
    await service.acknowledge(world.tx, incident, world.actor("ana"), world.now)

    until = world.now + 2 * HOUR
    await service.snooze(world.tx, incident, until, world.actor("ana"), world.now)
    await world.advance(3 * HOUR)

    assert (await world.paged())[:2] == [("ana", 0), ("ana", 120)]


async def test_what_is_not_urgent_waits_for_working_hours(world: World) -> None:
    patient = policy(step(world, "ana"), low_urgency_hours=AFTERNOON)

    low = await world.trigger(patient, severity=Severity.WARNING)
    await world.trigger(patient, severity=Severity.CRITICAL)
    await world.advance(8 * HOUR)

    assert await world.paged() == [("ana", 0), ("ana", 5 * 60)]
    assert "escalation.held" in await world.timeline(low)


async def test_a_step_waits_until_its_window_opens(world: World) -> None:
    waiting = policy(step(world, "ana"), replace(step(world, "bo"), wait_for=AFTERNOON))

    incident = await world.trigger(waiting)
    await world.advance(8 * HOUR)

    assert await world.paged() == [("ana", 0), ("bo", 5 * 60)]
    assert await world.timeline(incident) == [
        "incident.triggered",
        "escalation.paged",
        "escalation.held",
        "escalation.paged",
        "escalation.exhausted",
    ]


async def test_steps_branch_on_urgency_and_on_the_time_of_the_week(
    world: World,
) -> None:
    branching = policy(
        replace(step(world, "ana"), only_urgency=Urgency.HIGH),
        replace(step(world, "bo"), only_hours=OnlyHours(MORNING)),
        replace(step(world, "cy"), only_hours=OnlyHours(MORNING, inside=False)),
    )

    await world.trigger(branching, severity=Severity.WARNING)
    assert await world.paged() == [("bo", 0)]

    await world.advance(5 * HOUR)
    await world.trigger(branching)
    await world.advance(5 * MINUTE)
    assert await world.paged() == [("bo", 0), ("ana", 300), ("cy", 305)]


async def test_a_round_robin_is_fair_over_incidents(world: World) -> None:
    for name in ("ana", "bo", "cy"):
        await world.join(name)
    team = Target(TargetKind.TEAM, world.team_id)
    fair = policy(Step(HOUR, (team,), round_robin=True))

    for _ in range(7):
        await world.trigger(fair)

    names = [name for name, _ in await world.paged()]
    assert names == ["ana", "bo", "cy", "ana", "bo", "cy", "ana"]


async def test_a_round_robin_goes_on_with_the_next_person_when_it_repeats(
    world: World,
) -> None:
    both = step(world, "ana", "bo")

    await world.trigger(policy(replace(both, round_robin=True), repeats=2))
    await world.advance(HOUR)

    assert await world.paged() == [("ana", 0), ("bo", 5), ("ana", 10)]


async def test_many_incidents_in_one_sweep_take_turns_too(world: World) -> None:
    fair = policy(replace(step(world, "ana", "bo", "cy"), round_robin=True))

    await world.send(world.source(fair), *(f"key {n}" for n in range(9)))
    await world.work()

    names = [name for name, _ in await world.paged()]
    assert {name: names.count(name) for name in names} == {"ana": 3, "bo": 3, "cy": 3}


async def test_a_step_that_wants_two_people_notifies_until_two_have_acknowledged(
    world: World,
) -> None:
    wanting = policy(
        replace(step(world, "ana", "bo", "cy"), acknowledgements=2),
        step(world, "ana"),
        ack_timeout=2 * HOUR,
    )
    incident = await world.trigger(wanting)

    await world.advance(MINUTE)
    await service.acknowledge(world.tx, incident, world.actor("ana"), world.now)
    assert await held_by(world, incident) is Status.ACKNOWLEDGED
    await world.advance(10 * MINUTE)
    await service.acknowledge(world.tx, incident, world.actor("bo"), world.now)
    await world.advance(HOUR)

    told = await world.paged()
    assert sorted(told[:3]) == [("ana", 0), ("bo", 0), ("cy", 0)]
    assert sorted(told[3:]) == [("bo", 5), ("bo", 10), ("cy", 5), ("cy", 10)]
    assert "incident.acknowledged_too" in await world.timeline(incident)


async def test_rules_that_come_later_run_on_for_those_who_are_still_wanted(
    world: World,
) -> None:
    for name in ("ana", "bo"):
        mail = await world.methods_of(name)
        await world.rules(name, (Urgency.HIGH, 3 * MINUTE, mail))
    wanting = replace(step(world, "ana", "bo", minutes=60), acknowledgements=2)
    incident = await world.trigger(policy(wanting))

    await service.acknowledge(world.tx, incident, world.actor("ana"), world.now)
    await world.advance(5 * MINUTE)

    assert await world.paged() == [("bo", 3)]
    assert sorted(await world.statuses()) == ["delivered", "skipped:acknowledged"]


async def test_acknowledging_for_several_people_at_once_counts_as_one(
    world: World,
) -> None:
    wanting = replace(step(world, "ana", "bo"), acknowledgements=2)
    incident = await world.trigger(policy(wanting))

    for _ in range(3):
        await service.acknowledge_bulk(
            world.tx, [incident], world.actor("ana"), world.now
        )
    await world.advance(5 * MINUTE)
    assert ("bo", 5) in await world.paged()
    await service.acknowledge_bulk(world.tx, [incident], world.actor("bo"), world.now)
    await world.advance(HOUR)

    assert [page for page in await world.paged() if page[1] > 5] == []


async def test_resolving_ends_the_wish_for_more_people(world: World) -> None:
    wanting = replace(step(world, "ana", "bo"), acknowledgements=2)
    incident = await world.trigger(policy(wanting))
    await service.acknowledge(world.tx, incident, world.actor("ana"), world.now)

    await service.resolve(world.tx, incident, None, world.actor("ana"), world.now)
    await world.advance(HOUR)

    assert {minute for _, minute in await world.paged()} == {0}


async def test_giving_it_to_somebody_else_forgets_who_acknowledged(
    world: World,
) -> None:
    wanting = replace(step(world, "ana", "bo"), acknowledgements=2)
    incident = await world.trigger(policy(wanting))
    await service.acknowledge(world.tx, incident, world.actor("ana"), world.now)

    await people.assign_user(
        world.tx, incident, world.people["cy"], world.actor("ana"), world.now
    )
    await world.work()
    await service.acknowledge(world.tx, incident, world.actor("cy"), world.now)
    await world.advance(HOUR)

    told = [page for page in await world.paged() if page[1] > 0]
    assert told == []
    assert ("cy", 0) in await world.paged()


async def test_the_next_person_of_a_schedule_can_be_paged(world: World) -> None:
    users = tuple(world.people[name] for name in ("ana", "bo", "cy"))
    layers = (NewLayer(START - HOUR, users), NewLayer(START - HOUR, users[::-1]))
    draft = Draft("Rota", world.team_id, "UTC", layers)
    schedule_id = await schedule_queries.insert_schedule(world.tx, draft, START)
    steps = [
        Step(5 * MINUTE, (Target(TargetKind.SCHEDULE, schedule_id, which),))
        for which in (Which.CURRENT, Which.NEXT, Which.ALL)
    ]

    await world.trigger(policy(*steps))
    await world.advance(12 * MINUTE)

    first, second, *third = await world.paged()
    assert (first, second) == (("cy", 0), ("bo", 5))
    assert sorted(third) == [("ana", 10), ("cy", 10)]


async def test_a_policy_of_the_old_form_still_runs(world: World) -> None:
    incident = await world.trigger(world.policy(("ana", HOUR)))
    bo = world.people["bo"]
    await world.set_policy(
        incident,
        f'{{"id": null, "name": "old", "repeats": 0, "steps": [{{"timeout": "PT300S",'
        f' "targets": [{{"kind": "user", "id": "{world.people["ana"]}"}}]}},'
        f' {{"timeout": "PT300S", "targets": [{{"kind": "user", "id": "{bo}"}}]}}]}}',
    )

    await world.advance(HOUR)

    assert await world.paged() == [("ana", 0), ("bo", 60)]
