"""From a real Alertmanager to the mailbox of the person who is on call, and on to the next."""

import time

import pytest
from playwright.async_api import expect

from tests.e2e.alertmanager import Alertmanager
from tests.e2e.company import SHORTEST_STEP_S, Company
from tests.e2e.mailbox import Mailbox
from tests.e2e.screens import PHONE, Screens
from tests.programs import eventually

pytestmark = pytest.mark.xdist_group("whole program")

PAGED_S = 2
LATE_S = 2


@pytest.mark.parametrize("via", ["webhook", "pagerduty"])
async def test_a_firing_alert_reaches_the_first_person_within_two_seconds(
    calm: Company, mails: Mailbox, alerting: Alertmanager, via: str
) -> None:
    title = f"Disk is full via {via}"
    fired_at = time.monotonic()

    await alerting.fire(title, via)
    mail = await mails.wait_for(title, calm.ana.email, PAGED_S)

    incident = await calm.admin.incident(title)
    assert mail.arrived_at - fired_at < PAGED_S
    assert (incident["status"], incident["alert_count"]) == ("triggered", 1)
    assert mails.about(title, calm.bo.email) == []


async def test_the_second_person_is_told_when_the_first_does_not_answer_in_time(
    calm: Company, mails: Mailbox, alerting: Alertmanager
) -> None:
    await alerting.fire("Nobody answers")
    first = await mails.wait_for("Nobody answers", calm.ana.email, PAGED_S)

    second = await mails.wait_for(
        "Nobody answers", calm.bo.email, SHORTEST_STEP_S + LATE_S
    )

    waited = second.arrived_at - first.arrived_at
    assert SHORTEST_STEP_S - 1 < waited < SHORTEST_STEP_S + LATE_S
    assert len(mails.about("Nobody answers", calm.ana.email)) == 1


@pytest.mark.browser
async def test_pressing_the_button_behind_the_link_acknowledges_and_opening_it_does_not(
    calm: Company, mails: Mailbox, alerting: Alertmanager, screens: Screens
) -> None:
    await alerting.fire("Queue is stuck")
    mail = await mails.wait_for("Queue is stuck", calm.ana.email, PAGED_S)
    phone = await screens.open(PHONE)

    await phone.goto(mail.link)
    await expect(phone.get_by_role("status")).to_have_text("Nobody has it yet")
    opened = await calm.admin.incident("Queue is stuck")
    await phone.get_by_role("button", name="Acknowledge").click()
    await expect(phone.get_by_role("status")).to_have_text("Acknowledged: you have it")
    pressed = await calm.admin.incident("Queue is stuck")

    assert opened["status"] == "triggered"
    assert pressed["status"] == "acknowledged"
    assert pressed["acknowledged_by"] == {"id": calm.ana.id, "name": "Ana"}
    assert pressed["next_escalation_at"] is None


@pytest.mark.parametrize("via", ["webhook", "pagerduty"])
async def test_a_resolved_alert_resolves_its_incident(
    calm: Company, mails: Mailbox, alerting: Alertmanager, via: str
) -> None:
    title = f"Latency is high via {via}"
    await alerting.fire(title, via)
    await mails.wait_for(title, calm.ana.email, PAGED_S)

    await alerting.resolve(title, via)

    async def is_resolved() -> bool:
        incident = await calm.admin.incident(title)
        return bool(incident["status"] == "resolved")

    # Alertmanager gathers changes of a group for a second before it tells
    await eventually(is_resolved, within_s=5)
    assert mails.about(title, calm.bo.email) == []
