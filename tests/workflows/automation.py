"""Workflows in the world of the simulation: made, fed with events, run until they rest."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from pagefree.channels.base import Transports
from pagefree.core.access import Actor
from pagefree.infra.ids import new_id
from pagefree.tables.incidents import incidents
from pagefree.timeline.listening import read_on
from pagefree.workflows import run_queries, secrets, service, timers
from pagefree.workflows.content import WorkflowContent
from pagefree.workflows.hearing import LISTENER
from pagefree.workflows.lane import run_due
from pagefree.workflows.preparing import Surroundings
from pagefree.workflows.run_queries import Run, StepRow
from pagefree.workflows.service import Draft
from tests.simulation.world import HOUR, World

BASE_URL = "https://pagefree.example.org"
MOST_ROUNDS = 100


@dataclass(slots=True)
class Automation:
    """Ana is the team's admin; what the workflows do happens when `work` is called."""

    world: World
    admin: Actor = field(init=False)

    def __post_init__(self) -> None:
        ana = self.world.people["ana"]
        self.admin = Actor(ana, "Ana", platform_admin=True)

    @property
    def around(self) -> Surroundings:
        transports = Transports(self.world.http, self.world.smtp)
        return Surroundings(transports, self.world.vault, BASE_URL)

    async def opened(self) -> UUID:
        """The incident of an alert that has just come; nobody has been paged yet."""
        world = self.world
        policy = world.policy(("ana", 24 * HOUR))
        await world.send(world.source(policy), str(new_id()))
        newest = select(incidents.c.id).order_by(incidents.c.id.desc()).limit(1)
        incident_id: UUID = (await world.tx.execute(newest)).scalar_one()
        return incident_id

    async def notes(self, incident_id: UUID) -> list[str]:
        lines = await self.world.timeline(incident_id)
        return [line for line in lines if line == "incident.note"]

    async def begin(self) -> None:
        """Listen from now on."""
        await read_on(self.world.tx, LISTENER, self.world.now)

    async def make(
        self, content: dict[str, Any], name: str = "Flow", *, of_all: bool = False
    ) -> UUID:
        """An enabled workflow."""
        await self.begin()
        team_id = None if of_all else self.world.team_id
        draft, now = Draft(team_id, name), self.world.now
        graph = WorkflowContent.model_validate(content)
        tx = self.world.tx
        made = await service.create(tx, self.admin, draft, graph, "", now)
        await service.change(tx, self.admin, made.id, {"enabled": True}, now)
        return made.id

    async def keep_secret(self, name: str, value: str) -> None:
        secret = (self.world.team_id, name, value)
        world = self.world
        await secrets.put(world.tx, self.admin, secret, world.vault, world.now)

    async def work(self) -> None:
        """Hear what has happened, and do all that is due."""
        tx, now = self.world.tx, self.world.now
        for _ in range(MOST_ROUNDS):
            while await read_on(tx, LISTENER, now):
                pass
            started = await timers.start_due(tx, now)
            done = await run_due(tx, self.around, now)
            if not started and not done:
                return
        raise AssertionError("the workflows never come to rest")

    async def wait(self, by: timedelta) -> None:
        """Let time go by in one leap, and do what is due by then."""
        self.world.now += by
        await self.work()

    async def runs(self, workflow_id: UUID | None = None) -> list[Run]:
        """The oldest first."""
        where = {} if workflow_id is None else {"workflow_id": workflow_id}
        return (await run_queries.list_runs(self.world.tx, where, None, 100))[::-1]

    async def steps(self, run: Run | None = None) -> dict[str, StepRow]:
        """Of one run, by node; a step of a loop is named with its turn."""
        chosen = run or (await self.runs())[-1]
        rows = (await run_queries.list_steps(self.world.tx, [chosen.id]))[chosen.id]
        return {f"{r.node}.{r.turn}" if r.turn else r.node: r for r in rows}

    async def statuses(self, run: Run | None = None) -> dict[str, str]:
        return {name: row.status.value for name, row in (await self.steps(run)).items()}
