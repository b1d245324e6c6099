"""Which messages would be too many for the phone they are for."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.channels import all_channels
from pagefree.core.throttles import WINDOW, Wanted, beyond
from pagefree.infra.db import Connection
from pagefree.notifications import bundle_queries as queries
from pagefree.notifications import readiness_queries
from pagefree.notifications.delivery_queries import Claimed
from pagefree.notifications.readiness_queries import NewFinding

THROTTLED = "throttled"
SHOWN = timedelta(hours=24)


async def too_many(
    connection: Connection, messages: Sequence[Sequence[Claimed]], now: datetime
) -> set[UUID]:
    """The firsts of those leased `messages` that are not to be sent this way."""
    limited = [_wanted(message[0]) for message in messages if message]
    wanted = [one for one in limited if one is not None]
    if not wanted:
        return set()
    owners = {
        message[0].method_id: message[0].user_id
        for message in messages
        if message and message[0].method_id is not None
    }
    asked = {one.address: owners[one.address] for one in wanted}
    ours = [one.id for message in messages for one in message]
    lately = await queries.count_lately(connection, asked, ours, now - WINDOW, now)
    return beyond(wanted, lately)


async def find(
    connection: Connection, skipped: Sequence[Claimed], now: datetime
) -> None:
    """Let it be seen whose phones were rung so often that other ways are used now."""
    for one in {(one.user_id, one.channel): one for one in skipped}.values():
        channel = all_channels()[one.channel]
        detail = (
            f"{one.user_name} got {channel.most_per_10_min} messages by"
            f" {channel.title} within ten minutes. More went other ways."
        )
        new = NewFinding(
            THROTTLED, _key(one), detail, user_id=one.user_id, channel=one.channel
        )
        await readiness_queries.insert_finding(connection, new, now)


def _key(one: Claimed) -> str:
    return f"{one.user_id}/{one.channel}"


async def end_old(connection: Connection, now: datetime) -> None:
    """What was found long ago was seen, or is found again."""
    await readiness_queries.end_found_before(connection, THROTTLED, now - SHOWN, now)


def _wanted(claimed: Claimed) -> Wanted | None:
    most = all_channels()[claimed.channel].most_per_10_min
    if most is None or claimed.method_id is None:
        return None
    return Wanted(claimed.id, claimed.method_id, most, claimed.priority)
