"""What providers tell us, done: receipts, answers by people, linked chats, STOP and START."""

from datetime import datetime
from uuid import UUID

import structlog

from pagefree.accounts import proofs
from pagefree.accounts import service as accounts
from pagefree.channels.base import Command, Linked, OptOut, Receipt, Reply
from pagefree.core.access import Actor
from pagefree.core.errors import PageFreeError
from pagefree.core.incidents import Status
from pagefree.core.replies import Verb
from pagefree.escalation import next_step
from pagefree.incidents import commands, reading, service
from pagefree.incidents.changes import lock_one
from pagefree.infra.db import Tx
from pagefree.notifications import receipts, replies
from pagefree.notifications.replies import Answer
from pagefree.timeline.service import Entry, by, record

HELP = "Answer ack, res or esc, and the number of the incident."
HOW_TO_LINK = (
    "PageFree does not know who you are here. Open it, go to Me, and add this chat as a way"
    " to reach you: it shows what to write to link your account."
)
NOTHING = "No open incident is meant by that."
UNDERSTOOD = {
    Verb.ACKNOWLEDGE: "acknowledged",
    Verb.RESOLVE: "resolved",
    Verb.ESCALATE: "passed on",
}

Event = Receipt | Reply | Command | Linked | OptOut

log = structlog.get_logger()


async def take(tx: Tx, channel: str, event: Event, now: datetime) -> str | None:
    """Do what an event asks for; answers a line for the person, if there is one.

    A receipt of something unknown raises LookupError: it may be ahead of our own writing.
    """
    match event:
        case Receipt():
            if not await receipts.take(tx, channel, event, now):
                raise LookupError(event.provider_id)
            return None
        case Reply():
            return await _reply(tx, channel, event, now)
        case Command():
            return await _command(tx, channel, event, now)
        case Linked():
            linked = await proofs.link(
                tx, channel, event.code, event.address, event.label, now
            )
            return "PageFree can reach you here now." if linked else CODE_IS_OVER
        case OptOut():
            changed = await proofs.opt(
                tx, channel, event.sender, now, stopped=event.stopped
            )
            log.info("reply.opted", channel=channel, stopped=event.stopped, n=changed)
            return None  # providers answer these themselves


CODE_IS_OVER = "This code counts no longer: ask for another one in PageFree."


async def _reply(tx: Tx, channel: str, reply: Reply, now: datetime) -> str | None:
    answer = await replies.take(tx, channel, reply, now)
    if answer is None:
        return None  # it has come before
    actor = await _actor(tx, answer)
    if actor is None:
        log.warning("reply.unknown_sender", channel=channel)
        await replies.finish(tx, answer, None, "ignored: nobody's address")
        # strangers are told nothing, unless they read along where we write
        return HOW_TO_LINK if reply.from_chat else None
    verb = Verb(reply.verb)
    if verb is Verb.NONE:
        return await _finished(tx, answer, None, HELP)
    if not answer.incident_ids:
        return await _finished(tx, answer, None, NOTHING)
    lines = [await _act(tx, one, verb, actor, now) for one in answer.incident_ids]
    line = lines[0] if len(lines) == 1 else f"{len(lines)} incidents: {lines[0]}, …"
    return await _finished(tx, answer, answer.incident_ids[0], line)


async def _actor(tx: Tx, answer: Answer) -> Actor | None:
    return await accounts.actor_of(tx, answer.user_id) if answer.user_id else None


async def _command(tx: Tx, channel: str, command: Command, now: datetime) -> str | None:
    answer = await replies.take_command(tx, channel, command, now)
    if answer is None:
        return None  # it has come before
    actor = await _actor(tx, answer)
    if actor is None:
        await replies.finish(tx, answer, None, "ignored: nobody's address")
        return HOW_TO_LINK
    try:
        async with tx.begin_nested():
            done = await commands.obey(tx, channel, command, actor, now)
    except PageFreeError as e:
        return await _finished(tx, answer, None, str(e))
    return await _finished(tx, answer, done.incident_id, done.line)


async def _finished(tx: Tx, answer: Answer, incident_id: UUID | None, line: str) -> str:
    await replies.finish(tx, answer, incident_id, line)
    return line


async def _act(
    tx: Tx, incident_id: UUID, verb: Verb, actor: Actor, now: datetime
) -> str:
    """One incident, in one line that says what came of it."""
    incident = await reading.get(tx, incident_id)
    try:
        match verb:
            case Verb.ACKNOWLEDGE:
                await service.acknowledge(tx, incident_id, actor, now)
            case Verb.RESOLVE:
                await service.resolve(tx, incident_id, None, actor, now)
            case _:
                await _pass_on(tx, incident_id, actor, now)
    except PageFreeError as e:
        return f"#{incident.number}: {e}"
    return f"#{incident.number} {UNDERSTOOD[verb]}"


async def _pass_on(tx: Tx, incident_id: UUID, actor: Actor, now: datetime) -> None:
    """The next step is paged now; what somebody has escalates from the first step."""
    await lock_one(tx, incident_id, actor)
    incident = await reading.get(tx, incident_id)
    if incident.status == Status.ACKNOWLEDGED:
        await service.unacknowledge(tx, incident_id, actor, now)
    elif await next_step.hasten(tx, incident_id, now):
        await record(tx, [Entry("escalation.hastened", by(actor), incident_id)], now)
