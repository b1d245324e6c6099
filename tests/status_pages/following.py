"""People who follow a page: what the worker sends them arrives in a mail box."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import httpx2
import structlog
from sqlalchemy import text

from pagefree.app.web import Deps, create_app
from pagefree.channels.base import SmtpServer, Transports
from pagefree.core.status_pages import State
from pagefree.infra.db import transaction
from pagefree.infra.http import GuardedClient
from pagefree.infra.queue import Context
from pagefree.notifications.handing_over import Gateway
from pagefree.status_pages import jobs, telling
from pagefree.status_pages.front import StatusFront
from pagefree.status_pages.incident_queries import StatusIncident
from pagefree.status_pages.telling import NewIncident, NewUpdate
from tests.e2e.mailbox import Mail, Mailbox, mailbox
from tests.status_pages.conftest import BASE_URL, VAULT, Scene

LINK = re.compile(r"http://status\.test(/s/shop/\w+/\w+)")
BO = "bo@example.org"


@dataclass(slots=True)
class Following:
    """The page of a scene, whose followers really get mail."""

    scene: Scene
    mails: Mailbox
    gateway: Gateway
    client: httpx2.AsyncClient

    async def work(self, by: timedelta = timedelta(0)) -> None:
        """Let the clock go on, the page be rendered, and everything due be sent."""
        await self.scene.work(by)
        ctx = Context(self.scene.engine, self.scene.clock, structlog.get_logger())
        for job in jobs.following_jobs(self.gateway, 1000):
            await job.work(ctx)

    async def ask(self, address: str = BO, **form: str) -> httpx2.Response:
        """Fill in the form."""
        fields = {
            "way": "email",
            "address": address,
            "language": "en",
            "incidents": "1",
            "maintenances": "1",
        }
        return await self.client.post("/s/shop/subscribe", data={**fields, **form})

    async def follow(self, address: str = BO, **form: str) -> None:
        """Ask, and press the button behind the link that comes."""
        await self.ask(address, **form)
        await self.work()
        answer = await self.client.post(self.link(self.to(address)[-1], "confirm"))
        assert answer.status_code == 200, answer.text

    async def tell(
        self, body: str, component: str | None = None, **more: object
    ) -> StatusIncident:
        """Tell about an incident, as somebody who may."""
        states = (
            {self.scene.components[component]: State.MAJOR_OUTAGE} if component else {}
        )
        update = NewUpdate("investigating", body, **more)  # type: ignore[arg-type]
        incident = NewIncident("Checkout fails", update, components=states)
        scene = self.scene
        async with transaction(scene.engine) as tx:
            return await telling.open_incident(
                tx, scene.page_id, incident, scene.actor, scene.now
            )

    def to(self, address: str = BO) -> list[Mail]:
        """The mails to an address, oldest first."""
        return [mail for mail in self.mails.mails if mail.recipient == address]

    def link(self, mail: Mail, what: str) -> str:
        """The path of the link in a mail that does this."""
        found = [path for path in links(mail) if f"/{what}/" in path]
        assert len(found) == 1, mail.text
        return found[0]


def links(mail: Mail) -> list[str]:
    """The links in a mail's text, as paths."""
    return LINK.findall(mail.text)


async def count(
    shop: Following, table: str = "subscribers", where: str = "true"
) -> int:
    async with transaction(shop.scene.engine) as tx:
        query = f"SELECT count(*) FROM {table} WHERE {where}"
        found: int = (await tx.execute(text(query))).scalar_one()
        return found


@asynccontextmanager
async def followed(
    scene: Scene, reply_domain: str | None = None
) -> AsyncIterator[Following]:
    """The page of `scene` with its forms, and a mail server."""
    async with mailbox() as mails:
        server = SmtpServer(
            "127.0.0.1", mails.port, "none", None, None, "Shop <s@shop.test>"
        )
        http = GuardedClient(["127.0.0.0/8"])
        gateway = Gateway(
            Transports(http, server),
            VAULT,
            BASE_URL,
            scene.clock,
            reply_domain=reply_domain,
        )
        app = create_app(
            Deps(scene.engine, scene.clock, VAULT, BASE_URL, status_memory=scene.memory)
        )
        front = StatusFront(scene.memory, VAULT, scene.clock).in_front_of(app)
        transport = httpx2.ASGITransport(front)
        try:
            async with httpx2.AsyncClient(
                transport=transport, base_url=BASE_URL
            ) as client:
                yield Following(scene, mails, gateway, client)
        finally:
            await http.aclose()
