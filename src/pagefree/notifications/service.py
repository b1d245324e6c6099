"""Telling people: planning it, withdrawing it, what became of it, and their own rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pagefree.accounts import contacts, proofs
from pagefree.accounts import service as accounts
from pagefree.channels import all_channels
from pagefree.core.access import Actor, Can
from pagefree.core.errors import Conflict, Invalid, NotFound
from pagefree.core.notifications import Kind, Method, Planned, Rule, Skip, plan
from pagefree.core.routing import Urgency
from pagefree.infra.crypto import token_hash
from pagefree.infra.db import Connection, Tx, driver
from pagefree.infra.ids import new_id
from pagefree.infra.writes import Write, write
from pagefree.notifications import link_queries, preferences, queries, rule_queries
from pagefree.notifications.falling_through import tell_team
from pagefree.notifications.link_queries import ActionLink, OutboxMessage
from pagefree.notifications.queries import NewNotification, Notice, Sent
from pagefree.notifications.rule_queries import RuleRow
from pagefree.timeline.service import SYSTEM, Entry, record

MAX_RULES = 40
TEST_PRIORITY = 2
CANNOT_TEST = {
    Skip.METHOD_DISABLED: "the contact method is switched off",
    Skip.CHANNEL_NOT_SET_UP: "its channel is not set up",
    Skip.NOT_VERIFIED: "prove first that the address is yours: ask for a code",
}


@dataclass(slots=True)  # not frozen: storms make many
class PageRequest:
    """Tell this person about this incident, as their rules say."""

    incident_id: UUID
    user_id: UUID
    urgency: Urgency
    kind: Kind
    cause: str  # "step 2", "added by Ana": shown to people
    priority: int  # 0 first page, 1 escalation, 2 the rest


@dataclass(frozen=True, slots=True)
class Pages:
    """Notifications that are not stored yet."""

    new: tuple[NewNotification, ...] = ()
    writes: tuple[Write, ...] = ()  # that store them and wake the sender


async def page(tx: Tx, requests: Sequence[PageRequest], now: datetime) -> None:
    """Plan the notifications of everybody named, and wake the sender.

    Somebody who cannot be reached at all is recorded, in the timeline too.
    """
    pages = await pages_for(tx, requests, now)
    await write(await driver(tx), pages.writes)
    await tell_of_unreached(tx, pages, now)


async def pages_for(tx: Tx, requests: Sequence[PageRequest], now: datetime) -> Pages:
    """The first half of `page`; whoever stores them calls the other, `tell_of_unreached`."""
    if not requests:
        return Pages()
    connection = await driver(tx)
    reach = await queries.list_reach(connection, {r.user_id for r in requests})
    new = [
        NewNotification(r.incident_id, r.user_id, r.kind, r.cause, r.priority, planned)
        for r in requests
        for planned in plan(
            reach[r.user_id].methods, reach[r.user_id].rules, r.urgency, now
        )
    ]
    urgencies = {r.incident_id: r.urgency for r in requests}
    new = await preferences.heed(tx, new, urgencies, now)
    writes = queries.insertion(new, [new_id() for _ in new], now)
    return Pages(tuple(new), tuple(writes))


async def tell_of_unreached(tx: Tx, pages: Pages, now: datetime) -> None:
    """Record whoever cannot be reached at all, and page those who look after the team."""
    new = pages.new
    lost = [item for item in new if item.planned.skip is Skip.NO_CONTACT_METHOD]
    await _record_unreachable(tx, lost, now)
    await tell_team(tx, _stranded(new), now)


def _stranded(new: Sequence[NewNotification]) -> list[tuple[UUID, UUID]]:
    """The (incident, person) pairs to whom nothing is sent that could wake them."""
    woken = {
        (item.incident_id, item.user_id)
        for item in new
        if item.planned.skip in {None, Skip.OFF_DUTY}
        and item.planned.method
        and item.planned.method.wakes
    }
    pairs = (
        (item.incident_id, item.user_id)
        for item in new
        if item.incident_id is not None and item.kind in {Kind.PAGE, Kind.MORE}
    )
    return [pair for pair in dict.fromkeys(pairs) if pair not in woken]


async def _record_unreachable(
    tx: Tx, lost: Sequence[NewNotification], now: datetime
) -> None:
    if not lost:
        return
    names = await accounts.user_refs(tx, {item.user_id for item in lost})
    entries = [
        Entry(
            "notification.skipped",
            SYSTEM,
            item.incident_id,
            data={
                "user": {
                    "id": str(item.user_id),
                    "name": names[item.user_id].name if item.user_id in names else "",
                },
                "reason": Skip.NO_CONTACT_METHOD.value,
            },
        )
        for item in lost
    ]
    await record(tx, entries, now)


async def withdraw(
    connection: Connection, incident_ids: Sequence[UUID], reason: Skip, now: datetime
) -> None:
    """Skip what is still planned for these incidents.

    Acknowledging and reassigning leave alone those who were asked for help by name: they
    are wanted all the same.
    """
    if incident_ids:
        await queries.withdraw(connection, incident_ids, reason.value, now)


async def withdraw_from(
    connection: Connection, incident_ids: Sequence[UUID], user_id: UUID, now: datetime
) -> None:
    """Skip what is still planned for this person, who has acknowledged these incidents."""
    if incident_ids:
        await queries.withdraw_from(connection, incident_ids, user_id, now)


async def of_incident(tx: Tx, incident_id: UUID) -> list[Sent]:
    """Who was told how, newest first, and what became of it. Raises NotFound."""
    if not await queries.exists_incident(tx, incident_id):
        raise NotFound("there is no such incident")
    return await queries.list_of_incident(tx, incident_id)


async def test_method(
    tx: Tx, actor: Actor, user_id: UUID, method_id: UUID, now: datetime
) -> UUID:
    """Send a test to one contact method; returns the notification's id."""
    await contacts.require_contacts_of(tx, actor, Can.EDIT_CONTACTS, user_id)
    reach = await queries.list_reach(await driver(tx), {user_id})
    method = next((m for m in reach[user_id].methods if m.id == method_id), None)
    if method is None:
        raise NotFound("there is no such contact method")
    return await _test(tx, actor, user_id, method, now)


