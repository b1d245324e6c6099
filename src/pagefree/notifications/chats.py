"""Looking after the chats of incidents: one call at a time, each written down at once.

A crash between a call and its row makes that one call again; nothing else is repeated.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.accounts import channel_configs
from pagefree.channels import all_channels
from pagefree.channels.base import Chats, one_line
from pagefree.core import incident_chats as core
from pagefree.core.errors import DeliveryError
from pagefree.core.incident_chats import Step, Subject
from pagefree.infra.crypto import Unsealable
from pagefree.infra.db import Tx, driver, transaction
from pagefree.infra.failpoints import failpoint
from pagefree.notifications import chat_queries as queries
from pagefree.notifications.chat_queries import After, News, Taken
from pagefree.notifications.handing_over import TIMEOUT_S, Gateway
from pagefree.timeline.service import SYSTEM, Entry, record

AT_ONCE = 10
LEASE = timedelta(seconds=60)  # longer than any call
LINE_LIMIT = 300

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Due:
    """A chat to look after now, with all that it may be told."""

    taken: Taken
    subject: Subject
    people: Mapping[str, Any]  # addresses by whose they are
    news: Sequence[News]


Result = tuple[Due, After, Step | None]  # what was done


async def tend_due(gateway: Gateway, engine: AsyncEngine) -> None:
    """Look after what is due, a batch at a time; nothing is locked meanwhile."""
    if gateway.demo:
        return  # there is no chat that it could be in
    due: list[Due] | None = None
    while due is None or due:
        async with transaction(engine) as tx:
            due = await take(tx, gateway)
        results = await tend_all(gateway, due)
        if results:
            failpoint("chats.after_provider")
        async with transaction(engine) as tx:
            await settle(tx, results, gateway.clock())


async def take(tx: Tx, gateway: Gateway) -> list[Due]:
    """Lease what is due."""
    connection, now = await driver(tx), gateway.clock()
    taken = await queries.take(connection, AT_ONCE, now + LEASE, now)
    return [
        Due(
            one,
            _subject(one, gateway.base_url),
            _people(one),
            await queries.list_news(connection, one.incident_id, one.told_seq),
        )
        for one in taken
    ]


def _subject(one: Taken, base_url: str) -> Subject:
    return Subject(
        one.number,
        one_line(one.title),
        one_line(one.service),
        one.severity,
        one.status,
        one.has_it,
        one.resolved_at,
        f"{base_url}/incidents/{one.number}",
    )


def _people(one: Taken) -> dict[str, Any]:
    channel = all_channels()[one.channel]
    found: dict[str, Any] = {}
    for text in one.people:
        try:
            address = channel.Address.model_validate_json(text)
        except ValidationError:
            continue  # of an older release: whoever it is reads the room
        if channel.identity is not None:
            found[channel.identity(address)] = address
    return found


async def tend_all(gateway: Gateway, due: Sequence[Due]) -> list[Result]:
    """The next call of each, side by side."""
    return await asyncio.gather(*(_tend(gateway, one) for one in due))


async def _tend(gateway: Gateway, due: Due) -> Result:
    taken, now = due.taken, gateway.clock()
    step = core.next_step(
        taken.chat, due.subject, list(due.people), news=bool(due.news), now=now
    )
    try:
        async with asyncio.timeout(TIMEOUT_S):
            after = await _done(gateway, due, step)
    except DeliveryError as e:
        return due, _failed(due, e, now), None
    except (Unsealable, ValidationError):
        error = DeliveryError(
            "its credentials have to be typed in again", permanent=True
        )
        return due, _failed(due, error, now), None
    except TimeoutError:
        error = DeliveryError("no answer in time", permanent=False)
        return due, _failed(due, error, now), None
    return due, after, step


async def _done(gateway: Gateway, due: Due, step: Step | None) -> After:
    """Do it; how far the chat has got then. Raises DeliveryError."""
    taken, now = due.taken, gateway.clock()
    chats, place = all_channels()[taken.channel].chats, taken.chat.place or ""
    after = After(taken.chat, taken.told_seq, 0, None, now)
    if chats is None or step is None:
        return replace(after, due_at=core.look_again_at(due.subject, now))
    config = channel_configs.unseal(gateway.vault, taken.channel, taken.config)
    ways = gateway.transports
    match step:
        case Step.CREATE:
            made = await chats.create(ways, config, core.name_of(due.subject))
            return replace(after, chat=replace(taken.chat, place=made))
        case Step.INVITE:
            new = set(due.people) - taken.chat.invited
            await chats.invite(
                ways, config, place, [due.people[one] for one in sorted(new)]
            )
            return replace(
                after, chat=replace(taken.chat, invited=taken.chat.invited | new)
            )
        case Step.TOPIC:
            topic = core.topic_of(due.subject)
            await chats.set_topic(ways, config, place, topic)
            return replace(after, chat=replace(taken.chat, topic=topic))
        case Step.TELL:
            await _tell(gateway, chats, config, due)
            return replace(after, told_seq=due.news[-1].seq)
        case Step.ARCHIVE:
            await chats.archive(ways, config, place)
            return replace(after, due_at=None, archived_at=now)


async def _tell(gateway: Gateway, chats: Chats, config: object, due: Due) -> None:
    """One message for all that is new; nothing where none of it is worth a line."""
    told = (core.words(one.kind, one.actor_name, one.data) for one in due.news)
    lines = [one_line(line, LINE_LIMIT) for line in told if line]
    if lines:
        place = due.taken.chat.place or ""
        await chats.post(gateway.transports, config, place, "\n".join(lines))


def _failed(due: Due, error: DeliveryError, now: datetime) -> After:
    taken = due.taken
    tries = taken.tries + 1
    again = None if error.permanent else core.retry_at(tries, error.retry_after_s, now)
    log.warning(
        "chat.failed",
        incident=taken.number,
        channel=taken.channel,
        error=str(error),
        again_at=again,
    )
    return After(taken.chat, taken.told_seq, tries, str(error), again)


async def settle(tx: Tx, results: Sequence[Result], now: datetime) -> None:
    """Write down how far each has got; the timeline says where there is one, or why not."""
    connection = await driver(tx)
    entries: list[Entry] = []
    for due, after, step in results:
        await queries.save(connection, due.taken, after)
        if step is Step.CREATE:
            entries.append(_entry(due, "incident.chat_made", None))
        elif after.error and after.due_at is None:
            entries.append(_entry(due, "incident.chat_failed", after.error))
    await record(tx, entries, now)


def _entry(due: Due, kind: str, error: str | None) -> Entry:
    taken = due.taken
    data: dict[str, object] = {
        "room": {"id": str(taken.room_id), "name": taken.room},
        "channel": taken.channel,
        "name": core.name_of(due.subject),
    }
    if error:
        data["error"] = one_line(error, LINE_LIMIT)
    return Entry(kind, SYSTEM, taken.incident_id, taken.team_id, data)
