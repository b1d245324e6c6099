"""Pages that are really rendered, partners who really sign in, and a mail server."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import structlog
from sqlalchemy import text

from pagefree.channels.base import SmtpServer, Transports
from pagefree.infra.db import transaction
from pagefree.infra.http import GuardedClient
from pagefree.infra.queue import Context
from pagefree.notifications.handing_over import Gateway
from pagefree.partners import jobs
from pagefree.partners.limits import Limits
from pagefree.status_pages import jobs as page_jobs
from pagefree.status_pages.front import StatusFront
from pagefree.status_pages.memory import Memory
from tests.api.conftest import BASE_URL, Api, Person
from tests.e2e.mailbox import Mailbox, mailbox

MINUTE = timedelta(minutes=1)
LINK = re.compile(r"http://\S+/partner/link/[\w-]+")


@dataclass(slots=True)
class Portal:
    """One installation with everything that partners touch."""

    api: Api
    admin: Person
    memory: Memory
    gateway: Gateway
    mails: Mailbox
    ids: dict[str, str] = field(default_factory=dict)

    async def work(self, by: timedelta = timedelta(0)) -> None:
        """Let the clock go on, and the worker look once."""
        self.api.clock.advance(by)
        ctx = Context(self.api.engine, self.api.clock, structlog.get_logger())
        for job in (*page_jobs.jobs(BASE_URL), *jobs.jobs(self.gateway)):
            await job.work(ctx)
        await self.memory.look()

    async def call(self, method: str, path: str, body: object = None) -> Any:
        """What the admin is answered."""
        answer = await self.admin.client.request(method, f"/v1{path}", json=body)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    async def page(self, name: str, **values: object) -> str:
        """A page, under its name in `ids`."""
        body = {"name": name, "slug": name.lower(), **values}
        made = await self.call("POST", "/status-pages", body)
        self.ids[name] = made["id"]
        return str(made["id"])

    async def component(self, page: str, name: str, **values: object) -> str:
        """A component, under its name in `ids`."""
        path = f"/status-pages/{self.ids[page]}/components"
        made = await self.call("POST", path, {"name": name, **values})
        self.ids[name] = made["id"]
        return str(made["id"])

    async def partner(self, name: str) -> str:
        """A partner who sees nothing yet, under their name in `ids`."""
        email = f"{name.lower()}@agency.example"
        body = {"email": email, "name": name, "invite": False}
        made = await self.call("POST", "/partners", body)
        self.ids[name] = made["id"]
        return str(made["id"])

    async def grant(
        self, partner: str, page: str, *components: str, **more: object
    ) -> None:
        """Let a partner see components of a page; without any all of it."""
        chosen = [{"component_id": self.ids[one]} for one in components]
        body = {"components": chosen or None, **more}
        path = f"/partners/{self.ids[partner]}/grants/{self.ids[page]}"
        await self.call("PUT", path, body)

    async def outside(self, address: str = "192.0.2.1") -> httpx2.AsyncClient:
        """The browser of somebody outside."""
        secrets = self.api.app.state.vault
        front = StatusFront(self.memory, secrets, self.api.clock)
        client = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(
                front.in_front_of(self.api.app), client=(address, 50_000)
            ),
            base_url=BASE_URL,
            headers={"Origin": BASE_URL},
        )
        return await self.api.clients.enter_async_context(client)

    async def link(self, partner: str) -> str:
        """A link that the admin hands over."""
        made = await self.call("POST", f"/partners/{self.ids[partner]}/link")
        return str(made["url"])

    async def signed_in(self, partner: str) -> httpx2.AsyncClient:
        """The browser of a partner who has just signed in."""
        client = await self.outside()
        answer = await client.post(await self.link(partner))
        assert answer.status_code == 303, answer.text
        return client

    async def mailed_link(self, email: str) -> str:
        """The link in the newest mail to somebody."""
        await self.work()
        texts = [one.text for one in self.mails.mails if one.recipient == email]
        assert texts, f"no mail to {email}"
        found = LINK.search(texts[-1])
        assert found, texts[-1]
        return found[0]

    async def log(self, **query: str) -> list[dict[str, Any]]:
        """What was logged, newest first."""
        answer = await self.admin.client.get("/v1/partner-accesses", params=query)
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    async def count(self, table: str) -> int:
        """How many rows a table has."""
        async with transaction(self.api.engine) as tx:
            return await tx.scalar(text(f"SELECT count(*) FROM {table}")) or 0


@asynccontextmanager
async def portal_of(api: Api, folder: Path) -> AsyncIterator[Portal]:
    """The portal of an installation whose mails are kept."""
    api.app.state.partner_limits = Limits()
    admin = await api.user("Pia", platform_admin=True)
    http = GuardedClient()
    async with mailbox() as box:
        server = SmtpServer(
            "127.0.0.1", box.port, "none", None, None, "PageFree <pf@example.org>"
        )
        transports = Transports(http, server)
        vault = api.app.state.vault
        gateway = Gateway(transports, vault, BASE_URL, api.clock)
        yield Portal(api, admin, Memory(api.engine, folder, api.clock), gateway, box)
    await http.aclose()
