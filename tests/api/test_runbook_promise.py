"""That only what was approved has run is checked from what is stored, and a lie is seen."""

from collections.abc import AsyncIterator

import pytest

from pagefree.infra.db import transaction
from pagefree.invariants.service import list_violations
from tests.api.automation import Automation, automation_of
from tests.api.conftest import Api
from tests.fakes.runner import Runner

BREAKS = {
    "an author who approved": "UPDATE runbook_approvals SET approver_id = "
    "(SELECT author_id FROM runbook_versions)",
    "nobody approved": "DELETE FROM runbook_approvals",
    "approved afterwards": "UPDATE runbook_approvals SET at = at + interval '1 second'",
    "expired before": "UPDATE runbook_approvals SET expires_at = at",
    "another content approved": "UPDATE runbook_approvals SET content_hash = 'x'",
    "another content run": "UPDATE runbook_runs SET content_hash = 'x'",
    "a version that is no longer": "UPDATE runbook_versions SET state = 'draft'",
    "one yes for what is destructive": "UPDATE runbook_versions SET content = "
    "jsonb_set(content, '{run_class}', '\"destructive\"')",
    "another connection": "UPDATE runbook_runs SET connection_id = id",
    "by itself": "UPDATE runbook_runs SET automatic = true",
    "other parameters": "UPDATE runbook_runs SET parameters = '{}'",
    "nothing in the audit": "DELETE FROM runbook_audit",
    "never over": "UPDATE runbook_runs SET due_at = NULL",
}


@pytest.fixture
async def automation(api: Api) -> AsyncIterator[Automation]:
    async with automation_of(api) as made:
        yield made


async def broken(automation: Automation) -> set[str]:
    async with transaction(automation.api.engine) as tx:
        found = await list_violations(tx, automation.api.clock())
    return {one.promise for one in found}


async def test_whatever_is_seen_of_a_lie_breaks_the_promise(
    automation: Automation,
) -> None:
    runner = Runner(automation.api.clock())
    await automation.connect("webhook", runner.handle)
    runbook_id = await automation.approved()
    await automation.start(runbook_id)
    await automation.work()
    assert await broken(automation) == set()

    seen = {}
    for name, lie in BREAKS.items():
        async with automation.api.engine.connect() as connection:
            await connection.exec_driver_sql(lie)
            found = await list_violations(connection, automation.api.clock())
            seen[name] = {one.promise for one in found}
            await connection.rollback()

    assert seen == {name: {"I-15"} for name in BREAKS}
