"""A page that is set up, rendered and served for real, on a clock that is told."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx2
import pytest
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.types import Receive, Scope, Send

from pagefree.accounts import service as accounts
from pagefree.accounts.queries import NewUser
from pagefree.core.access import Actor
from pagefree.core.status_pages import State
from pagefree.infra.crypto import Vault
from pagefree.infra.db import create_engine, transaction
from pagefree.infra.queue import Context
from pagefree.services import service as services
from pagefree.services.service import NewService
from pagefree.status_pages import components, jobs, service, telling, works
from pagefree.status_pages.front import StatusFront
from pagefree.status_pages.memory import Memory
from pagefree.status_pages.telling import NewIncident, NewUpdate
from pagefree.status_pages.works import NewWork
from pagefree.timeline import listening

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
BASE_URL = "http://status.test"
VAULT = Vault("a key for tests, long enough to be one")
NOBODY = "postgresql://nobody@127.0.0.1:1/nothing"


async def nowhere(scope: Scope, receive: Receive, send: Send) -> None:
    """What stands behind the pages here: it knows nothing."""
    del scope, receive
    await send({"type": "http.response.start", "status": 418, "headers": []})
    await send({"type": "http.response.body", "body": b"behind"})


@dataclass(slots=True)
class Scene:
    """A page `shop` with two components that follow two services."""

    engine: AsyncEngine
    folder: Path
    actor: Actor
    page_id: UUID
    services: dict[str, UUID]
    components: dict[str, UUID]
    now: datetime = START
    memory: Memory = field(init=False)

    def __post_init__(self) -> None:
        self.memory = Memory(self.engine, self.folder, self.clock)

    def clock(self) -> datetime:
        return self.now

    async def work(self, by: timedelta = timedelta(0)) -> None:
        """Let the clock go on, the worker look once, and the web process look after it."""
        self.now += by
        await listening.catch_up(self.engine, jobs.LISTENER, self.now)
        (job,) = jobs.jobs(BASE_URL)
        await job.work(Context(self.engine, self.clock, structlog.get_logger()))
        await self.memory.look()

    def client(
        self, memory: Memory | None = None, **headers: str
    ) -> httpx2.AsyncClient:
        """Somebody outside."""
        front = StatusFront(memory or self.memory, VAULT, self.clock)
        transport = httpx2.ASGITransport(front.in_front_of(nowhere))
        return httpx2.AsyncClient(
            transport=transport, base_url=BASE_URL, headers=headers
        )

    async def get(self, path: str = "", **headers: str) -> httpx2.Response:
        """What somebody outside is answered."""
        async with self.client() as client:
            return await client.get(f"/s/shop/{path}", headers=headers)

    async def states(self) -> dict[str, str]:
        """How the components are, as the JSON says."""
        found = (await self.get("api/v2/components.json")).json()["components"]
        return {one["name"]: one["status"] for one in found}

    def everything(self) -> str:
        """Every file of the page, as text."""
        answers = self.memory.by_slug["shop"].answers
        return "\n".join(a.body.decode("utf-8", "replace") for a in answers.values())


@pytest.fixture
async def scene(fresh_engine: AsyncEngine, tmp_path: Path) -> Scene:
    async with transaction(fresh_engine) as tx:
        ana = await accounts.create_user(
            tx, NewUser("ana@example.org", "Ana", None, True), START
        )
        actor = Actor(ana.id, "Ana", platform_admin=True)
        team = await accounts.create_team(tx, "Web", "", START)
        mapped, lines = {}, {}
        values: dict[str, object] = {"name": "Shop status", "slug": "shop"}
        page = await service.create_page(tx, None, values, actor, START)
        for name in ("Checkout", "Search"):
            made = await services.create_service(
                tx, NewService(f"internal-{name}", team.id, "", None), actor, START
            )
            mapped[name] = made.id
            line: dict[str, object] = {"name": name, "service_ids": [made.id]}
            component = await components.create_component(
                tx, page.id, line, actor, START
            )
            lines[name] = component.id
    found = Scene(fresh_engine, tmp_path, actor, page.id, mapped, lines)
    await found.work(timedelta(minutes=1))
    return found


@pytest.fixture
async def busy(scene: Scene) -> Scene:
    """The page with something of everything."""
    touched = {scene.components["Search"]: State.PARTIAL_OUTAGE}
    update = NewUpdate("investigating", "We look.")
    new = NewIncident("Slow search", update, components=touched)
    on = [scene.components["Checkout"]]
    async with transaction(scene.engine) as tx:
        made = await telling.open_incident(
            tx, scene.page_id, new, scene.actor, scene.now
        )
        await telling.add_update(
            tx, made.id, NewUpdate("monitoring", "Mended."), scene.actor, scene.now
        )
        for start in (scene.now, scene.now + 5 * HOUR):
            work = NewWork("Disks", "Faster.", start, start + HOUR, on)
            await works.plan(tx, scene.page_id, work, scene.actor, scene.now)
    await scene.work()
    return scene


@pytest.fixture
async def no_database() -> AsyncIterator[AsyncEngine]:
    """An engine whose server is not there."""
    engine = create_engine(NOBODY)
    yield engine
    await engine.dispose()
