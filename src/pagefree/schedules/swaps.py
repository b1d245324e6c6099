"""Shift swaps: offered to one person, accepted as one exchange of overrides."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.accounts import service as accounts
from pagefree.accounts.queries import UserRef
from pagefree.core.access import Actor, Can, require
from pagefree.core.errors import Conflict, Forbidden, Invalid, NotFound
from pagefree.core.intervals import clip
from pagefree.infra.db import Tx
from pagefree.schedules import overrides, service, swap_queries
from pagefree.schedules.handing_over import (
    eligible,
    locked,
    note,
    obstacle,
    require_ahead,
)
from pagefree.schedules.notices import Listener, Said, tell
from pagefree.schedules.override_queries import NewOverride
from pagefree.schedules.plans import Schedule
from pagefree.schedules.swap_queries import NewSwap, Swap, SwapStatus
from pagefree.timeline.service import SYSTEM, by

KEEP = timedelta(days=30)  # how long one sees what became of an offer
ENDED = {
    SwapStatus.ACCEPTED: "the offer has been accepted",
    SwapStatus.DECLINED: "the offer has been declined",
    SwapStatus.WITHDRAWN: "the offer has been withdrawn",
    SwapStatus.EXPIRED: "the offer has expired: the shift has begun",
}

Names = Mapping[UUID, UserRef]


async def offer(
    tx: Tx, schedule_id: UUID, new: NewSwap, actor: Actor, now: datetime
) -> UUID:
    """Offer a shift of the actor to somebody, for one of theirs or for nothing.

    Raises NotFound, Forbidden, Invalid, and Conflict where it is not theirs to give.
    """
    require(actor, Can.HAND_OVER)
    schedule = await locked(tx, schedule_id, now)
    require_ahead(new.shift, now)
    if new.in_return is not None:
        require_ahead(new.in_return, now)
        if clip(new.shift, new.in_return):
            raise Invalid("the two shifts overlap")
    if new.to_id == actor.user_id:
        raise Invalid("nobody can swap with themselves")
    if new.to_id not in await eligible(tx, schedule):
        raise Invalid("they are neither in this schedule nor respond in its team")
    names = await accounts.user_refs(tx, [actor.user_id, new.to_id])
    if problem := _obstacle(schedule, new, actor.user_id, names):
        raise Conflict(problem)
    made = await swap_queries.insert_swap(tx, schedule_id, actor.user_id, new, now)
    people = {"user": names[new.to_id]}
    await note(tx, "schedule.swap_offered", schedule, by(actor), people, now)
    await tell(tx, [new.to_id], lambda to: _offered(schedule, new, actor, to), now)
    return made


async def get(tx: Tx, swap_id: UUID) -> Swap:
    """The offer. Raises NotFound."""
    found = await swap_queries.get(tx, swap_id)
    if found is None:
        raise NotFound("there is no such offer")
    return found


async def mine(tx: Tx, actor: Actor, now: datetime) -> list[Swap]:
    """Offers by and to the actor: the open ones and those that ended lately, newest first."""
    require(actor, Can.SEE)
    return await swap_queries.list_of(tx, actor.user_id, now - KEEP)


async def accept(tx: Tx, swap_id: UUID, actor: Actor, now: datetime) -> None:
    """Exchange the shifts, both or none. Doing so twice is not an error.

    Raises NotFound, Forbidden, and Conflict where the shifts or the offer have changed.
    """
    swap, schedule = await _locked(tx, swap_id, actor, now)
    new = swap.new
    _require_party(actor, new.to_id)
    if swap.status is SwapStatus.ACCEPTED:
        return
    _require_open(swap, now)
    names = await accounts.user_refs(tx, [swap.from_id, new.to_id])
    if problem := _obstacle(schedule, new, swap.from_id, names):
        raise Conflict(f"the shifts have changed since: {problem}")
    words = f"Swap: {new.reason}" if new.reason else "Swap"
    exchange = [
        NewOverride(
            new.shift.start, new.shift.end, new.to_id, swap.from_id, reason=words
        )
    ]
    if back := new.in_return:
        mirrored = NewOverride(
            back.start, back.end, swap.from_id, new.to_id, reason=words
        )
        exchange.append(mirrored)
    await overrides.insert(tx, schedule, exchange, actor.user_id, now)
    await swap_queries.decide(tx, swap_id, SwapStatus.ACCEPTED, now)
    people = {"user": names[swap.from_id]}
    await note(tx, "schedule.swap_accepted", schedule, by(actor), people, now)
    said = _outcome(schedule, swap, SwapStatus.ACCEPTED, actor.name)
    await tell(tx, [swap.from_id], said, now)


async def decline(tx: Tx, swap_id: UUID, actor: Actor, now: datetime) -> None:
    """Nothing changes hands. Doing so twice is not an error.

    Raises NotFound, Forbidden and Conflict.
    """
    swap, schedule = await _locked(tx, swap_id, actor, now)
    _require_party(actor, swap.new.to_id)
    if swap.status is SwapStatus.DECLINED:
        return
    _require_open(swap, now)
    await swap_queries.decide(tx, swap_id, SwapStatus.DECLINED, now)
    people = await _named(tx, swap.from_id)
    await note(tx, "schedule.swap_declined", schedule, by(actor), people, now)
    said = _outcome(schedule, swap, SwapStatus.DECLINED, actor.name)
    await tell(tx, [swap.from_id], said, now)


async def withdraw(tx: Tx, swap_id: UUID, actor: Actor, now: datetime) -> None:
    """Take the offer back. Doing so twice is not an error.

    Raises NotFound, Forbidden and Conflict.
    """
    swap, schedule = await _locked(tx, swap_id, actor, now)
    _require_party(actor, swap.from_id)
    if swap.status is SwapStatus.WITHDRAWN:
        return
    _require_open(swap, now)
    await swap_queries.decide(tx, swap_id, SwapStatus.WITHDRAWN, now)
    people = await _named(tx, swap.new.to_id)
    await note(tx, "schedule.swap_withdrawn", schedule, by(actor), people, now)
    said = _outcome(schedule, swap, SwapStatus.WITHDRAWN, actor.name)
    await tell(tx, [swap.new.to_id], said, now)


async def expire(tx: Tx, now: datetime) -> int:
    """End the offers of which a shift has begun, and tell who offered; returns how many."""
    ended = await swap_queries.expire(tx, now)
    for swap in ended:
        schedule = await service.get(tx, swap.schedule_id, now)
        people = await _named(tx, swap.from_id)
        await note(tx, "schedule.swap_expired", schedule, SYSTEM, people, now)
        said = _outcome(schedule, swap, SwapStatus.EXPIRED, "")
        await tell(tx, [swap.from_id], said, now)
    return len(ended)


async def _locked(
    tx: Tx, swap_id: UUID, actor: Actor, now: datetime
) -> tuple[Swap, Schedule]:
    """The offer and its schedule, which nobody else changes until the transaction ends."""
    require(actor, Can.HAND_OVER)
    schedule = await locked(tx, (await get(tx, swap_id)).schedule_id, now)
    swap = await swap_queries.get(tx, swap_id, lock=True)
    if swap is None:
        raise NotFound("there is no such offer")
    return swap, schedule


def _require_party(actor: Actor, user_id: UUID) -> None:
    if actor.user_id != user_id:
        raise Forbidden("this is for somebody else to decide")


def _require_open(swap: Swap, now: datetime) -> None:
    if swap.status is not SwapStatus.OPEN:
        raise Conflict(ENDED[swap.status])
    if swap.expires_at <= now:  # and nobody has written it down yet
        raise Conflict(ENDED[SwapStatus.EXPIRED])


def _obstacle(
    schedule: Schedule, new: NewSwap, from_id: UUID, names: Names
) -> str | None:
    giver, taker = names[from_id], names[new.to_id]
    found = obstacle(schedule, new.shift, giver, taker)
    if found is None and new.in_return is not None:
        found = obstacle(schedule, new.in_return, taker, giver)
    return found


async def _named(tx: Tx, user_id: UUID) -> dict[str, UserRef]:
    return {"user": (await accounts.user_refs(tx, [user_id]))[user_id]}


def _outcome(schedule: Schedule, swap: Swap, status: SwapStatus, who: str) -> Said:
    """What has become of an offer; who: whoever has decided."""

    def said(to: Listener) -> str:
        sentences = {
            SwapStatus.ACCEPTED: to.words.swap_accepted,
            SwapStatus.DECLINED: to.words.swap_declined,
            SwapStatus.WITHDRAWN: to.words.swap_withdrawn,
        }
        sentence = sentences.get(status, to.words.swap_unanswered)
        when = to.span(swap.new.shift)
        return sentence.format(name=who, schedule=schedule.name, when=when)

    return said


def _offered(schedule: Schedule, new: NewSwap, actor: Actor, to: Listener) -> str:
    sentence, wanted = to.words.swap_offered, ""
    if new.in_return:
        sentence, wanted = to.words.swap_offered_for, to.span(new.in_return)
    said = sentence.format(
        name=actor.name,
        schedule=schedule.name,
        when=to.span(new.shift),
        wanted=wanted,
    )
    return f"{said}: {new.reason}" if new.reason else said
