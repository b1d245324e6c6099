"""A run with all that it takes to speak to its target."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from pydantic import BaseModel, SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.core.errors import PageFreeError
from pagefree.core.runbooks import is_intact
from pagefree.infra.clock import Clock
from pagefree.infra.crypto import Vault
from pagefree.infra.db import Tx, transaction
from pagefree.infra.http import GuardedClient
from pagefree.runbooks import connections, contents, library, queries, run_queries
from pagefree.runbooks.endings import News, apply
from pagefree.runbooks.facts import place_of
from pagefree.runbooks.run_queries import Run
from pagefree.targets.base import Order, Running, Target

AGAIN = timedelta(seconds=5)
CALLBACK = "/v1/runbook-runs/{}/callback"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Means:
    """What the lane works with."""

    engine: AsyncEngine
    http: GuardedClient
    vault: Vault
    base_url: str
    clock: Clock


@dataclass(frozen=True, slots=True)
class Job:
    """A run with what it takes to speak to its target."""

    run: Run
    target: Target
    content: BaseModel  # the target's
    timeout: timedelta
    connection: BaseModel  # the target's
    networks: tuple[str, ...]
    facts: Mapping[str, object]
    token: str = ""

    @property
    def running(self) -> Running:
        """The run as the target knows it."""
        external_id = self.run.external_id or ""
        return Running(self.run.id, external_id, self.content, self.run.cursor)

    @property
    def secrets(self) -> list[str]:
        """What must never be shown."""
        values = [
            getattr(self.connection, n) for n in type(self.connection).model_fields
        ]
        found = [v.get_secret_value() for v in values if isinstance(v, SecretStr)]
        return [one for one in [*found, self.token] if one]


async def job_of(tx: Tx, means: Means, run: Run, token: str) -> Job | None:
    """A run with what it takes to speak to its target; none where that is gone."""
    try:
        version = await queries.get_version_by_id(tx, run.version_id)
        connection = await connections.get_connection(tx, run.connection_id)
        if version is None or not is_intact(library.core_version(version)):
            return None
        content = contents.read(version.content)
        return Job(
            run,
            contents.target_of(content.target),
            contents.target_content(content),
            timedelta(seconds=content.timeout_s),
            connections.opened(connection, means.vault),
            connection.networks,
            (await place_of(tx, run.incident_id)).facts,
            token,
        )
    except PageFreeError as e:
        log.warning("runbook_run.unreadable", run=str(run.id), why=str(e))
        return None


def order_of(means: Means, job: Job, now: datetime) -> Order:
    """What the target is told."""
    return Order(
        job.run.id,
        job.run.content_hash,
        job.content,
        job.run.parameters,
        job.facts,
        means.base_url.rstrip("/") + CALLBACK.format(job.run.id),
        job.token,
        now + job.timeout,
        f"{job.run.runbook_name} v{job.run.version}",
    )


def can_look(job: Job) -> bool:
    """Whether the target can be asked how far it is."""
    return job.target.poll is not None


@asynccontextmanager
async def client_of(means: Means, job: Job) -> AsyncIterator[GuardedClient]:
    """A client that may reach the networks of the connection, closed afterwards."""
    http = means.http.also(job.networks)
    try:
        yield http
    finally:
        await http.aclose()


async def look_again(means: Means, run: Run) -> None:
    """Nothing was seen: look again in a while, at the end where nothing can be asked."""
    now = means.clock()
    async with transaction(means.engine) as tx:
        held = await run_queries.lock_run(tx, run.id)
        if held is None or held.due_at is None:
            return
        job = await job_of(tx, means, held, "")
        at = now + AGAIN if job is not None and can_look(job) else held.ends_at
        await run_queries.update_run(tx, run.id, {"due_at": min(at, held.ends_at)})


async def end(means: Means, run: Run, news: News) -> None:
    """Move a run forward, unless somebody else just has."""
    now = means.clock()
    async with transaction(means.engine) as tx:
        held = await run_queries.lock_run(tx, run.id)
        if held is not None and held.state == run.state:
            await apply(tx, held, news, now)
