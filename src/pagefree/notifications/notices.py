"""Telling people what they need not react to: what features below have left for them."""

from datetime import datetime

from pagefree.core.notifications import Kind, notice
from pagefree.infra.db import Tx, driver
from pagefree.notifications import notice_queries, queries
from pagefree.notifications.queries import NewNotification
from pagefree.timeline.service import SYSTEM, Entry, record

AT_ONCE = 200
PRIORITY = 2  # never before a page


async def plan_notices(tx: Tx, now: datetime) -> int:
    """Plan the notifications of what waits, and wake the sender; returns how many waited.

    Each becomes messages of its own, never a part of a bundle of pages. What nobody can
    be told is dropped.
    """
    connection = await driver(tx)
    waiting = await notice_queries.take(connection, AT_ONCE)
    if not waiting:
        return 0
    reach = await queries.list_reach(connection, {one.user_id for one in waiting})
    new = [
        NewNotification(None, one.user_id, Kind.NOTICE, one.text, PRIORITY, planned)
        for one in waiting
        for planned in notice(reach[one.user_id].methods, reach[one.user_id].rules, now)
    ]
    if new:
        await queries.insert_notifications(connection, new, now)
        # of no incident: only for whoever has the web app open
        await record(tx, [Entry("notification.noticed", SYSTEM)], now)
    return len(waiting)
