"""The sweep: what is due is paged once, by however many workers, and nothing is lost."""

import asyncio
from datetime import timedelta

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.core.access import Actor
from pagefree.core.escalation import NO_POLICY, Target, TargetKind
from pagefree.core.incidents import Status
from pagefree.escalation import service
from pagefree.escalation.policy_queries import Draft
from pagefree.infra.db import driver, transaction
from pagefree.tables.escalation import escalations
from pagefree.tables.notifications import notifications
from tests.escalation.company import MINUTE, NOW, Company, policy, user


async def test_steps_are_paged_in_order_until_the_policy_is_exhausted(
    company: Company,
) -> None:
    two_steps = policy([user(company.ana)], [user(company.bo)])
    incident = await company.incident(two_steps)

    for minutes in (0, 4, 5, 9, 10, 60):
        await service.escalate_due(company.tx, NOW + minutes * MINUTE)

    assert await company.paged(incident) == [
        (company.ana, "step 1"),
        (company.bo, "step 2"),
        (company.admin, "fallback"),
    ]
    assert await company.history(incident) == [
        (1, "escalation.paged"),
        (2, "escalation.paged"),
        (3, "escalation.exhausted"),
    ]
    assert (await company.row(incident))["state"] == "exhausted"


async def test_a_repeat_pages_the_first_step_again_and_says_so(
    company: Company,
) -> None:
    incident = await company.incident(policy([user(company.ana)], repeats=1))

    await service.escalate_due(company.tx, NOW)
    await service.escalate_due(company.tx, NOW + 5 * MINUTE)

    assert await company.paged(incident) == [
        (company.ana, "step 1"),
        (company.ana, "step 1, repeat 1"),
    ]


async def test_a_team_and_a_schedule_are_paged_as_the_people_they_mean(
    company: Company,
) -> None:
    rota = await company.schedule(company.bo, company.ana)
    team = Target(TargetKind.TEAM, company.team_id)
    on_call = Target(TargetKind.SCHEDULE, rota)
    incident = await company.incident(policy([on_call], [team, on_call]))

    await service.escalate_due(company.tx, NOW)
    await service.escalate_due(company.tx, NOW + 5 * MINUTE)

    paged = await company.paged(incident)
    assert paged[0] == (company.bo, "step 1")
    assert set(paged[1:]) == {(company.ana, "step 2"), (company.bo, "step 2")}
    assert len(paged) == 3  # nobody twice for one step


async def test_somebody_who_has_left_is_skipped_at_once(company: Company) -> None:
    incident = await company.incident(policy([user(company.ana)], [user(company.bo)]))
    await company.deactivate(company.ana)

    await service.escalate_due(company.tx, NOW)

    assert await company.paged(incident) == [(company.bo, "step 2")]
    assert await company.history(incident) == [
        (1, "escalation.skipped"),
        (2, "escalation.paged"),
    ]


async def test_the_empty_turn_of_somebody_who_has_left_pages_nobody(
    company: Company,
) -> None:
    rota = Target(TargetKind.SCHEDULE, await company.schedule(company.ana, company.bo))
    incident = await company.incident(policy([rota]))
    await company.deactivate(company.ana)

    await service.escalate_due(company.tx, NOW)

    assert await company.paged(incident) == [(company.admin, "fallback")]


async def test_an_incident_without_a_policy_goes_to_the_platform_admins(
    company: Company,
) -> None:
    incident = await company.incident(NO_POLICY)

    await service.escalate_due(company.tx, NOW)

    assert await company.paged(incident) == [(company.admin, "fallback")]
    assert (await company.row(incident))["state"] == "exhausted"


async def test_exhausting_is_recorded_even_when_no_admin_can_be_reached(
    company: Company,
) -> None:
    incident = await company.incident(NO_POLICY)
    await company.deactivate(company.admin)

    await service.escalate_due(company.tx, NOW)

    assert await company.paged(incident) == []
    assert await company.history(incident) == [(1, "escalation.exhausted")]


async def test_a_snooze_that_ends_wakes_the_incident_and_pages_again(
    company: Company,
) -> None:
    incident = await company.incident(policy([user(company.ana)]))
    until = NOW + 60 * MINUTE
    await company.change(
        incident,
        status=Status.ACKNOWLEDGED.value,
        acknowledged_at=NOW,
        acknowledged_by_id=company.ana,
        snoozed_until=until,
    )
    await service.pause(company.tx, incident, until)

    early = await service.escalate_due(company.tx, until - MINUTE)
    await service.escalate_due(company.tx, until)

    assert early == 0
    assert await company.status(incident) == "triggered"
    assert await company.paged(incident) == [(company.ana, "step 1")]
    assert await company.history(incident) == [
        (1, "incident.woke"),
        (2, "escalation.paged"),
    ]


