"""Who is paged when nobody answers, and what stops it."""

from datetime import datetime

import pytest

from pagefree.core.access import Role
from pagefree.core.alerts import Action
from pagefree.core.escalation import NO_POLICY, Policy, Target, TargetKind
from pagefree.core.notifications import Kind
from pagefree.escalation import policy_queries
from pagefree.escalation import service as escalation
from pagefree.incidents import merging, people, service
from pagefree.schedules import queries as schedule_queries
from pagefree.schedules.plans import Draft, NewLayer
from tests.simulation.world import HOUR, MINUTE, START, World


def two_steps(world: World) -> Policy:
    return world.policy(("ana", 5 * MINUTE), ("bo", 10 * MINUTE))


async def test_the_first_step_is_paged_at_once(world: World) -> None:
    await world.trigger(two_steps(world))

    assert await world.paged() == [("ana", 0)]


async def test_the_second_step_is_paged_when_nobody_acknowledges(world: World) -> None:
    await world.trigger(two_steps(world))

    await world.advance(4 * MINUTE)
    assert await world.paged() == [("ana", 0)]

    await world.advance(1 * MINUTE)
    assert await world.paged() == [("ana", 0), ("bo", 5)]


async def test_when_nobody_answers_at_all_the_platform_admins_are_told(
    world: World,
) -> None:
    await world.person("root", admin=True)
    incident = await world.trigger(two_steps(world))

    await world.advance(30 * 24 * HOUR)

    assert await world.paged() == [("ana", 0), ("bo", 5), ("root", 15)]
    assert "escalation.exhausted" in await world.timeline(incident)
    assert {n.kind for n in await world.sent(incident)} == {Kind.PAGE, Kind.FALLBACK}


async def test_repeats_go_through_all_steps_again(world: World) -> None:
    await world.trigger(world.policy(("ana", MINUTE), ("bo", MINUTE), repeats=2))

    await world.advance(HOUR)

    names = [name for name, _ in await world.paged()]
    assert names == ["ana", "bo", "ana", "bo", "ana", "bo"]


@pytest.mark.fault("T-43", "there is no escalation policy")
async def test_a_service_without_a_policy_pages_the_platform_admins_at_once(
    world: World,
) -> None:
    await world.person("root", admin=True)

    await world.trigger(NO_POLICY)

    assert await world.paged() == [("root", 0)]


@pytest.mark.fault("T-43", "a step reaches nobody")
async def test_a_step_that_reaches_nobody_is_skipped_at_once_and_recorded(
    world: World,
) -> None:
    incident = await world.trigger(world.policy((None, HOUR), ("bo", HOUR)))

    assert await world.paged() == [("bo", 0)]
    assert "escalation.skipped" in await world.timeline(incident)


async def test_acknowledging_stops_the_escalation(world: World) -> None:
    incident = await world.trigger(two_steps(world))

    await service.acknowledge(world.tx, incident, world.actor("ana"), world.now)
    await world.advance(30 * 24 * HOUR)

    assert await world.paged() == [("ana", 0)]


async def test_a_page_acknowledged_between_plan_and_send_is_not_sent(
    world: World,
) -> None:
    world.working = False
    incident = await world.trigger(two_steps(world))
    await world.escalate()

    await service.acknowledge(world.tx, incident, world.actor("ana"), world.now)
    world.working = True
    await world.work()

    assert await world.paged() == []
    assert await world.statuses() == ["skipped:acknowledged"]


async def test_un_acknowledging_escalates_from_the_first_step(world: World) -> None:
    incident = await world.trigger(two_steps(world))
    await service.acknowledge(world.tx, incident, world.actor("ana"), world.now)
    await world.advance(HOUR)

    await service.unacknowledge(world.tx, incident, world.actor("ana"), world.now)
    await world.work()
    await world.advance(5 * MINUTE)

    assert await world.paged() == [("ana", 0), ("ana", 60), ("bo", 65)]


