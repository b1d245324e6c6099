"""Four: nothing gets into a parameter that its runbook does not ask for."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from tests.api.automation import Automation, automation_of
from tests.api.conftest import Api
from tests.fakes.runner import Runner

INJECTIONS = (
    *("worker-1; rm -rf /", "$(reboot)", "`id`", "worker-1\nrm -rf /", "--force"),
    *("worker-1 && id", "worker-1|id", "\u2014force", "worker\u20101", "{{secrets}}"),
    *("{% include '/etc/passwd' %}", "${jndi:ldap://x}", "worker-1\0", "worker-\u0661"),
    *("../../worker-1", "worker-1\u202e", "worker-1 ", " worker-1", "WORKER-1", ""),
)


@pytest.fixture
async def automation(api: Api) -> AsyncIterator[Automation]:
    async with automation_of(api) as made:
        yield made


@pytest.fixture
async def fake(automation: Automation) -> Runner:
    """A runner that checks signatures, connected."""
    made = Runner(automation.api.clock())
    await automation.connect("webhook", made.handle)
    return made


# -- 4: parameters -------------------------------------------------------------------


@pytest.mark.parametrize("number", range(len(INJECTIONS)))
async def test_rule_4_nothing_is_injected_through_a_parameter(
    automation: Automation, fake: Runner, number: int
) -> None:
    runbook_id = await automation.approved()
    text = INJECTIONS[number]

    refused = await automation.ask(runbook_id, parameters={"worker": text})

    assert refused.status_code == 422
    # what was typed in is not said again
    assert not text.strip() or text not in refused.json()["detail"]
    assert fake.orders == []


@pytest.mark.usefixtures("fake")
async def test_rule_4_text_without_a_pattern_is_a_word(automation: Automation) -> None:
    schema = {"properties": {"host": {"type": "string"}}}
    runbook_id = await automation.approved(parameters=schema)

    answers = {
        text: (await automation.ask(runbook_id, parameters={"host": text})).status_code
        for text in ("web-1.example.org:8080", "a b", "-f", "a;b", "a'b", "$a")
    }

    assert answers.pop("web-1.example.org:8080") == 201
    assert set(answers.values()) == {422}


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^a|b$"])
@pytest.mark.usefixtures("fake")
async def test_rule_4_patterns_are_matched_whole_and_in_linear_time(
    automation: Automation, pattern: str
) -> None:
    schema = {"properties": {"host": {"type": "string", "pattern": pattern}}}
    runbook_id = await automation.approved(parameters=schema)

    async with asyncio.timeout(60):
        bomb = await automation.ask(runbook_id, parameters={"host": "a" * 900 + "!"})
        part = await automation.ask(runbook_id, parameters={"host": "x; b"})

    assert [bomb.status_code, part.status_code] == [422, 422]


async def test_rule_4_alerts_fill_parameters_only_by_declared_bindings_that_match(
    automation: Automation, fake: Runner
) -> None:
    title = {"type": "string", "pattern": "^[A-Za-z ]+$"}
    runbook_id = await automation.approved(
        parameters={"properties": {"what": title}}, bindings={"what": "incident.title"}
    )
    incident_id = await automation.incident()
    asked = {"incident_id": incident_id}
    form = await automation.cy.client.get(
        f"/v1/runbooks/{runbook_id}/form", params=asked
    )

    fine = await automation.ask(runbook_id, parameters={}, **asked)
    await automation.sql("UPDATE incidents SET title = 'Shop $(reboot)'")
    hostile = await automation.ask(runbook_id, parameters={}, **asked)
    await automation.work()

    assert form.json()["values"] == {"what": "Shop is down"}
    assert form.json()["may_run"] is True
    assert [fine.status_code, hostile.status_code] == [201, 422]
    assert fake.orders[0]["parameters"] == {"what": "Shop is down"}


async def test_rule_4_values_never_leave_the_text_of_a_body_that_they_are_put_into(
    automation: Automation, fake: Runner
) -> None:
    body = json.dumps({"say": "{{incident.title}}", "deep": ["{{parameters.worker}}"]})
    runbook_id = await automation.approved(content={"path": "/x", "body": body})
    incident_id = await automation.incident()
    hostile = 'x", "admin": true, "y": "{{parameters.worker}}'
    await automation.sql("UPDATE incidents SET title = :title", title=hostile)

    await automation.start(runbook_id, incident_id=incident_id)
    await automation.work()

    assert fake.orders[0]["body"] == {"say": hostile, "deep": ["worker-1"]}


@pytest.mark.parametrize(
    "bomb",
    [
        "{{#each a}}" * 40 + "{{/each}}" * 40,
        "{{#repeat 1000000}}x{{/repeat}}",
        "{{lookup this '__class__'}}",
        "{{unclosed",
        "{" * 2500,
    ],
)
async def test_rule_4_template_bombs_do_no_harm(
    automation: Automation, fake: Runner, bomb: str
) -> None:
    content = automation.content(content={"body": json.dumps({"a": bomb})})
    body = {"team_id": str(automation.team_id), "content": content}
    async with asyncio.timeout(60):
        made = await automation.ana.client.post("/v1/runbooks", json=body)
        if made.status_code == 201:
            await automation.approve_all(made.json()["id"])
            await automation.start(made.json()["id"])
            await automation.work()

    assert made.status_code in {201, 422}
    assert all(len(json.dumps(order)) < 20_000 for order in fake.orders)
    assert "class" not in json.dumps([order.get("body") for order in fake.orders])
