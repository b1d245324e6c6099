"""A web process and a worker that can be killed, and somebody who is paged by webhook."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx2
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.accounts import service as accounts
from pagefree.accounts.queries import NewUser
from pagefree.core.access import Actor, Role
from pagefree.core.escalation import Policy, Step, Target, TargetKind
from pagefree.escalation import policy_queries
from pagefree.escalation import service as escalation
from pagefree.infra.clock import system_clock
from pagefree.infra.db import Tx, transaction
from pagefree.services import service as services
from pagefree.services.service import NewService
from tests.e2e.mailbox import Mailbox, mailbox
from tests.programs import BIN, START_S, Program, eventually, free_port

SECRET_KEY = "a secret key that is only for tests"
STEP = timedelta(hours=1)  # nobody is paged twice while the test runs
RECIPIENT = "ana@example.org"


@dataclass(frozen=True, slots=True)
class Installation:
    """Its parts, and what is needed to send it events."""

    address: str
    routing_key: str
    web: Program
    worker: Program
    mails: Mailbox


@asynccontextmanager
async def started(
    database_url: str, engine: AsyncEngine, folder: Path
) -> AsyncIterator[Installation]:
    """An installation that works; its parts are killed at the end."""
    port = free_port()
    async with mailbox() as mails:
        variables = {
            "PAGEFREE_DATABASE_URL": database_url,
            "PAGEFREE_SECRET_KEY": SECRET_KEY,
            "PAGEFREE_PORT": str(port),
            "PAGEFREE_SMTP_HOST": "127.0.0.1",
            "PAGEFREE_SMTP_PORT": str(mails.port),
            "PAGEFREE_SMTP_TLS": "none",
        }
        web, worker = (
            Program((BIN / "pagefree", name), folder, name, variables)
            for name in ("web", "worker")
        )
        async with transaction(engine) as tx:
            routing_key = await _set_up(tx)
        try:
            web.start()
            worker.start()
            address = f"http://127.0.0.1:{port}"
            await answers(address)
            yield Installation(address, routing_key, web, worker, mails)
        finally:
            for part in (web, worker):
                part.kill()


async def answers(address: str) -> None:
    """Wait until the web process is ready."""
    async with httpx2.AsyncClient(base_url=address) as client:

        async def is_ready() -> bool:
            try:
                return (await client.get("/readyz")).is_success
            except httpx2.TransportError:
                await asyncio.sleep(0.1)
                return False

        await eventually(is_ready, START_S)


async def _set_up(tx: Tx) -> str:
    """One service whose incidents page one person; returns its routing key."""
    now = system_clock()
    new = NewUser(RECIPIENT, "Ana", None, platform_admin=True)
    ana = (await accounts.create_user(tx, new, now)).id
    actor = Actor(ana, "Ana", platform_admin=True)
    team = await accounts.create_team(tx, "Web", "", now)
    await accounts.set_membership(tx, team.id, ana, Role.TEAM_ADMIN)
    steps = (Step(STEP, (Target(TargetKind.USER, ana),)),)
    policy = policy_queries.Draft(team.id, Policy(None, "Ana", steps))
    policy_id = await escalation.create(tx, policy, actor, now)
    service = NewService("Shop", team.id, "", policy_id)
    made = await services.create_service(tx, service, actor, now)
    _, key = await services.create_integration(
        tx, made.id, "pagerduty_v2", "Load", actor, now
    )
    return key.routing_key
