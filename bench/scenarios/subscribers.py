"""50,000 follow a page: how long until each has a message of an update that is due?"""

import time

from bench import status
from bench.rig import Rig
from bench.scenario import Budget, Scenario, check
from pagefree.infra.clock import system_clock
from pagefree.infra.db import create_engine, transaction
from pagefree.status_pages import composing, mailing

SUBSCRIBERS = 50_000
SOME = 3  # one in so many follows one component only, which is not touched

FILL = """
WITH made AS (
    INSERT INTO subscribers (id, page_id, channel, address, language, every_component,
        confirmed_at, created_at)
    SELECT uuidv7(), $1, 'email', 'person' || n || '@example.org', 'en', n % $4 > 0, $2, $2
    FROM generate_series(1, $3::int) AS n
    RETURNING id, every_component
)
INSERT INTO subscriber_components (id, subscriber_id, component_id)
SELECT uuidv7(), id, $5 FROM made WHERE NOT every_component
"""
CONCERNED = "SELECT count(*) FROM subscribers WHERE every_component"
QUEUED = """
SELECT count(DISTINCT m.subscriber_id) FROM status_messages AS m
JOIN subscribers AS s ON s.id = m.subscriber_id AND s.every_component
WHERE m.due_at IS NOT NULL AND m.mailing_id IS NOT NULL
"""
ALL = "SELECT count(*) FROM status_messages"


async def run(rig: Rig) -> dict[str, float]:
    """Everybody whom it concerns must have one message, nobody else any."""
    people = rig.size(SUBSCRIBERS * SOME // (SOME - 1))
    engine = create_engine(rig.database_url)
    try:
        async with transaction(engine) as tx:
            page = await status.build(tx, rig)
        async with rig.database() as connection:
            untouched = page.component_ids[-1]
            now = system_clock()
            await connection.execute(FILL, page.page_id, now, people, SOME, untouched)
            # what the page told before they came is not for them
            await connection.execute("DELETE FROM status_mailings")
            await connection.execute("VACUUM ANALYZE subscribers")
        async with transaction(engine) as tx:
            await status.tell(tx, page, "We know why.")
            await composing.refresh_due(tx, "http://127.0.0.1", system_clock())
        begun = time.monotonic()
        made = await mailing.queue_due(engine, system_clock())
        took = time.monotonic() - begun
        again = await mailing.queue_due(engine, system_clock())
    finally:
        await engine.dispose()
    concerned = await rig.count(CONCERNED)
    check(again == 0, f"{again} messages were made twice")
    check(made == concerned, f"of {concerned} messages {made} were made")
    check(await rig.count(QUEUED) == await rig.count(ALL) == made, "not one each")
    return {"all queued": took, "messages": made / took}


SCENARIO = Scenario(
    "subscribers",
    "an update for 50,000 who follow a status page",
    (
        Budget("all queued", "s", 10, at_least=False),
        Budget("messages", "/s"),
    ),
    run,
)
