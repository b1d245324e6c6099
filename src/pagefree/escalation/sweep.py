"""The sweep: whoever is next is paged for every incident whose wait is over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from traceback import format_exc
from uuid import UUID

import structlog

from pagefree.accounts import service as accounts
from pagefree.core import escalation as core
from pagefree.core.escalation import Advance, Policy, Situation, cause
from pagefree.core.incidents import Life, Status, wake
from pagefree.core.notifications import Kind
from pagefree.escalation import audience, queries, turn_queries
from pagefree.escalation.queries import Due
from pagefree.escalation.turn_queries import PolicyTurns
from pagefree.infra.db import Connection, Tx, driver
from pagefree.infra.writes import write
from pagefree.notifications import posting
from pagefree.notifications import service as notifications
from pagefree.notifications.posting import Post
from pagefree.notifications.room_queries import RoomRef
from pagefree.notifications.service import PageRequest
from pagefree.timeline.service import SYSTEM, Entry, record, recording_after

BATCH = 500
FEW = (
    10  # of those that wait behind others: a page that comes meanwhile waits for these
)
PATIENCE = timedelta(seconds=10)  # how long they do
FIRST_PAGE, ESCALATION = 0, 1  # priorities of notifications

Happened = tuple[str, dict[str, object]]

log = structlog.get_logger()


@dataclass(slots=True)  # not frozen: storms make many
class Decided:
    """What becomes of one due escalation."""

    due: Due
    policy: Policy
    life: Life
    advance: Advance
    taken: Mapping[UUID, int]  # turns of a round robin
    rooms: Mapping[UUID, RoomRef]  # of its step and maybe others


async def escalate_due(
    tx: Tx, now: datetime, limit: int = BATCH, *, pages_first: bool = False
) -> int:
    """Advance up to `limit` escalations due at `now` by one step each; returns how many.

    Besides, as many of policies without steps, which only tell admins. `pages_first`: of
    those only a FEW, and when they have waited for PATIENCE, so that a storm of them holds
    nobody's page up. A crash pages nobody and loses nothing: the rows are still due.
    """
    told_by, most_told = (now - PATIENCE, FEW) if pages_first else (now, limit)
    connection = await driver(tx)
    due = await queries.claim_due(connection, now, limit, told_by, most_told)
    if due:
        await _escalate_or_halve(tx, due, now)
    return len(due)


async def next_due_at(tx: Tx) -> datetime | None:
    """When the sweep has something to do next; none: when it is woken."""
    return await queries.next_due_at(await driver(tx))


async def _escalate_or_halve(tx: Tx, due: Sequence[Due], now: datetime) -> None:
    """Escalate all of `due`; what cannot be is found by halving, and put off alone."""
    try:
        async with (await driver(tx)).transaction():  # a savepoint
            await _escalate(tx, due, now)
    except Exception:  # noqa: BLE001 whatever is wrong with one must not stop the others
        if len(due) > 1:
            middle = len(due) // 2
            await _escalate_or_halve(tx, due[:middle], now)
            await _escalate_or_halve(tx, due[middle:], now)
            return
        log.warning(
            "escalation.put_off",
            incident_id=str(due[0].incident_id),
            trace=format_exc(limit=-3),  # short: there may be hundreds
        )
        await _put_off(tx, due[0], now)


async def _put_off(tx: Tx, due: Due, now: datetime) -> None:
    """Try again later; what keeps failing is somebody's to look at meanwhile."""
    failures = due.failures + 1
    until = core.retry_at(failures, now)
    if core.worth_telling(failures):
        try:
            async with tx.begin_nested():
                await _tell_admins(tx, due, now)
        except Exception:
            failures -= 1  # the next try tells them
            log.exception("escalation.untold", incident_id=str(due.incident_id))
    await queries.put_off(tx, due.incident_id, failures, until)


async def _tell_admins(tx: Tx, due: Due, now: datetime) -> None:
    """Page the platform admins for an incident that does not escalate by its policy."""
    life = wake(due.life, now)
    if life.status is not Status.TRIGGERED:
        return
    if life != due.life:
        await queries.wake(await driver(tx), [due.incident_id])
    admins = await accounts.platform_admins(tx)
    requests = [
        PageRequest(
            due.incident_id,
            user_id,
            due.urgency,
            Kind.FALLBACK,
            "escalation failed",
            ESCALATION,
        )
        for user_id in admins
    ]
    await notifications.page(tx, requests, now)
    refs = await accounts.user_refs(tx, admins)
    data = {"users": _people(admins, {i: user.name for i, user in refs.items()})}
    entries = [Entry("escalation.put_off", SYSTEM, due.incident_id, due.team_id, data)]
    if life != due.life:
        woke = Entry("incident.woke", SYSTEM, due.incident_id, due.team_id)
        entries.insert(0, woke)
    await record(tx, entries, now)


async def _escalate(tx: Tx, due: Sequence[Due], now: datetime) -> None:
    connection = await driver(tx)
    decided = await _decide(tx, connection, due, now)
    woken = [d.due.incident_id for d in decided if d.life != d.due.life]
    if woken:
        await queries.wake(connection, woken)
    exhausted = any(d.advance.exhausted for d in decided)
    admins = await accounts.platform_admins(tx) if exhausted else ()
    requests = [request for d in decided for request in _requests(d, admins)]
    pages = await notifications.pages_for(tx, requests, now)
    if posts := [post for d in decided for post in _posts(d)]:
        await posting.post(tx, posts, now)
    told = {user for d in decided for user in (*d.advance.users, *admins)}
    had = {d.due.life.acknowledged_by_id for d in decided if d.life != d.due.life}
    told |= {user for user in had if user}
    names = {i: user.name for i, user in (await accounts.user_refs(tx, told)).items()}
    entries = [entry for d in decided for entry in _entries(d, admins, names)]
    numbers = {d.due.incident_id: d.due.last_seq for d in decided}
    progress = [(d.due.incident_id, d.advance.progress) for d in decided]
    happened = recording_after(entries, numbers, now)
    await write(connection, [queries.saving(progress), *pages.writes, *happened])
    await notifications.tell_of_unreached(tx, pages, now)