async def test_editing_a_policy_does_not_disturb_what_escalates_by_it(
    world: World,
) -> None:
    admin = world.actor("ana", Role.TEAM_ADMIN)
    drafted = two_steps(world)
    draft = policy_queries.Draft(world.team_id, drafted)
    policy_id = await escalation.create(world.tx, draft, admin, world.now)
    await world.trigger(await escalation.policy(world.tx, policy_id))

    edited = policy_queries.Draft(world.team_id, world.policy(("cy", MINUTE)))
    await escalation.replace(world.tx, policy_id, edited, admin, world.now)
    await world.advance(5 * MINUTE)

    assert await world.paged() == [("ana", 0), ("bo", 5)]


@pytest.mark.fault("T-43", "somebody has left")
async def test_a_deactivated_person_is_passed_over(world: World) -> None:
    await world.deactivate("ana")

    await world.trigger(two_steps(world))

    assert await world.paged() == [("bo", 0)]


async def test_who_is_deactivated_between_plan_and_send_gets_nothing(
    world: World,
) -> None:
    world.working = False
    await world.trigger(two_steps(world))
    await world.escalate()

    await world.deactivate("ana")
    world.working = True
    await world.work()

    assert await world.statuses() == ["skipped:user_deactivated"]


async def test_a_snooze_keeps_quiet_and_then_escalates_from_the_first_step(
    world: World,
) -> None:
    incident = await world.trigger(two_steps(world))
    until = START + 2 * HOUR
    await service.snooze(world.tx, incident, until, world.actor("ana"), world.now)

    await world.advance(119 * MINUTE)
    assert await world.paged() == [("ana", 0)]

    await world.advance(6 * MINUTE)
    assert await world.paged() == [("ana", 0), ("ana", 120), ("bo", 125)]
    assert "incident.woke" in await world.timeline(incident)


async def test_resolving_what_is_snoozed_ends_it(world: World) -> None:
    incident = await world.trigger(two_steps(world))
    until = START + 2 * HOUR
    await service.snooze(world.tx, incident, until, world.actor("ana"), world.now)

    await service.resolve(world.tx, incident, None, world.actor("ana"), world.now)
    await world.advance(24 * HOUR)

    assert await world.paged() == [("ana", 0)]


async def test_a_storm_of_duplicates_pages_once(world: World) -> None:
    source = world.source(two_steps(world))

    for _ in range(10):
        await world.send(source, *["disk"] * 50)
        await world.work()

    assert await world.paged() == [("ana", 0)]


async def test_an_alert_that_resolves_before_the_page_wakes_nobody(
    world: World,
) -> None:
    source = world.source(two_steps(world))
    await world.send(source, "disk")
    await world.escalate()

    await world.send(source, "disk", action=Action.RESOLVE)
    await world.work()
    await world.advance(24 * HOUR)

    assert await world.paged() == []
    assert await world.statuses() == ["skipped:resolved"]


async def test_re_opening_pages_again(world: World) -> None:
    incident = await world.trigger(two_steps(world))
    await service.resolve(world.tx, incident, None, world.actor("ana"), world.now)
    await world.advance(HOUR)

    await service.reopen(world.tx, incident, world.actor("ana"), world.now)
    await world.work()

    assert await world.paged() == [("ana", 0), ("ana", 60)]


async def test_a_reassigned_incident_pages_the_new_person_and_no_longer_the_old(
    world: World,
) -> None:
    incident = await world.trigger(two_steps(world))

    actor = world.actor("ana")
    await people.assign_user(world.tx, incident, world.people["cy"], actor, world.now)
    await world.work()
    await world.advance(10 * MINUTE)

    assert await world.paged() == [("ana", 0), ("cy", 0), ("cy", 10)]


async def test_who_is_asked_for_help_is_told_although_somebody_has_the_incident(
    world: World,
) -> None:
    incident = await world.trigger(two_steps(world))
    ana = world.actor("ana")
    await service.acknowledge(world.tx, incident, ana, world.now)

    await people.add_responder(world.tx, incident, world.people["cy"], ana, world.now)
    await world.work()
    await world.advance(24 * HOUR)

    assert await world.paged() == [("ana", 0), ("cy", 0)]


