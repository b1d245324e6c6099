"""What providers tell us, done: receipts, answers by people, linked chats, STOP and START."""

from datetime import datetime
from uuid import UUID

import structlog

from pagefree.accounts import proofs
from pagefree.accounts import service as accounts
from pagefree.channels.base import Linked, OptOut, Receipt, Reply
from pagefree.core.access import Actor
from pagefree.core.errors import PageFreeError
from pagefree.core.incidents import Status
from pagefree.core.replies import Verb
from pagefree.escalation import next_step
from pagefree.incidents import reading, service
from pagefree.infra.db import Tx
from pagefree.notifications import receipts, replies
from pagefree.notifications.replies import Answer
from pagefree.timeline.service import Entry, by, record

HELP = "Answer ack, res or esc, and the number of the incident."
NOTHING = "No open incident is meant by that."
UNDERSTOOD = {
    Verb.ACKNOWLEDGE: "acknowledged",
    Verb.RESOLVE: "resolved",
    Verb.ESCALATE: "passed on",
}

log = structlog.get_logger()


async def take(
    tx: Tx, channel: str, event: Receipt | Reply | Linked | OptOut, now: datetime
) -> str | None:
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
    people = await accounts.active_users(tx, [answer.user_id] if answer.user_id else [])
    if answer.user_id is None or not people:
        log.warning("reply.unknown_sender", channel=channel)
        await replies.finish(tx, answer, None, "ignored: nobody's address")
        return None  # strangers are told nothing
    names = await accounts.user_refs(tx, [answer.user_id])
    actor = Actor(answer.user_id, names[answer.user_id].name)
    verb = Verb(reply.verb)
    if verb is Verb.NONE:
        return await _finished(tx, answer, None, HELP)
    if not answer.incident_ids:
        return await _finished(tx, answer, None, NOTHING)
    lines = [await _act(tx, one, verb, actor, now) for one in answer.incident_ids]
    line = lines[0] if len(lines) == 1 else f"{len(lines)} incidents: {lines[0]}, …"
    return await _finished(tx, answer, answer.incident_ids[0], line)


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
    incident = await reading.get(tx, incident_id)
    if incident.status == Status.ACKNOWLEDGED:
        await service.unacknowledge(tx, incident_id, actor, now)
    elif await next_step.hasten(tx, incident_id, now):
        await record(tx, [Entry("escalation.hastened", by(actor), incident_id)], now)
