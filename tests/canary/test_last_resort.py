"""PostgreSQL is killed under real processes: those who are on call get one real mail."""

import asyncio
import os
import signal
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from pagefree.infra import migrate
from pagefree.infra.db import create_engine, transaction
from pagefree.infra.postgres import EmbeddedPostgres
from tests.crash.installation import RECIPIENT, SECRET_KEY, _set_up, answers
from tests.e2e.mailbox import mailbox
from tests.programs import BIN, Program, eventually, free_port

GONE, BACK = "its database is gone", "its database is back"
WITHIN_S = 60
NAMES = ("web", "worker")


@pytest.mark.fault("T-51", "the database is gone: the operator is told past it")
async def test_one_mail_says_that_the_database_is_gone_and_one_that_it_is_back(
    tmp_path: Path,
) -> None:
    server = EmbeddedPostgres(tmp_path / "postgres", fsync=False)
    url = server.start()
    port, shared = free_port(), tmp_path / "data"
    async with mailbox() as mails, AsyncExitStack() as stack:
        stack.callback(server.stop)
        await migrate.upgrade(url)
        engine = create_engine(url, pool_size=1)
        async with transaction(engine) as tx:
            await _set_up(tx)
        await engine.dispose()
        variables = {
            "PAGEFREE_DATABASE_URL": url,
            "PAGEFREE_DATA_DIR": str(shared),
            "PAGEFREE_SECRET_KEY": SECRET_KEY,
            "PAGEFREE_PORT": str(port),
            "PAGEFREE_SMTP_HOST": "127.0.0.1",
            "PAGEFREE_SMTP_PORT": str(mails.port),
            "PAGEFREE_SMTP_TLS": "none",
            "PAGEFREE_LAST_RESORT": "true",
            "PAGEFREE_LAST_RESORT_AFTER_SECONDS": "1.5",
        }
        for name in NAMES:
            part = Program((BIN / "pagefree", name), tmp_path, name, variables)
            part.start()
            stack.callback(part.kill)
        await answers(f"http://127.0.0.1:{port}")
        sealed = shared / "on-call.sealed"

        async def is_kept() -> bool:
            return sealed.exists()

        await eventually(is_kept, WITHIN_S)
        assert RECIPIENT.encode() not in sealed.read_bytes()

        kill(tmp_path / "postgres")
        found = await mails.wait_for(GONE, RECIPIENT, WITHIN_S)
        assert "nobody is paged" in found.text
        await asyncio.sleep(4)  # both processes have long noticed
        assert len(mails.about(GONE, RECIPIENT)) == 1

        await asyncio.to_thread(server.stop)  # what is left of it
        await asyncio.to_thread(server.start)
        await mails.wait_for(BACK, RECIPIENT, WITHIN_S)
        await asyncio.sleep(2)
        assert [GONE in m.subject for m in mails.mails] == [True, False]


def kill(folder: Path) -> None:
    """The server, at once and without a chance to tidy up."""
    (pid_file,) = folder.rglob("postmaster.pid")
    os.kill(int(pid_file.read_text().splitlines()[0]), signal.SIGKILL)