async def test_who_is_asked_for_help_is_told_although_somebody_else_is_given_it(
    world: World,
) -> None:
    world.working = False
    incident = await world.trigger(two_steps(world))
    ana, cy, bo = world.actor("ana"), world.people["cy"], world.people["bo"]

    await people.add_responder(world.tx, incident, cy, ana, world.now)
    await people.assign_user(world.tx, incident, bo, ana, world.now)
    world.working = True
    await world.work()

    # one person's page is not ordered before another's of the same instant
    assert sorted(await world.paged()) == [("bo", 0), ("cy", 0)]


async def test_an_incident_merged_into_another_pages_no_more(world: World) -> None:
    into = await world.trigger(two_steps(world))
    merged = await world.trigger(world.policy(("cy", MINUTE), ("bo", MINUTE)))
    ana = world.actor("ana")

    await merging.merge(world.tx, merged, into, ana, world.now)
    await service.acknowledge(world.tx, into, ana, world.now)
    await world.advance(24 * HOUR)

    assert await world.paged() == [("ana", 0), ("cy", 0)]


async def test_a_worker_that_was_down_for_an_hour_pages_one_step_only(
    world: World,
) -> None:
    world.working = False
    await world.trigger(two_steps(world))
    await world.advance(HOUR)

    world.working = True
    await world.work()

    assert await world.paged() == [("ana", 60)]


async def test_a_team_is_its_responders_and_admins(world: World) -> None:
    await world.join("ana", Role.TEAM_ADMIN)
    await world.join("bo", Role.RESPONDER)
    await world.join("cy", Role.OBSERVER)
    team = Target(TargetKind.TEAM, world.team_id)

    await world.trigger(world.policy((team, MINUTE)))

    assert sorted(await world.paged()) == [("ana", 0), ("bo", 0)]


async def test_a_handoff_between_two_steps_pages_whoever_is_on_call_then(
    world: World,
) -> None:
    rota = await daily(world, START - 24 * HOUR + 10 * MINUTE, "ana", "bo")

    await world.trigger(world.policy((rota, 15 * MINUTE), (rota, 15 * MINUTE)))
    await world.advance(15 * MINUTE)

    assert await world.paged() == [("ana", 0), ("bo", 15)]


async def test_somebody_in_two_targets_of_a_step_is_paged_once(world: World) -> None:
    await world.join("ana")
    team = Target(TargetKind.TEAM, world.team_id)
    ana = Target(TargetKind.USER, world.people["ana"])
    policy = world.policy((ana, MINUTE))
    step = policy.steps[0]
    both = Policy(policy.id, "both", (type(step)(step.timeout, (ana, team)),))

    await world.trigger(both)

    assert await world.paged() == [("ana", 0)]


async def test_two_incidents_page_on_their_own(world: World) -> None:
    first = await world.trigger(two_steps(world))
    await world.advance(MINUTE)
    await world.trigger(world.policy(("cy", HOUR)))

    await service.acknowledge(world.tx, first, world.actor("ana"), world.now)
    await world.advance(HOUR)

    assert await world.paged() == [("ana", 0), ("cy", 1)]


@pytest.mark.fault("T-09", "an escalation cannot be read")
async def test_one_poisoned_escalation_does_not_stop_the_others(world: World) -> None:
    world.working = False
    broken = await world.trigger(two_steps(world))
    await world.trigger(world.policy(("cy", HOUR)))
    await world.set_policy(broken, '{"not": "a policy"}')

    world.working = True
    await world.work()

    assert await world.paged() == [("cy", 0)]


async def daily(world: World, start: datetime, *names: str) -> Target:
    layer = NewLayer(start, tuple(world.people[name] for name in names))
    draft = Draft("Rota", world.team_id, "UTC", (layer,))
    made = await schedule_queries.insert_schedule(world.tx, draft, world.now)
    return Target(TargetKind.SCHEDULE, made)
