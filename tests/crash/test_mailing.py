"""A worker is killed while it tells thousands: nobody is left out, who is told twice is flagged."""

import os
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.accounts import service as accounts
from pagefree.accounts.queries import NewUser
from pagefree.core.access import Actor
from pagefree.infra.clock import system_clock
from pagefree.infra.db import transaction
from pagefree.status_pages import service, telling
from pagefree.status_pages.telling import NewIncident, NewUpdate
from tests.crash.installation import SECRET_KEY
from tests.e2e.mailbox import Mailbox, mailbox
from tests.programs import BIN, Program, eventually

pytestmark = [pytest.mark.xdist_group("whole program"), pytest.mark.crash]

PEOPLE = int(os.environ.get("FOLLOWERS", "1000"))  # the promise is kept for 5,000, too
WITHIN_S = 400  # a machine that does nothing else needs twenty
FILL = """
INSERT INTO subscribers (id, page_id, channel, address, language, confirmed_at, created_at)
SELECT uuidv7(), :page_id, 'email', 'person' || n || '@example.org', 'en', :now, :now
FROM generate_series(1, CAST(:people AS int)) AS n
"""
LEFT = "SELECT count(*) FROM status_messages WHERE due_at IS NOT NULL"
MESSAGES = "SELECT count(*) FROM status_messages"
# what is leased by the dead: its time is over
LATER = "UPDATE status_messages SET due_at = :now WHERE leased"
FLAGGED = """
SELECT s.address FROM status_messages AS m JOIN subscribers AS s ON s.id = m.subscriber_id
WHERE m.possible_duplicate
"""


async def tell_everybody(engine: AsyncEngine) -> None:
    """A page, those who follow it, and something to tell them."""
    now = system_clock()
    async with transaction(engine) as tx:
        new = NewUser("ana@example.org", "Ana", None, platform_admin=True)
        ana = (await accounts.create_user(tx, new, now)).id
        actor = Actor(ana, "Ana", platform_admin=True)
        values: dict[str, object] = {"name": "Shop", "slug": "shop"}
        page = await service.create_page(tx, None, values, actor, now)
        fill = {"page_id": page.id, "now": now, "people": PEOPLE}
        await tx.execute(text(FILL), fill)
        update = NewUpdate("investigating", "It is down.")
        incident = NewIncident("Checkout fails", update)
        await telling.open_incident(tx, page.id, incident, actor, now)


def worker_of(database_url: str, folder: Path, mails: Mailbox) -> Program:
    """A worker that sends as fast as it can."""
    variables = {
        "PAGEFREE_DATABASE_URL": database_url,
        "PAGEFREE_SECRET_KEY": SECRET_KEY,
        "PAGEFREE_SMTP_HOST": "127.0.0.1",
        "PAGEFREE_SMTP_PORT": str(mails.port),
        "PAGEFREE_SMTP_TLS": "none",
        "PAGEFREE_STATUS_MESSAGES_PER_SECOND": "5000",
    }
    return Program((BIN / "pagefree", "worker"), folder, "worker", variables)


async def test_everybody_is_told_once_or_flagged_when_a_worker_is_killed(
    fresh_database: str, engine: AsyncEngine, tmp_path: Path
) -> None:
    await tell_everybody(engine)
    async with mailbox() as mails:
        worker = worker_of(fresh_database, tmp_path, mails)

        async def some() -> bool:
            return len(mails.mails) >= PEOPLE // 3

        async def done() -> bool:
            async with transaction(engine) as tx:
                made = await tx.scalar(text(MESSAGES))
                return bool(made) and await tx.scalar(text(LEFT)) == 0

        try:
            worker.start()
            await eventually(some, WITHIN_S)
            worker.kill()
            before = len(mails.mails)
            async with transaction(engine) as tx:
                lost = await tx.execute(text(LATER), {"now": system_clock()})
            worker.start()
            await eventually(done, WITHIN_S)
        finally:
            worker.kill()
    copies = Counter(mail.recipient for mail in mails.mails)
    twice = {address for address, n in copies.items() if n > 1}
    async with transaction(engine) as tx:
        flagged = set((await tx.execute(text(FLAGGED))).scalars())

    assert before < PEOPLE
    assert lost.rowcount > 0
    assert len(copies) == PEOPLE
    assert max(copies.values()) <= 2
    assert twice <= flagged
