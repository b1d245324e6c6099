"""What people want of pages besides their rules: quiet hours, and peace while off duty."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from pagefree.accounts import contacts
from pagefree.core.access import Actor, Can
from pagefree.core.errors import Invalid
from pagefree.core.notifications import Kind, Skip
from pagefree.core.quiet_hours import Wishes, held_until, spared
from pagefree.core.routing import Urgency
from pagefree.infra.db import Tx, driver
from pagefree.notifications import preference_queries as queries
from pagefree.notifications.preference_queries import Preferences
from pagefree.notifications.queries import NewNotification
from pagefree.schedules import service as schedules

# whoever is asked by name, or stands in for others, is not spared
HEEDED = frozenset({Kind.PAGE, Kind.MORE})


async def get(tx: Tx, actor: Actor, user_id: UUID) -> Preferences:
    """What a person wants."""
    await contacts.require_contacts_of(tx, actor, Can.SEE_CONTACTS, user_id)
    return await queries.get_preferences(tx, user_id)


async def language_of(tx: Tx, user_id: UUID) -> str:
    """The language that a person reads."""
    return (await queries.get_preferences(tx, user_id)).language


async def put(tx: Tx, actor: Actor, user_id: UUID, wanted: Preferences) -> None:
    """Keep what a person wants. Raises Invalid, Forbidden, NotFound."""
    await contacts.require_contacts_of(tx, actor, Can.EDIT_CONTACTS, user_id)
    if (wanted.quiet_from is None) != (wanted.quiet_to is None):
        raise Invalid("quiet hours have a beginning and an end")
    await queries.put_preferences(tx, user_id, wanted)


async def heed(
    tx: Tx,
    new: Sequence[NewNotification],
    urgencies: Mapping[UUID, Urgency],
    now: datetime,
) -> list[NewNotification]:
    """The same messages, put off or skipped as their people want.

    `urgencies`: of the incidents. What wakes nobody is left alone.
    """
    connection = await driver(tx)
    wishes = await queries.list_wishes(connection, {one.user_id for one in new})
    if not wishes:
        return list(new)
    incidents = {one.incident_id for one in new if one.incident_id}
    critical = await queries.list_critical(connection, incidents)
    on_duty = await _on_duty(
        tx, [u for u, w in wishes.items() if not w.low_off_duty], now
    )
    return [
        _heeded(
            one,
            wishes[one.user_id],
            urgencies[one.incident_id],
            critical=one.incident_id in critical,
            on_duty=one.user_id in on_duty,
        )
        if one.user_id in wishes and one.incident_id
        else one
        for one in new
    ]


def _heeded(
    one: NewNotification,
    wishes: Wishes,
    urgency: Urgency,
    *,
    critical: bool,
    on_duty: bool,
) -> NewNotification:
    planned = one.planned
    method = planned.method
    if one.kind not in HEEDED or planned.skip or method is None or not method.wakes:
        return one
    if spared(wishes, urgency, critical=critical, on_duty=on_duty):
        return replace(one, planned=replace(planned, skip=Skip.OFF_DUTY))
    until = held_until(wishes, urgency, planned.send_at, critical=critical)
    if until is None:
        return one
    return replace(one, planned=replace(planned, send_at=until))


async def _on_duty(tx: Tx, user_ids: Collection[UUID], now: datetime) -> set[UUID]:
    return {
        user_id
        for user_id in user_ids
        if any(
            own.shift.start <= now < own.shift.end
            for own in await schedules.own_shifts(tx, user_id, now)
        )
    }
