"""Answers of people: whose they are, which incidents they mean, and the codes for that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pagefree.accounts import proofs
from pagefree.channels import all_channels
from pagefree.channels.base import Command, Reply, one_line
from pagefree.core.replies import CODES, Given, code_for, meant
from pagefree.infra.db import Connection, Tx, driver
from pagefree.notifications import reply_queries as queries
from pagefree.notifications.delivery_queries import Claimed
from pagefree.notifications.reply_queries import NewReply

TEXT_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that is kept, and what it means."""

    id: UUID
    user_id: UUID | None  # none: nobody whom we know
    incident_ids: tuple[UUID, ...] = ()


async def take(tx: Tx, channel: str, reply: Reply, now: datetime) -> Answer | None:
    """Keep an answer and find out whose it is and what it means; none: it has come before."""
    connection = await driver(tx)
    user_id = reply.user_id or await proofs.owner(tx, channel, reply.sender)
    made = await queries.insert_reply(
        connection,
        NewReply(
            channel,
            reply.id or None,
            one_line(reply.sender),
            one_line(reply.text, TEXT_LIMIT),
            reply.verb,
            user_id,
        ),
        now,
    )
    if made is None:
        return None
    if user_id is None:
        return Answer(made, None)
    posted = reply.incident_id if reply.from_chat else None
    if posted and await queries.was_posted(connection, posted, channel):
        # what they may do with it is asked later
        return Answer(made, user_id, (posted,))
    return Answer(made, user_id, await _meant(connection, reply, user_id, now))


async def take_command(
    tx: Tx, channel: str, command: Command, now: datetime
) -> Answer | None:
    """Keep what somebody asks of us from a chat, and whose it is; none: it has come before."""
    user_id = await proofs.owner(tx, channel, command.sender)
    new = NewReply(
        channel,
        command.id or None,
        one_line(command.sender),
        one_line(command.text, TEXT_LIMIT),
        command.verb,
        user_id,
    )
    made = await queries.insert_reply(await driver(tx), new, now)
    return None if made is None else Answer(made, user_id)


async def finish(
    tx: Tx, answer: Answer, incident_id: UUID | None, outcome: str
) -> None:
    """Keep what came of an answer."""
    await queries.finish_reply(
        await driver(tx), answer.id, incident_id, one_line(outcome, TEXT_LIMIT)
    )


async def _meant(
    connection: Connection, reply: Reply, user_id: UUID, now: datetime
) -> tuple[UUID, ...]:
    """Only incidents that this person was told of: a sender can be forged."""
    if reply.notification_id is not None:
        found = await queries.incident_of(connection, reply.notification_id, user_id)
        return (found,) if found else ()
    if reply.incident_id is not None:
        told = await queries.was_told(connection, reply.incident_id, user_id)
        return (reply.incident_id,) if told else ()
    return meant(reply.code, await queries.list_told(connection, user_id, now))


async def codes_for(
    connection: Connection, claimed: Sequence[Claimed], now: datetime
) -> dict[UUID, str]:
    """The short code of each notification, by its id, on channels whose messages carry one."""
    wanted = [
        one
        for one in claimed
        if one.incident_id is not None and all_channels()[one.channel].replies
    ]
    if not wanted:
        return {}
    given = await queries.lock_given(connection, {one.user_id for one in wanted})
    codes: dict[UUID, str] = {}
    new: dict[tuple[UUID, int], UUID] = {}
    for one in wanted:
        incident_id, theirs = one.incident_id, given[one.user_id]
        code = code_for(incident_id, theirs) if incident_id else None
        if code is None or incident_id is None or code > CODES:
            continue
        codes[one.id] = str(code)
        if not any(g.incident_id == incident_id for g in theirs):
            theirs[:] = [g for g in theirs if g.code != code]
            theirs.append(Given(code, incident_id, over=False, at=now))
            new[one.user_id, code] = incident_id
    if new:
        rows = [(user_id, code, i) for (user_id, code), i in new.items()]
        await queries.give(connection, rows, now)
    return codes
