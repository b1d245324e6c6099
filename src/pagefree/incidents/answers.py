"""What providers tell us, done: receipts, answers by people, linked chats, STOP and START."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

import structlog

from pagefree.accounts import contacts, proofs
from pagefree.accounts import service as accounts
from pagefree.channels.base import Command, Linked, OptOut, Receipt, Reply
from pagefree.core.access import Actor
from pagefree.core.errors import Forbidden, PageFreeError
from pagefree.core.incidents import Status
from pagefree.core.replies import Verb
from pagefree.core.words import DEFAULT, words_in
from pagefree.core.words.tables import AnswerWords
from pagefree.escalation import next_step
from pagefree.incidents import commands, reading, service
from pagefree.incidents.changes import lock_one
from pagefree.incidents.commands import Asked
from pagefree.infra.db import Tx
from pagefree.notifications import preferences, receipts, replies
from pagefree.notifications.replies import Answer
from pagefree.timeline.service import SYSTEM, Entry, by, record

HOW_TO_LINK = (
    "PageFree does not know who you are here. Open it, go to Me, and add this chat as a way"
    " to reach you: it shows what to write to link your account."
)
CODE_IS_OVER = "This code counts no longer: ask for another one in PageFree."

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
            return await _linked(tx, channel, event) if linked else CODE_IS_OVER
        case OptOut():
            changed = await proofs.opt(
                tx, channel, event.sender, now, stopped=event.stopped
            )
            log.info("reply.opted", channel=channel, stopped=event.stopped, n=changed)
            if event.stopped:
                await record(tx, [_opted_out(channel, event.sender)], now)
            return None  # providers answer these themselves


async def _linked(tx: Tx, channel: str, event: Linked) -> str:
    address = contacts.read_address(channel, event.address)
    identity = contacts.identity_of(channel, address)
    owner = await proofs.owner(tx, channel, identity) if identity else None
    return (await _words(tx, owner)).linked


async def _words(tx: Tx, user_id: UUID | None) -> AnswerWords:
    language = await preferences.language_of(tx, user_id) if user_id else DEFAULT
    return words_in(language).answers


def _opted_out(channel: str, sender: str) -> Entry:
    """What features above hear, which may send there, too: they know the address by its hash."""
    address = sha256(sender.encode()).hexdigest()
    data = {"channel": channel, "address": address}
    return Entry("channel.opted_out", SYSTEM, data=data)


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
    verb, words = Verb(reply.verb), await _words(tx, actor.user_id)
    if verb is Verb.NONE:
        return await _finished(tx, answer, None, words.help)
    if not answer.incident_ids:
        return await _finished(tx, answer, None, words.nothing)
    lines = [
        await _act(tx, one, verb, actor, words, now) for one in answer.incident_ids
    ]
    line = lines[0]
    if len(lines) > 1:
        line = words.many.format(count=len(lines), first=line)
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
    words = await _words(tx, actor.user_id)
    asked = Asked(channel, command, words)
    try:
        async with tx.begin_nested():
            done = await commands.obey(tx, asked, actor, now)
    except Forbidden:
        return await _finished(tx, answer, None, words.may_not_that)
    except PageFreeError as e:
        return await _finished(tx, answer, None, str(e))
    return await _finished(tx, answer, done.incident_id, done.line)


async def _finished(tx: Tx, answer: Answer, incident_id: UUID | None, line: str) -> str:
    await replies.finish(tx, answer, incident_id, line)
    return line


async def _act(
    tx: Tx,
    incident_id: UUID,
    verb: Verb,
    actor: Actor,
    words: AnswerWords,
    now: datetime,
) -> str:
    """One incident, in one line that says what came of it."""
    number = (await reading.get(tx, incident_id)).number
    try:
        match verb:
            case Verb.ACKNOWLEDGE:
                done = words.acknowledged
                await service.acknowledge(tx, incident_id, actor, now)
            case Verb.RESOLVE:
                done = words.resolved
                await service.resolve(tx, incident_id, None, actor, now)
            case _:
                done = words.passed_on
                await _pass_on(tx, incident_id, actor, now)
    except Forbidden:
        done = words.may_not
    except PageFreeError as e:
        refused = await _refused(tx, incident_id, words)
        if refused is None:
            return f"#{number}: {e}"
        done = refused
    return done.format(number=number)


async def _refused(tx: Tx, incident_id: UUID, words: AnswerWords) -> str | None:
    """Why nothing came of it, where that is the state of the incident."""
    incident = await reading.get(tx, incident_id)
    if incident.merged_into is not None:
        return words.merged
    return words.over if incident.status == Status.RESOLVED else None


async def _pass_on(tx: Tx, incident_id: UUID, actor: Actor, now: datetime) -> None:
    """The next step is paged now; what somebody has escalates from the first step."""
    await lock_one(tx, incident_id, actor)
    incident = await reading.get(tx, incident_id)
    if incident.status == Status.ACKNOWLEDGED:
        await service.unacknowledge(tx, incident_id, actor, now)
    elif await next_step.hasten(tx, incident_id, now):
        await record(tx, [Entry("escalation.hastened", by(actor), incident_id)], now)
