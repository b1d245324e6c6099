"""SIGKILL, in a real process, at each boundary of a workflow that runs a runbook."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from pagefree.timeline.listening import catch_up
from pagefree.workflows.hearing import LISTENER
from tests.api.automation import Automation, automation_of
from tests.api.conftest import Api
from tests.fake_servers import WebServer, web_server
from tests.fakes.runner import Runner
from tests.workflows.graphs import action, chain, trigger

SECRET_KEY = "a key for tests, long enough to be one"
NEVER = -1
LEASES_OVER = timedelta(minutes=6)
ROUNDS = 6
LEAST_BOUNDARIES = 12
WORKFLOW = {"succeeded", "failed"}


@dataclass(slots=True)
class Mortal:
    """The process that forks those that are killed."""

    process: asyncio.subprocess.Process
    api: Api

    async def work(self, dies_at: int) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        order = f"{dies_at} {self.api.clock().isoformat()}\n"
        self.process.stdin.write(order.encode())
        answer = await self.process.stdout.readline()
        return answer.decode().strip()


@asynccontextmanager
async def mortal(api: Api, database_url: str) -> AsyncIterator[Mortal]:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.crash.mortal", database_url, SECRET_KEY),
        stdin=pipe,
        stdout=pipe,
    )
    try:
        yield Mortal(process, api)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


@pytest.fixture
async def automation(api: Api) -> AsyncIterator[Automation]:
    async with automation_of(api) as made:
        yield made


@dataclass(slots=True)
class Story:
    """One workflow: a request, then a run of a runbook."""

    automation: Automation
    mortal: Mortal
    runner: Runner
    server: WebServer
    workflow: str

    async def told(self, dies_at: int) -> tuple[str, str, int, list[str]]:
        """A run that is killed there: how both ended, the orders, the keys of requests."""
        orders, posts = len(self.runner.orders), len(self.server.posts)
        ana, api = self.automation.ana.client, self.automation.api
        path = f"{self.workflow}/runs"
        run_id = (await ana.post(path, json={})).json()["id"]
        found = await self.mortal.work(dies_at)
        assert (found == "killed") == (dies_at != NEVER)
        run: dict[str, Any] = {}
        for _ in range(ROUNDS):
            for order in self.runner.orders[orders:]:
                token = order["callback"]["token"]
                await self.automation.call_back(
                    order["run_id"], token, state="succeeded"
                )
            run = (await ana.get(f"/v1/workflow-runs/{run_id}")).json()
            if run["status"] in WORKFLOW:
                break
            api.clock.advance(LEASES_OVER)
            assert await self.mortal.work(NEVER) != "killed"
        api.clock.advance(LEASES_OVER)  # what starts by itself cools down
        states = await self.automation.sql(
            "SELECT state FROM runbook_runs ORDER BY id DESC LIMIT 1"
        )
        keys = [p.headers["idempotency-key"] for p in self.server.posts[posts:]]
        return run["status"], states[0][0], len(self.runner.orders) - orders, keys


async def test_sigkill_anywhere_loses_nothing_and_doubles_no_more_than_one_request(
    automation: Automation, api_database: str
) -> None:
    api = automation.api
    runner = Runner(api.clock())
    runner.now -= timedelta(days=1)  # orders of later are in time, too
    await automation.connect("webhook", runner.handle)
    runbook_id = await automation.approved(auto_safe=True, most_per_hour=1000)
    await catch_up(api.engine, LISTENER, api.clock())
    async with web_server() as server, mortal(api, api_database) as process:
        url = f"http://127.0.0.1:{server.port}/"
        asked: dict[str, Any] = {
            "runbook_id": runbook_id,
            "parameters": {"worker": "worker-1"},
        }
        content = chain(
            trigger("begin", "manual"),
            action("ask", "http_request", url=url, text_body="x"),
            action("run", "run_runbook", **asked),
        )
        team_id = str(automation.team_id)
        body = {"team_id": team_id, "name": "Flow", "content": content}
        made = await automation.ana.client.post("/v1/workflows", json=body)
        path = f"/v1/workflows/{made.json()['id']}"
        await automation.ana.client.patch(path, json={"enabled": True})
        story = Story(automation, process, runner, server, path)

        await automation.ana.client.post(f"{path}/runs", json={})
        crossed = int(await process.work(NEVER))
        for order in runner.orders:
            token = order["callback"]["token"]
            await automation.call_back(order["run_id"], token, state="succeeded")
        api.clock.advance(LEASES_OVER)
        assert await process.work(NEVER) != "killed"
        assert crossed >= LEAST_BOUNDARIES
        ends = {at: await story.told(at) for at in range(crossed)}

    for workflow, runbook, orders, keys in ends.values():
        # never launched twice; what has reached the runner is known, the rest is not done
        assert (runbook, orders) in {("succeeded", 1), ("unknown", 0)}, ends
        assert workflow == ("succeeded" if orders else "failed"), ends
        assert len(set(keys)) == 1, ends
        assert len(keys) <= 2, ends
    assert sum(len(keys) > 1 for *_, keys in ends.values()) >= 1, ends
