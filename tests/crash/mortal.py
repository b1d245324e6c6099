"""A worker that is killed for real: `python -m tests.crash.mortal DATABASE_URL SECRET_KEY`.

An order is one line: a boundary between transactions, and the time that it is. For each a
process is forked that works on all that is due, and sends itself SIGKILL there; the answer
is "killed", or how many boundaries were crossed alive. Who is not to die works in the
process that forks: it has every statement compiled by then, and those forked have, too.
"""

import asyncio
import os
import signal
import sys
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.channels.base import Transports
from pagefree.infra.crypto import Vault
from pagefree.infra.db import create_engine, transaction
from pagefree.infra.http import GuardedClient
from pagefree.infra.queue import Context
from pagefree.runbooks import lane as runbook_lane
from pagefree.runbooks import run_queries
from pagefree.runbooks.preparing import Means
from pagefree.timeline.listening import catch_up
from pagefree.workflows.hearing import LISTENER
from pagefree.workflows.lane import Lane
from pagefree.workflows.preparing import Surroundings

BASE_URL = "http://127.0.0.1:8000"
NEVER = -1
ROUNDS = 3  # a run of a runbook that a workflow starts is launched in the same look


@dataclass(slots=True)
class Boundaries:
    """Counts where a transaction begins and where it commits; one is the end."""

    crossed: int = 0
    dies_at: int = NEVER

    def cross(self, _: object) -> None:
        if self.crossed == self.dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.crossed += 1


async def work(engine: AsyncEngine, vault: Vault, now: datetime) -> None:
    """Both engines do what is due."""
    http = GuardedClient(["127.0.0.1/32"])
    around = Surroundings(Transports(http, None), vault, BASE_URL)
    means = Means(engine, http, vault, BASE_URL, lambda: now)
    ctx = Context(engine, lambda: now, structlog.get_logger())
    for _ in range(ROUNDS):
        await catch_up(engine, LISTENER, now)
        await Lane(around).work(ctx)
        async with transaction(engine) as tx:
            ids = await run_queries.claim_due(
                tx, now, runbook_lane.LEASE, runbook_lane.AT_ONCE
            )
        for run_id in ids:
            await runbook_lane.work(means, run_id)
    await http.aclose()
    await engine.dispose()


@dataclass(slots=True)
class Mortal:
    """What those that are forked inherit."""

    engine: AsyncEngine
    vault: Vault
    boundaries: Boundaries

    def obey(self, dies_at: int, now: datetime) -> str:
        """What became of one order."""
        self.boundaries.crossed, self.boundaries.dies_at = 0, dies_at
        if dies_at == NEVER:
            asyncio.run(work(self.engine, self.vault, now))
            return str(self.boundaries.crossed)
        child = os.fork()
        if child == 0:
            asyncio.run(work(self.engine, self.vault, now))
            os._exit(self.boundaries.crossed)
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            return "killed"
        return str(os.waitstatus_to_exitcode(status))


def main() -> None:
    """Take orders until there are no more."""
    _, database_url, secret_key = sys.argv
    engine = create_engine(database_url, pool_size=2)
    boundaries = Boundaries()
    event.listen(engine.sync_engine, "begin", boundaries.cross)
    event.listen(engine.sync_engine, "commit", boundaries.cross)
    mortal = Mortal(engine, Vault(secret_key), boundaries)
    for line in sys.stdin:
        dies_at, now = line.split()
        found = mortal.obey(int(dies_at), datetime.fromisoformat(now))
        print(found, flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