async def test_what_somebody_has_or_is_over_is_not_paged_for_though_it_is_due(
    company: Company,
) -> None:
    over, snoozed = await company.incidents(policy([user(company.ana)]), 2)
    await company.change(over, status="resolved", resolved_at=NOW)
    until = NOW + 60 * MINUTE
    await company.change(snoozed, status="acknowledged", snoozed_until=until)

    done = await service.escalate_due(company.tx, NOW)

    assert done == 2
    assert await company.paged(over) == await company.paged(snoozed) == []
    assert (await company.row(over))["state"] == "stopped"
    assert (await company.row(snoozed))["due_at"] == until


async def test_stopping_restarting_and_another_policy(company: Company) -> None:
    incident = await company.incident(policy([user(company.ana)]))
    await service.stop_many(await driver(company.tx), [incident])
    assert await service.escalate_due(company.tx, NOW) == 0

    await service.restart(company.tx, [incident], NOW)
    await service.escalate_due(company.tx, NOW)
    instead = policy([user(company.bo)])
    await service.replace_policy(company.tx, incident, instead, NOW)
    await service.escalate_due(company.tx, NOW)

    assert await company.paged(incident) == [
        (company.ana, "step 1"),
        (company.bo, "step 1"),
    ]
    state = (await service.progress(company.tx, [incident]))[incident]
    assert (state.policy, state.progress.steps_done) == (instead, 1)


async def test_the_most_overdue_go_first_and_no_more_than_asked_for(
    company: Company,
) -> None:
    incidents = await company.incidents(policy([user(company.ana)]), 3)
    for minutes, incident in enumerate(incidents):
        due_at = NOW - minutes * MINUTE
        where = escalations.c.incident_id == incident
        await company.tx.execute(update(escalations).where(where).values(due_at=due_at))

    done = await service.escalate_due(company.tx, NOW, limit=2)

    assert done == 2
    assert await company.paged(incidents[0]) == []
    assert await service.next_due_at(company.tx) == NOW


async def test_a_row_that_cannot_be_read_is_put_off_alone(company: Company) -> None:
    incidents = await company.incidents(policy([user(company.ana)]), 7)
    poisoned = incidents[3]
    await company.tx.execute(
        update(escalations)
        .where(escalations.c.incident_id == poisoned)
        .values(policy={"steps": "none of these"})
    )

    await service.escalate_due(company.tx, NOW)

    paged = [i for i in incidents if await company.paged(i)]
    row = await company.row(poisoned)
    assert paged == [i for i in incidents if i != poisoned]
    assert (row["failures"], row["due_at"]) == (1, NOW + timedelta(seconds=5))
    assert row["state"] == "running"


async def test_a_row_that_is_mended_goes_on_and_its_failures_are_forgotten(
    company: Company,
) -> None:
    incident = await company.incident(policy([user(company.ana)]))
    where = escalations.c.incident_id == incident
    good = (await company.row(incident))["policy"]
    await company.tx.execute(update(escalations).where(where).values(policy=[]))
    await service.escalate_due(company.tx, NOW)
    await service.escalate_due(company.tx, NOW + timedelta(seconds=5))
    assert (await company.row(incident))["failures"] == 2

    await company.tx.execute(update(escalations).where(where).values(policy=good))
    await service.escalate_due(company.tx, NOW + MINUTE)

    assert await company.paged(incident) == [(company.ana, "step 1")]
    assert (await company.row(incident))["failures"] == 0


async def test_an_escalation_that_keeps_failing_is_told_to_the_admins_once(
    company: Company,
) -> None:
    incident = await company.incident(policy([user(company.ana)]))
    where = escalations.c.incident_id == incident
    good = (await company.row(incident))["policy"]
    await company.tx.execute(update(escalations).where(where).values(policy=[]))

    for minute in range(6):
        assert len(await company.paged(incident)) == (minute > 2)
        await service.escalate_due(company.tx, NOW + minute * 5 * MINUTE)
    told = [(company.admin, "escalation failed")]
    assert await company.paged(incident) == told
    assert await company.history(incident) == [(1, "escalation.put_off")]

    await company.tx.execute(update(escalations).where(where).values(policy=good))
    await service.escalate_due(company.tx, NOW + 60 * MINUTE)

    assert await company.paged(incident) == [*told, (company.ana, "step 1")]


async def test_nobody_is_told_of_a_failing_escalation_of_what_somebody_has(
    company: Company,
) -> None:
    incident = await company.incident(policy([user(company.ana)]))
    where = escalations.c.incident_id == incident
    await company.tx.execute(update(escalations).where(where).values(policy=[]))
    await company.change(incident, status="acknowledged")

    for minute in range(6):
        await service.escalate_due(company.tx, NOW + minute * 5 * MINUTE)

    assert await company.paged(incident) == []
    assert await company.history(incident) == []


