"""Posting incidents to the rooms of teams, and what it calls for when that fails."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pagefree.core.notifications import Kind, Method, Planned
from pagefree.core.words import DEFAULT, words_in
from pagefree.core.words.tables import NoticeWords
from pagefree.infra.db import Channel as Notices
from pagefree.infra.db import Tx, driver, notify
from pagefree.notifications import chat_queries, queries
from pagefree.notifications import readiness_queries as findings
from pagefree.notifications import room_queries as own
from pagefree.notifications.delivery_queries import Outcome
from pagefree.notifications.queries import NewNotification
from pagefree.notifications.readiness_queries import NewFinding
from pagefree.notifications.room_queries import RoomRef
from pagefree.schedules.notices import Listener, tell
from pagefree.timeline.service import SYSTEM, Entry, record

BROKEN = "room_broken"
PRIORITY = 2  # people are paged before rooms are told


@dataclass(frozen=True, slots=True)
class Post:
    """Tell this room of this incident."""

    incident_id: UUID
    room: RoomRef
    cause: str  # "step 2": shown to people


async def post(tx: Tx, posts: Sequence[Post], now: datetime) -> None:
    """Plan a message for each, and a chat of the incident where the room asks for one.

    A room stands where a person stands elsewhere: its id is the recipient's.
    """
    new = [
        NewNotification(
            one.incident_id,
            one.room.id,
            Kind.PAGE,
            one.cause,
            PRIORITY,
            Planned(Method(one.room.id, one.room.channel), now),
        )
        for one in posts
    ]
    connection = await driver(tx)
    await queries.insert_notifications(connection, new, now)
    pairs = [(one.incident_id, one.room.id) for one in posts]
    await chat_queries.insert_wanted(connection, pairs, now)


async def learn(
    tx: Tx, lost: Sequence[Outcome], arrived: Sequence[Outcome], now: datetime
) -> None:
    """What came of messages to rooms: a room that cannot be posted to is told of once.

    A step that told nobody but such rooms ends at once: it would be waited for in vain.
    """
    connection = await driver(tx)
    if worked := {str(one.claimed.user_id) for one in arrived}:
        await findings.end_these(connection, BROKEN, worked, now)
    lost = [one for one in lost if one.claimed.kind is not Kind.CODE]
    if not lost:
        return
    await _find(tx, lost, now)
    pages = {
        one.claimed.incident_id: one.claimed.created_at
        for one in lost
        if one.claimed.incident_id
    }
    if pages:
        hastened = await own.hasten(connection, list(pages.items()), now)
        entries = [Entry("escalation.hastened", SYSTEM, one) for one in hastened]
        await record(tx, entries, now)
        await notify(tx, Notices.DUE)


async def _find(tx: Tx, lost: Sequence[Outcome], now: datetime) -> None:
    """The team's admins are told once, for as long as it lasts."""
    connection = await driver(tx)
    outcomes = {one.claimed.user_id: one for one in lost}
    owned = await own.list_owners(connection, set(outcomes))
    admins = await findings.list_team_admins(connection, {one.team_id for one in owned})
    for one in owned:

        def said(
            to: Listener, name: str = one.name, lost: Outcome = outcomes[one.id]
        ) -> str:
            return _dead(to.words, name, lost)

        detail = _dead(words_in(DEFAULT).notices, one.name, outcomes[one.id])
        new = NewFinding(BROKEN, str(one.id), detail, one.team_id)
        if await findings.insert_finding(connection, new, now):
            await tell(tx, admins.get(one.team_id, ()), said, now)


def _dead(words: NoticeWords, name: str, outcome: Outcome) -> str:
    reason = outcome.error or words.room_failed
    if outcome.skip is not None:
        skips = {
            "method_disabled": words.room_off,
            "channel_not_set_up": words.room_not_set_up,
            "not_verified": words.room_unproven,
        }
        reason = skips.get(outcome.skip.value, outcome.skip.value)
    return words.room_dead.format(name=name, reason=reason)