async def test_channel(tx: Tx, actor: Actor, kind: str, now: datetime) -> UUID:
    """Send a test to the actor's own address there; returns the notification's id."""
    if kind not in all_channels():
        raise NotFound("there is no such channel")
    reach = await queries.list_reach(await driver(tx), {actor.user_id})
    mine = [m for m in reach[actor.user_id].methods if m.channel == kind]
    if not mine:
        raise Conflict("add an address of your own on this channel first")
    return await _test(tx, actor, actor.user_id, mine[-1], now)


async def _test(
    tx: Tx, actor: Actor, user_id: UUID, method: Method, now: datetime
) -> UUID:
    if method.skip is not None:
        raise Conflict(CANNOT_TEST[method.skip])
    test = NewNotification(
        None,
        user_id,
        Kind.TEST,
        f"test by {actor.name}",
        TEST_PRIORITY,
        Planned(method, now),
    )
    made = await queries.insert_notifications(await driver(tx), [test], now)
    return made[0]


async def send_code(
    tx: Tx, actor: Actor, user_id: UUID, method_id: UUID, now: datetime
) -> UUID:
    """Send a code that proves whose address it is; returns the notification's id.

    The code has that id too, and its digits are made from it: they are nowhere kept.
    """
    code_id = new_id()
    asked = await proofs.ask_code(tx, actor, user_id, method_id, code_id, now)
    method = Method(method_id, asked.channel, asked.disabled_at is None, verified=False)
    if method.skip is not Skip.NOT_VERIFIED:
        raise Conflict(CANNOT_TEST[Skip.METHOD_DISABLED])
    code = NewNotification(
        None, user_id, Kind.CODE, "a code", TEST_PRIORITY, Planned(method, now)
    )
    await queries.insert_notifications(await driver(tx), [code], now, ids=[code_id])
    return code_id


async def rules(tx: Tx, actor: Actor, user_id: UUID) -> list[RuleRow]:
    """A person's notification rules."""
    await contacts.require_contacts_of(tx, actor, Can.SEE_CONTACTS, user_id)
    return await rule_queries.list_rules(tx, user_id)


async def put_rules(
    tx: Tx, actor: Actor, user_id: UUID, wanted: Sequence[Rule]
) -> list[RuleRow]:
    """Replace a person's notification rules. Raises Invalid, Forbidden."""
    await contacts.require_contacts_of(tx, actor, Can.EDIT_CONTACTS, user_id)
    if len(wanted) > MAX_RULES:
        raise Invalid(f"at most {MAX_RULES} rules")
    methods = await rule_queries.list_methods(tx, user_id)
    if any(rule.method_id not in methods for rule in wanted):
        raise Invalid("a rule names a contact method that is not this person's")
    await rule_queries.replace_rules(tx, user_id, dict.fromkeys(wanted))
    return await rule_queries.list_rules(tx, user_id)


async def notices(
    tx: Tx, user_id: UUID, *, unread: bool, after: UUID | None, limit: int
) -> list[Notice]:
    """What a person sees under the bell, newest first."""
    return await queries.list_notices(
        tx, user_id, unread=unread, after=after, limit=limit
    )


async def mark_read(tx: Tx, user_id: UUID, now: datetime) -> None:
    """The person has seen all their notices."""
    await queries.update_read(tx, user_id, now)


async def outbox(tx: Tx, after: UUID | None, limit: int) -> list[OutboxMessage]:
    """What would have been sent in demo mode, newest first."""
    return await link_queries.list_outbox(tx, after, limit)


async def peek_action_link(tx: Tx, token: str, now: datetime) -> ActionLink:
    """What a link would do; changes nothing. Raises NotFound and Conflict."""
    return _usable(await link_queries.get_link(tx, token_hash(token), lock=False), now)


async def use_action_link(tx: Tx, token: str, now: datetime) -> ActionLink:
    """What to do now for the bearer of a link, which is used up. As `peek_action_link`."""
    link = _usable(await link_queries.get_link(tx, token_hash(token), lock=True), now)
    await link_queries.update_link_used(tx, token_hash(token), now)
    return link


def _usable(link: ActionLink | None, now: datetime) -> ActionLink:
    if link is None:
        raise NotFound("there is no such link")
    if link.used_at is not None:
        raise Conflict("this link has been used already")
    if now >= link.expires_at:
        raise Conflict("this link has expired")
    return link


async def forget_links(tx: Tx, before: datetime) -> int:
    """Delete links that expired before then; returns how many."""
    return await link_queries.delete_expired_links(tx, before)