async def test_a_failing_escalation_of_what_was_snoozed_wakes_it_and_is_told(
    company: Company,
) -> None:
    incident = await company.incident(policy([user(company.ana)]))
    where = escalations.c.incident_id == incident
    await company.tx.execute(update(escalations).where(where).values(policy=[]))
    await company.change(incident, status="acknowledged", snoozed_until=NOW)

    for minute in range(3):
        await service.escalate_due(company.tx, NOW + minute * 5 * MINUTE)

    assert await company.paged(incident) == [(company.admin, "escalation failed")]
    assert await company.status(incident) == "triggered"
    assert [kind for _, kind in await company.history(incident)] == [
        "incident.woke",
        "escalation.put_off",
    ]


async def test_sweepers_side_by_side_page_each_step_once(
    committed: Company, fresh_engine: AsyncEngine
) -> None:
    async with transaction(fresh_engine) as tx:
        company = committed.on(tx)
        incidents = await company.incidents(policy([user(company.ana)]), 600)

    async def sweep() -> None:
        for _ in range(40):  # a sweeper that finds nothing may only have come too early
            async with transaction(fresh_engine) as tx:
                await service.escalate_due(tx, NOW, limit=50)

    await asyncio.gather(*(sweep() for _ in range(4)))

    async with transaction(fresh_engine) as tx:
        rows = await tx.execute(
            select(notifications.c.incident_id, func.count()).group_by(
                notifications.c.incident_id
            )
        )
        assert {row[0]: row[1] for row in rows} == dict.fromkeys(incidents, 1)


async def test_ten_thousand_due_steps_are_all_paged_exactly_once(
    committed: Company, fresh_engine: AsyncEngine
) -> None:
    async with transaction(fresh_engine) as tx:
        company = committed.on(tx)
        rota = await company.schedule(company.ana, company.bo)
        on_call = policy([Target(TargetKind.SCHEDULE, rota)])
        for _ in range(10):
            await company.incidents(on_call, 1000)

    done: list[int] = []
    while not done or done[-1]:
        async with transaction(fresh_engine) as tx:
            done.append(await service.escalate_due(tx, NOW))

    async with transaction(fresh_engine) as tx:
        count = await tx.execute(
            select(func.count(), func.count(func.distinct(notifications.c.incident_id)))
        )
        assert tuple(count.one()) == (10_000, 10_000)
    assert sum(done) == 10_000


async def test_the_sweep_neither_waits_for_nor_pages_what_somebody_is_changing(
    committed: Company, fresh_engine: AsyncEngine
) -> None:
    async with transaction(fresh_engine) as tx:
        company = committed.on(tx)
        taken, free = await company.incidents(policy([user(company.ana)]), 2)

    async with transaction(fresh_engine) as person:
        await committed.on(person).change(taken, status="acknowledged")
        async with transaction(fresh_engine) as tx:
            await tx.execute(text("SET LOCAL lock_timeout = '100ms'"))
            await service.escalate_due(tx, NOW)
        await service.stop_many(await driver(person), [taken])
    async with transaction(fresh_engine) as tx:
        await service.escalate_due(tx, NOW)

    async with transaction(fresh_engine) as tx:
        assert await committed.on(tx).paged(taken) == []
        assert await committed.on(tx).paged(free) == [(committed.ana, "step 1")]


async def test_editing_a_policy_leaves_running_escalations_alone(
    company: Company,
) -> None:
    admin = Actor(company.admin, "Admin", platform_admin=True)
    draft = Draft(company.team_id, policy([user(company.ana)], [user(company.ana)]))
    policy_id = await service.create(company.tx, draft, admin, NOW)
    incident = await company.incident(await service.policy(company.tx, policy_id))
    await service.escalate_due(company.tx, NOW)

    edited = Draft(company.team_id, policy([user(company.bo)]))
    await service.replace(company.tx, policy_id, edited, admin, NOW)
    later = await company.incident(await service.policy(company.tx, policy_id))
    await service.escalate_due(company.tx, NOW + 5 * MINUTE)

    assert await company.paged(incident) == [
        (company.ana, "step 1"),
        (company.ana, "step 2"),
    ]
    assert await company.paged(later) == [(company.bo, "step 1")]


async def test_different_policies_start_in_one_statement(company: Company) -> None:
    first, second = policy([user(company.ana)]), policy([user(company.bo)], repeats=3)
    incidents = await company.incidents(first, 2)
    (other,) = await company.incidents(second, 1)

    states = await service.progress(company.tx, [*incidents, other])

    assert [states[i].policy for i in (*incidents, other)] == [first, first, second]
