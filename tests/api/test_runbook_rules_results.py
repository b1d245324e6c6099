"""Seven to eleven: signed orders, callbacks, truth by asking, audit, unknown is unknown."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from pagefree.infra.db import transaction
from pagefree.runbooks import recording
from tests.api.automation import Automation, automation_of
from tests.api.conftest import Api
from tests.fakes import runner
from tests.fakes.awx import Awx
from tests.fakes.runner import Runner


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


async def ordered(automation: Automation, fake: Runner) -> tuple[str, str]:
    """A run that the runner has accepted, and the token it was given."""
    run_id = await automation.start(await automation.approved())
    await automation.work()
    return run_id, fake.orders[-1]["callback"]["token"]


# -- 7: signed requests --------------------------------------------------------------


async def test_rule_7_the_order_is_signed_counts_five_minutes_and_once(
    automation: Automation, fake: Runner
) -> None:
    run_id, _ = await ordered(automation, fake)
    sent = fake.asked[-1]
    order = fake.orders[0]

    assert order["run_id"] == run_id
    assert order["content_hash"] == (await automation.run(run_id))["content_hash"]
    assert fake.handle(sent).body == {"error": "replayed"}
    forged = sent.__class__(
        sent.method,
        sent.path,
        sent.query,
        sent.headers,
        sent.body.replace(b"worker-1", b"worker-2"),
    )
    assert fake.handle(forged).body == {"error": "signature"}
    fake.now += timedelta(minutes=5)
    assert fake.handle(sent).body == {"error": "expired"}
    fake.now -= timedelta(minutes=5)
    fake.nonces.clear()
    fake.allowed = {"0" * 64}
    assert fake.handle(sent).body == {"error": "content"}


# -- 8: callbacks --------------------------------------------------------------------


async def test_rule_8_a_runner_tells_progress_and_the_result(
    automation: Automation, fake: Runner
) -> None:
    run_id, token = await ordered(automation, fake)

    first = await automation.call_back(run_id, token, id="1", lines=["draining"])
    again = await automation.call_back(run_id, token, id="1", lines=["draining"])
    last = await automation.call_back(
        run_id, token, id="2", state="succeeded", outcome="Restarted", result={"n": 1}
    )

    assert [one.json()["verdict"] for one in (first, again, last)] == [
        "applied",
        "repeated",
        "applied",
    ]
    run = await automation.run(run_id)
    assert (run["state"], run["outcome"], run["result"]) == (
        "succeeded",
        "Restarted",
        {"n": 1},
    )
    assert await automation.lines(run_id) == ["draining"]


async def test_rule_8_forged_callbacks_are_recorded_and_change_nothing(
    automation: Automation, fake: Runner
) -> None:
    run_id, token = await ordered(automation, fake)
    other_id, other = await ordered(automation, fake)
    tokens = ("", "rb_guessed", token.upper(), other, token[:-1])

    answers = [
        await automation.call_back(run_id, one, state="failed", lines=["x"])
        for one in tokens
    ]

    assert {one.status_code for one in answers} == {403}
    assert (await automation.run(run_id))["state"] == "running"
    assert await automation.lines(run_id) == []
    kept = await automation.sql(
        "SELECT verdict, count(*) FROM runbook_callbacks GROUP BY 1"
    )
    assert [tuple(one) for one in kept] == [("forged", len(tokens))]
    assert (await automation.run(other_id))["state"] == "running"


async def test_rule_8_late_callbacks_are_recorded_and_change_nothing(
    automation: Automation, fake: Runner
) -> None:
    over_id, over = await ordered(automation, fake)
    await automation.call_back(over_id, over, state="failed", outcome="No")
    late_id, late = await ordered(automation, fake)
    automation.api.clock.advance(timedelta(minutes=5))

    answers = [
        await automation.call_back(over_id, over, state="succeeded", lines=["x"]),
        await automation.call_back(late_id, late, state="succeeded"),
    ]
    await automation.work()

    assert [one.status_code for one in answers] == [409, 409]
    assert (await automation.run(over_id))["state"] == "failed"
    assert (await automation.run(late_id))["state"] == "timed_out"
    kept = await automation.sql("SELECT verdict FROM runbook_callbacks ORDER BY id")
    assert sorted(one[0] for one in kept) == ["applied", "late", "late"]


async def test_rule_8_output_is_capped_and_never_repeats_the_token(
    automation: Automation, fake: Runner
) -> None:
    run_id, token = await ordered(automation, fake)
    await automation.call_back(run_id, token, lines=[f"my token is {token}"])
    for _ in range(12):
        await automation.call_back(run_id, token, lines=["x" * 5000] * 90)

    found = await automation.sql(
        "SELECT count(*), max(octet_length(text)) FROM runbook_run_lines"
    )
    assert tuple(found[0]) == (1000, 4096)
    assert (await automation.lines(run_id))[0] == "my token is •••"


@pytest.mark.usefixtures("fake")
async def test_rule_8_only_the_hash_of_a_token_is_kept(automation: Automation) -> None:
    fake = Runner(automation.api.clock())
    await automation.connect("webhook", fake.handle)
    _, token = await ordered(automation, fake)

    kept = await automation.sql("SELECT r::text FROM runbook_runs AS r")
    audited = await automation.sql("SELECT a::text FROM runbook_audit AS a")

    assert token.startswith("rb_")
    assert all(token not in str(one) for one in (*kept, *audited))


# -- 9: the truth is pulled ----------------------------------------------------------


async def test_rule_9_what_a_runner_says_does_not_count_where_the_target_can_be_asked(
    automation: Automation,
) -> None:
    awx = Awx()
    await automation.connect("awx", awx.handle)
    run_id = await automation.start(await automation.approved("awx"))
    await automation.work()
    token = await _known_token(automation, run_id)

    said = await automation.call_back(run_id, token, state="succeeded", lines=["ok"])
    await automation.work()

    assert said.json()["verdict"] == "noted"
    assert (await automation.run(run_id))["state"] == "running"
    assert await automation.lines(run_id) == ["ok"]


async def _known_token(automation: Automation, run_id: str) -> str:
    await automation.sql(
        "UPDATE runbook_runs SET token_hash = sha256('known') WHERE id = :id", id=run_id
    )
    return "known"


# -- 10: audit -----------------------------------------------------------------------


async def test_rule_10_the_audit_says_who_did_what_and_shows_when_it_was_bent(
    automation: Automation, fake: Runner
) -> None:
    run_id, token = await ordered(automation, fake)
    await automation.call_back(run_id, token, state="succeeded", outcome="Done")
    exported = await automation.pia.client.get("/v1/runbook-audit/export")
    lines = [json.loads(line) for line in exported.text.splitlines()]

    told = [(line["kind"], line["actor_name"]) for line in lines]
    assert told == [
        ("target_connection.created", "Pia"),
        ("runbook.written", "Ana"),
        ("runbook.submitted", "Ana"),
        ("runbook.approved", "Bo"),
        ("runbook_run.queued", "Cy"),
        ("runbook_run.running", "PageFree"),
        ("runbook_run.succeeded", "Runner"),
    ]
    assert lines[4]["data"]["parameters"] == {"worker": "worker-1"}
    assert lines[-1]["data"]["outcome"] == "Done"
    assert runner.KEY not in exported.text
    assert await broken(automation) is None
    await automation.sql(
        "UPDATE runbook_audit SET actor_name = 'Bo' WHERE kind = 'runbook.written'"
    )
    assert await broken(automation) == lines[1]["id"]
    refused = await automation.bo.client.get("/v1/runbook-audit/export")
    assert refused.status_code == 403


async def broken(automation: Automation) -> int | None:
    """The first entry that does not continue the chain."""
    async with transaction(automation.api.engine) as tx:
        return recording.breaks(await recording.entries(tx, 0, None, 1000), "")


async def test_rule_10_an_incident_tells_of_its_runs(
    automation: Automation, fake: Runner
) -> None:
    runbook_id = await automation.approved()
    incident_id = await automation.incident()
    run_id = await automation.start(runbook_id, incident_id=incident_id)
    await automation.work()
    token = fake.orders[0]["callback"]["token"]
    await automation.call_back(run_id, token, state="succeeded")

    found = await automation.cy.client.get(f"/v1/incidents/{incident_id}/timeline")

    kinds = [one["kind"] for one in found.json()["items"]]
    assert [one for one in kinds if one.startswith("runbook_run")] == [
        "runbook_run.succeeded",
        "runbook_run.running",
        "runbook_run.queued",
    ]


# -- 11: unknown is unknown ----------------------------------------------------------


async def test_rule_11_an_answer_that_was_lost_is_never_asked_for_again(
    automation: Automation, fake: Runner
) -> None:
    runbook_id = await automation.approved()
    fake.loses_answer = True
    run_id = await automation.start(runbook_id)

    await automation.work()
    for _ in range(3):
        await automation.later(minutes=10)

    run = await automation.run(run_id)
    assert run["state"] == "unknown"
    assert len(fake.orders) == 1


async def test_rule_11_only_what_was_refused_before_it_began_is_tried_again(
    automation: Automation, fake: Runner
) -> None:
    runbook_id = await automation.approved()
    for refusals, expected in (([503, 429], "running"), ([500], "unknown")):
        fake.refusals = [*refusals]
        run_id = await automation.start(runbook_id)
        await automation.work()
        for seconds in (5, 20):
            await automation.later(seconds=seconds)
        assert (await automation.run(run_id))["state"] == expected
    fake.refusals = [400]
    run_id = await automation.start(runbook_id)
    await automation.work()
    assert (await automation.run(run_id))["state"] == "failed"
