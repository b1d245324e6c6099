"""The demo's past: enough to look at, none of it under way."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pagefree.app import demo
from pagefree.core.access import Actor
from pagefree.core.insights import window
from pagefree.infra.clock import system_clock
from pagefree.infra.ids import new_id
from pagefree.insights import service
from pagefree.insights.queries import Question
from pagefree.insights.reports import REPORTS
from pagefree.tables.escalation import escalations
from pagefree.tables.incidents import incidents as incidents_table
from pagefree.tables.insights import incident_facts
from pagefree.tables.notifications import notifications

MONTH = timedelta(days=30)
SECRET = "x" * 40
RUNNER = "http://127.0.0.1:1/"
ANYBODY = Actor(new_id(), "Anybody")
MANY = 50
NOT_IN_THE_PAST = {"channels"}  # messages are read as they were sent


async def test_the_past_of_a_fresh_demo_fills_every_report_and_pages_nobody(
    tx: AsyncConnection,
) -> None:
    now = system_clock()
    await demo.load(tx, SECRET, RUNNER, now)

    month = Question(window(now - MONTH, now))
    for key in REPORTS.keys() - NOT_IN_THE_PAST:
        table = await service.answer(tx, key, month, ANYBODY, now)
        assert table.rows, key
    before = Question(window(now - 2 * MONTH, now - MONTH))
    [[incidents, *_]] = (await service.answer(tx, "summary", before, ANYBODY, now)).rows
    assert isinstance(incidents, int)
    assert incidents > MANY
    due, planned = escalations.c.due_at, notifications.c.due_at
    assert await tx.scalar(select(func.count()).where(due.is_not(None))) == 0
    assert await tx.scalar(select(func.count()).where(planned.is_not(None))) == 0
    newest = await tx.scalar(select(func.max(incident_facts.c.resolved_at)))
    assert newest is not None
    assert newest < now  # else what ends next would not be counted
    ended = select(func.count()).where(incidents_table.c.status == "resolved")
    counted = incident_facts.c.incident_id == incidents_table.c.id
    assert await tx.scalar(ended) == await tx.scalar(ended.where(counted)) == 1
