"""Several web processes and workers on one PostgreSQL, and somebody who is paged by mail."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pagefree.infra.db import create_engine, transaction
from tests.crash.installation import SECRET_KEY, _set_up, answers
from tests.e2e.mailbox import Mailbox, mailbox
from tests.programs import BIN, Program, free_port

WORKING = "Working: "
DRAIN_S = "1"


@dataclass(frozen=True, slots=True)
class Web:
    """One web process."""

    address: str
    program: Program


@dataclass(frozen=True, slots=True)
class Cluster:
    """Its nodes, and what is needed to send them events."""

    database_url: str
    webs: tuple[Web, ...]
    workers: tuple[Program, ...]
    routing_key: str
    mails: Mailbox

    async def restart_all(self) -> list[int]:
        """Every process in turn: told to stop, started, waited for; how each of them ended."""
        codes = []
        for web in self.webs:
            codes.append(await asyncio.to_thread(web.program.stop))
            web.program.start()
            await answers(web.address)
        for worker in self.workers:
            codes.append(await asyncio.to_thread(worker.stop))
            worker.forget_output()
            worker.start()
            await worker.wait_for(WORKING)
        return codes


@asynccontextmanager
async def started(
    database_url: str,
    folder: Path,
    nodes: int = 2,
    variables: Mapping[str, str] | None = None,
) -> AsyncIterator[Cluster]:
    """As many web processes and as many workers; killed at the end."""
    engine = create_engine(database_url, pool_size=1)
    async with transaction(engine) as tx:
        routing_key = await _set_up(tx)
    await engine.dispose()
    async with mailbox() as mails:
        shared = {
            "PAGEFREE_DATABASE_URL": database_url,
            "PAGEFREE_SECRET_KEY": SECRET_KEY,
            "PAGEFREE_DRAIN_SECONDS": DRAIN_S,
            "PAGEFREE_SMTP_HOST": "127.0.0.1",
            "PAGEFREE_SMTP_PORT": str(mails.port),
            "PAGEFREE_SMTP_TLS": "none",
            **(variables or {}),
        }
        webs = tuple(_web(folder, number, shared) for number in range(nodes))
        workers = tuple(
            Program((BIN / "pagefree", "worker"), folder, f"worker-{number}", shared)
            for number in range(nodes)
        )
        programs = [*(web.program for web in webs), *workers]
        try:
            for program in programs:
                program.start()
            for web in webs:
                await answers(web.address)
            for worker in workers:
                await worker.wait_for(WORKING)
            yield Cluster(database_url, webs, workers, routing_key, mails)
        finally:
            for program in programs:
                program.kill()


def _web(folder: Path, number: int, shared: Mapping[str, str]) -> Web:
    port = free_port()
    variables = {
        **shared,
        "PAGEFREE_PORT": str(port),
        # a node has a disk of its own
        "PAGEFREE_DATA_DIR": str(folder / f"data-{number}"),
    }
    program = Program((BIN / "pagefree", "web"), folder, f"web-{number}", variables)
    return Web(f"http://127.0.0.1:{port}", program)
