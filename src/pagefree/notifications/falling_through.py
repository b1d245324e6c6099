"""What a message that has not arrived calls for: the next way, or else the team."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pagefree.accounts import service as accounts
from pagefree.channels import all_channels
from pagefree.core import canary
from pagefree.core.notifications import Kind, Planned, fall_through, plan
from pagefree.core.routing import Urgency
from pagefree.infra.db import Channel as Notices
from pagefree.infra.db import Tx, driver, notify
from pagefree.notifications import fallback_queries, queries, readiness_queries
from pagefree.notifications.queries import NewNotification
from pagefree.notifications.readiness_queries import NewFinding
from pagefree.timeline.service import SYSTEM, Entry, record

UNREACHED_PRIORITY = 1  # after first pages, like an escalation
UNREACHED = "unreached"  # a finding, until something arrives


@dataclass(frozen=True, slots=True)
class Lost:
    """A message of an incident that has not reached its person, or not in time."""

    incident_id: UUID
    user_id: UUID
    kind: Kind
    cause: str
    priority: int
    created_at: datetime


async def use_next_way(tx: Tx, lost: Sequence[Lost], now: datetime) -> None:
    """Use at once the next way to reach those who may have got nothing so far."""
    if not lost:
        return
    connection = await driver(tx)
    by_pair = {(one.incident_id, one.user_id): one for one in lost}
    since = {pair: one.created_at for pair, one in by_pair.items()}
    silent = [kind for kind, channel in all_channels().items() if not channel.wakes]
    tried = await fallback_queries.list_tried(connection, since, silent)
    reach = await queries.list_reach(connection, {user_id for _, user_id in tried})
    ways = {
        pair: fall_through(items, reach[pair[1]].methods)
        for pair, items in tried.items()
    }
    hasten = [way.hasten for way in ways.values() if way.hasten]
    instead = [
        (by_pair[pair], method) for pair, way in ways.items() for method in way.methods
    ]
    new = [_instead(one, Planned(method, now)) for one, method in instead]
    if hasten:
        await fallback_queries.hasten(connection, hasten, now)
        await notify(tx, Notices.MESSAGES)
    if new:
        ids = await queries.insert_notifications(connection, new, now)
        pages = (one.created_at for one, _ in instead)
        await fallback_queries.belong(connection, dict(zip(ids, pages, strict=True)))
    stranded = [
        pair
        for pair, way in ways.items()
        if way.stranded and by_pair[pair].kind is not Kind.UNREACHED
    ]
    await tell_team(tx, stranded, now)


def _instead(lost: Lost, planned: Planned) -> NewNotification:
    return NewNotification(
        lost.incident_id, lost.user_id, lost.kind, lost.cause, lost.priority, planned
    )


async def tell_team(
    tx: Tx, stranded: Collection[tuple[UUID, UUID]], now: datetime
) -> None:
    """Page whoever looks after the team: nothing wakes these (incident, person) any more."""
    stranded = [pair for pair in stranded if pair[1] != canary.USER_ID]
    if not stranded:
        return
    connection = await driver(tx)
    found = await fallback_queries.list_looking_after(
        connection,
        list({incident_id for incident_id, _ in stranded}),
        {user_id for _, user_id in stranded},
    )
    told = {one.incident_id: one.user_ids for one in found}
    people = {user_id for ids in told.values() for user_id in ids}
    names = await accounts.user_refs(tx, people | {user for _, user in stranded})
    reach = await queries.list_reach(connection, people)
    new: list[NewNotification] = []
    entries: list[Entry] = []
    for incident_id, user_id in stranded:
        who = names[user_id].name if user_id in names else "somebody"
        ids = told.pop(incident_id, ())  # once an incident, however many are stranded
        new += [
            NewNotification(
                incident_id,
                one,
                Kind.UNREACHED,
                f"nothing reaches {who}",
                UNREACHED_PRIORITY,
                planned,
            )
            for one in ids
            for planned in plan(reach[one].methods, reach[one].rules, Urgency.HIGH, now)
        ]
        data: dict[str, object] = {
            "user": {"id": str(user_id), "name": who},
            "told": [{"id": str(i), "name": names[i].name} for i in ids if i in names],
        }
        entries.append(Entry("notification.unreached", SYSTEM, incident_id, data=data))
        detail = f"Nothing that {who} has set up has reached them."
        finding = NewFinding(UNREACHED, str(user_id), detail, user_id=user_id)
        await readiness_queries.insert_finding(connection, finding, now)
    if new:
        await queries.insert_notifications(connection, new, now)
    await record(tx, entries, now)
