"""A team with a runbook, people who write, approve and run it, and targets that are fakes."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2
from sqlalchemy import text

from pagefree.core.access import Role
from pagefree.infra.db import transaction
from pagefree.runbooks import lane, run_queries
from pagefree.runbooks.preparing import Means
from tests.api.conftest import BASE_URL, PASSWORD, Api, Person
from tests.api.test_services import service
from tests.fakes import awx, github, gitlab, rundeck, runner, ssm
from tests.fakes.http_server import Handle, serving

LOOPBACK = ["127.0.0.1/32"]
SECRETS = {
    "webhook": {"key": runner.KEY},
    "awx": {"token": awx.TOKEN},
    "rundeck": {"token": rundeck.TOKEN},
    "github_actions": {"token": github.TOKEN},
    "gitlab": {"token": gitlab.TOKEN},
    "ssm": {"region": ssm.REGION, "key_id": ssm.KEY_ID, "secret": ssm.SECRET},
}
CONTENTS: dict[str, dict[str, object]] = {
    "webhook": {"path": "/restart"},
    "awx": {"template_id": 7},
    "rundeck": {"job_id": rundeck.JOB_ID, "run_id_option": "run_id"},
    "github_actions": {
        "owner": "acme",
        "repository": "ops",
        "workflow": "restart.yml",
        "ref": "v1",
        "sha": github.SHA,
    },
    "gitlab": {"project": "acme/ops", "ref": "v1", "sha": gitlab.SHA},
    "ssm": {"document": "Acme-Restart", "version": "4", "document_hash": ssm.HASH},
}
WORKER = {
    "type": "object",
    "properties": {"worker": {"type": "string", "pattern": "^worker-[0-9]{1,9}$"}},
    "required": ["worker"],
}


@dataclass(slots=True)
class Automation:
    """See the module. Ana writes, Bo approves, Cy runs; Pia is a platform admin."""

    api: Api
    stack: AsyncExitStack
    team_id: UUID
    ana: Person
    bo: Person
    cy: Person
    pia: Person
    service_id: str = ""
    connection_ids: dict[str, str] = field(default_factory=dict)

    @property
    def means(self) -> Means:
        """What a worker works with."""
        state = self.api.app.state
        http = state.transports.http
        return Means(self.api.engine, http, state.vault, BASE_URL, self.api.clock)

    async def connect(self, kind: str, handle: Handle, **values: object) -> str:
        """A connection to a fake that is served until the test is over."""
        url = await self.stack.enter_async_context(serving(handle))
        body = {
            "kind": kind,
            "name": f"{kind} {len(self.connection_ids)}",
            "team_id": str(self.team_id),
            "values": {"api_url": url, **SECRETS.get(kind, {}), **values},
            "networks": LOOPBACK,
        }
        made = await self.pia.client.post("/v1/target-connections", json=body)
        assert made.status_code == 201, made.text
        self.connection_ids[kind] = made.json()["id"]
        return self.connection_ids[kind]

    def content(self, kind: str = "webhook", **changes: object) -> dict[str, object]:
        """A content that could be approved."""
        return {
            "name": "Restart worker",
            "run_class": "remediation",
            "target": kind,
            "content": CONTENTS.get(kind, {}),
            "connection_ids": [self.connection_ids[kind]],
            "parameters": WORKER,
            "most_per_hour": 100,
            "at_once": 10,
            **changes,
        }

    async def write(self, kind: str = "webhook", **changes: object) -> str:
        """A runbook by Ana; its id."""
        body = {"team_id": str(self.team_id), "content": self.content(kind, **changes)}
        made = await self.ana.client.post("/v1/runbooks", json=body)
        assert made.status_code == 201, made.text
        runbook_id: str = made.json()["id"]
        return runbook_id

    async def submit(self, runbook_id: str, number: int = 1) -> str:
        """Send it to review; the hash that an approver is shown."""
        path = f"/v1/runbooks/{runbook_id}/versions/{number}/review"
        sent = await self.ana.client.put(path)
        assert sent.status_code == 200, sent.text
        content_hash: str = sent.json()["content_hash"]
        return content_hash

    async def confirm(self, person: Person) -> None:
        """The person types in their password once more."""
        path = "/v1/session/confirm"
        done = await person.client.post(path, json={"password": PASSWORD})
        assert done.status_code == 200, done.text

    async def approve(
        self, person: Person, runbook_id: str, content_hash: str, number: int = 1
    ) -> httpx2.Response:
        """The person says yes to what has this hash."""
        path = f"/v1/runbooks/{runbook_id}/versions/{number}/approvals"
        body = {"content_hash": content_hash, "comment": "Read it."}
        return await person.client.post(path, json=body)

    async def approved(self, kind: str = "webhook", **changes: object) -> str:
        """A runbook by Ana that Bo has approved."""
        runbook_id = await self.write(kind, **changes)
        await self.approve_all(runbook_id)
        return runbook_id

    async def approve_all(self, runbook_id: str, number: int = 1) -> None:
        """Bo approves; and Pia, too, where two are needed."""
        content_hash = await self.submit(runbook_id, number)
        for person in (self.bo, self.pia):
            await self.confirm(person)
            said = await self.approve(person, runbook_id, content_hash, number)
            assert said.status_code == 201, said.text
            if said.json()["state"] == "approved":
                return

    async def ask(self, runbook_id: str, **body: Any) -> httpx2.Response:
        """Cy asks for a run."""
        asked = {"parameters": {"worker": "worker-1"}, **body}
        return await self.cy.client.post(f"/v1/runbooks/{runbook_id}/runs", json=asked)

    async def start(self, runbook_id: str, **body: Any) -> str:
        """Cy starts a run; its id."""
        started = await self.ask(runbook_id, **body)
        assert started.status_code == 201, started.text
        run_id: str = started.json()["id"]
        return run_id

    async def work(self) -> None:
        """A worker does everything that is due now, once."""
        async with transaction(self.api.engine) as tx:
            now = self.api.clock()
            ids = await run_queries.claim_due(tx, now, lane.LEASE, lane.AT_ONCE)
        for run_id in ids:
            await lane.work(self.means, run_id)

    async def later(self, **by: float) -> None:
        """Time passes, and a worker does what is due then."""
        self.api.clock.advance(timedelta(**by))
        await self.work()

    async def run(self, run_id: str) -> dict[str, Any]:
        """A run as people see it."""
        found = await self.cy.client.get(f"/v1/runbook-runs/{run_id}")
        assert found.status_code == 200, found.text
        shown: dict[str, Any] = found.json()
        return shown

    async def lines(self, run_id: str) -> list[str]:
        """What a run has printed."""
        found = await self.cy.client.get(f"/v1/runbook-runs/{run_id}/lines")
        return [one["text"] for one in found.json()["items"]]

    async def call_back(
        self, run_id: str, token: str, **body: object
    ) -> httpx2.Response:
        """A runner calls back."""
        client = await self.api.browser(headers={"Authorization": f"Bearer {token}"})
        return await client.post(f"/v1/runbook-runs/{run_id}/callback", json=body)

    async def incident(self) -> str:
        """An incident of the team's service; its id."""
        if not self.service_id:
            self.service_id = str((await service(self.bo, "Shop"))["id"])
        body = {"service_id": self.service_id, "title": "Shop is down"}
        made = await self.cy.client.post("/v1/incidents", json=body)
        assert made.status_code == 201, made.text
        incident_id: str = made.json()["id"]
        return incident_id

    async def sql(self, statement: str, **values: object) -> list[Any]:
        """What somebody with access to the database could do, or look up."""
        async with transaction(self.api.engine) as tx:
            found = await tx.execute(text(statement), values)
            return list(found) if found.returns_rows else []


@asynccontextmanager
async def automation_of(api: Api) -> AsyncIterator[Automation]:
    """The team, its people, and no target yet."""
    team = await api.team("Web")
    roles = {
        "Ana": Role.TEAM_ADMIN,
        "Bo": Role.TEAM_ADMIN,
        "Cy": Role.RESPONDER,
    }
    ana, bo, cy = [
        await api.user(name, password=PASSWORD, teams={team.id: role})
        for name, role in roles.items()
    ]
    pia = await api.user("Pia", password=PASSWORD, platform_admin=True)
    async with AsyncExitStack() as stack:
        yield Automation(api, stack, team.id, ana, bo, cy, pia)
