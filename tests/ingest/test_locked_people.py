"""Whoever locks the tables of people keeps no event out: ingest reads none of them."""

import asyncpg

from pagefree.alerts.ingest import Ingest
from pagefree.infra.clock import system_clock
from pagefree.infra.crypto import Vault
from pagefree.infra.db import Channel
from pagefree.infra.listen import Listener
from pagefree.tables import accounts
from tests.ingest.scene import VAULT_KEY, Scene

PEOPLE = (
    accounts.users,
    accounts.sessions,
    accounts.contact_methods,
    accounts.memberships,
)
WINDOW = """
INSERT INTO maintenance_windows (
    id, name, service_ids, labels, start_at, end_at, time_zone, created_at
) VALUES (gen_random_uuid(), 'elsewhere', '{}', '{"host": "db"}', now(),
    now() + interval '1 hour', 'UTC', now())
"""


async def test_a_process_that_starts_while_people_are_locked_takes_in_events(
    scene: Scene,
) -> None:
    await scene.connection.execute(WINDOW)
    locking = await asyncpg.connect(scene.url)
    names = ", ".join(table.name for table in PEOPLE)
    other = Ingest(scene.url, system_clock, vault=Vault(VAULT_KEY))
    listener = Listener(scene.url, [Channel.CONFIG])
    try:
        await locking.execute(f"BEGIN; LOCK {names} IN ACCESS EXCLUSIVE MODE")
        async with listener.running(), other.running(listener):
            key = scene.sources["generic"].key
            body = b'{"action": "trigger", "dedup_key": "k", "title": "t"}'
            told = {"content-type": "application/json"}
            answer = await other.take("generic", key, body, told, "")

        assert answer.status == 202
        assert await scene.outcomes() == ["opened"]
    finally:
        locking.terminate()