async def _decide(
    tx: Tx, connection: Connection, due: Sequence[Due], now: datetime
) -> list[Decided]:
    policies = [queries.decode(item.policy_text) for item in due]
    distinct = list({id(policy): policy for policy in policies}.values())
    targets = audience.targets_of(distinct)
    meant = await audience.load(tx, targets, now)
    reachable = meant.reachable(targets, now)
    turns = await _turns(connection, distinct)
    decided: list[Decided] = []
    for item, policy in zip(due, policies, strict=True):
        had = turns.setdefault(policy.id, {}) if policy.id else {}
        situation = Situation(reachable, item.urgency, had, meant.rooms)
        life, advance = core.due(policy, item.progress, item.life, situation, now)
        taken = core.turns_taken(policy, had, advance)
        if taken and advance.step is not None:
            had.setdefault(advance.step, {}).update(taken)
        decided.append(Decided(item, policy, life, advance, taken, meant.rooms))
    await _save_turns(connection, decided)
    return decided


async def _turns(connection: Connection, policies: Sequence[Policy]) -> PolicyTurns:
    """Whose turn it is, where somebody takes turns; nobody else takes one meanwhile."""
    taking = {
        policy.id
        for policy in policies
        if policy.id and any(step.round_robin for step in policy.steps)
    }
    return await turn_queries.lock_turns(connection, taking) if taking else {}


async def _save_turns(connection: Connection, decided: Sequence[Decided]) -> None:
    taken = {
        (d.policy.id, d.advance.step, user_id): turn
        for d in decided
        if d.policy.id and d.advance.step is not None
        for user_id, turn in d.taken.items()
    }
    if taken:
        rows = [(*whose, turn) for whose, turn in taken.items()]
        await turn_queries.save_turns(connection, rows)


def _requests(decided: Decided, admins: Sequence[UUID]) -> list[PageRequest]:
    """Whom to page: the people of the step, or the admins when the policy is exhausted."""
    advance, due = decided.advance, decided.due
    return [
        PageRequest(
            incident_id=due.incident_id,
            user_id=user_id,
            urgency=due.urgency,
            kind=_kind(decided),
            cause=cause(advance),
            priority=ESCALATION if due.progress.steps_done else FIRST_PAGE,
        )
        for user_id in (admins if advance.exhausted else advance.users)
    ]


def _posts(decided: Decided) -> list[Post]:
    """Where to tell of it: what is posted reaches nobody in particular."""
    return [
        Post(decided.due.incident_id, decided.rooms[room_id], cause(decided.advance))
        for room_id in decided.advance.rooms
    ]


def _kind(decided: Decided) -> Kind:
    if decided.advance.step is None:
        return Kind.FALLBACK
    wanted = decided.policy.steps[decided.advance.step].acknowledgements
    return Kind.MORE if wanted > 1 else Kind.PAGE


def _entries(
    decided: Decided, admins: Sequence[UUID], names: Mapping[UUID, str]
) -> list[Entry]:
    """What the timeline says; steps count from 1 there, as people count."""
    due, advance = decided.due, decided.advance
    happened = [
        *_again(decided, names),
        *(
            ("escalation.skipped", {"step": skipped.step + 1, "reason": skipped.why})
            for skipped in advance.skipped
        ),
        *_held(advance),
    ]
    if advance.step is not None:
        data: dict[str, object] = {"step": advance.step + 1, "cause": cause(advance)}
        data["users"] = _people(advance.users, names)
        if advance.rooms:
            called = {i: room.name for i, room in decided.rooms.items()}
            data["rooms"] = _people(advance.rooms, called)
        happened.append(("escalation.paged", data))
    if advance.exhausted:
        happened.append(("escalation.exhausted", {"users": _people(admins, names)}))
    if advance.gave_up:
        happened.append(("escalation.gave_up", _wanting(decided)))
    return [
        Entry(kind, SYSTEM, due.incident_id, due.team_id, data)
        for kind, data in happened
    ]


def _again(decided: Decided, names: Mapping[UUID, str]) -> list[Happened]:
    """What has ended, if it escalates anew: a snooze, or the time of whoever had it."""
    before = decided.due.life
    if decided.life == before:
        return []
    if before.snoozed_until is not None:
        return [("incident.woke", {})]
    had = [before.acknowledged_by_id] if before.acknowledged_by_id else []
    return [("incident.acknowledgement_expired", {"users": _people(had, names)})]


def _held(advance: Advance) -> list[Happened]:
    until = advance.progress.due_at
    if advance.held is None or until is None:
        return []
    data: dict[str, object] = {"reason": advance.held.why, "until": until.isoformat()}
    if advance.held.step is not None:
        data["step"] = advance.held.step + 1
    return [("escalation.held", data)]


def _wanting(decided: Decided) -> dict[str, object]:
    progress = decided.advance.progress
    step = decided.policy.steps[progress.paged_step or 0]
    return {
        "acknowledged": len(progress.acknowledged_by),
        "wanted": step.acknowledgements,
    }


def _people(
    user_ids: Sequence[UUID], names: Mapping[UUID, str]
) -> list[dict[str, str]]:
    return [{"id": str(i), "name": names.get(i, "")} for i in user_ids]
