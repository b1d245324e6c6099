"""Who is on call for schedules, at any instant, once they are loaded."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfoNotFoundError

from pagefree.core import schedules as core
from pagefree.core.intervals import Interval
from pagefree.core.schedules import Rotation
from pagefree.infra.db import Tx
from pagefree.schedules import queries, service

Rota = Rotation
AHEAD = timedelta(weeks=12)


async def load(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Rota]:
    """By id; those that do not exist, or whose zone is not known, are left out."""
    found: dict[UUID, Rota] = {}
    for schedule in await queries.list_schedules(tx, ids) if ids else ():
        try:
            found[schedule.id] = service.rotation(schedule)
        except ZoneInfoNotFoundError:
            continue
    return found


def current(rota: Rota, at: datetime) -> tuple[UUID, ...]:
    user = core.on_call(rota, at)
    return (user,) if user else ()


def following(rota: Rota, at: datetime) -> tuple[UUID, ...]:
    user = core.now_and_next(rota, at).next_id
    return (user,) if user else ()


def everyone(rota: Rota, at: datetime) -> tuple[UUID, ...]:
    return current(rota, at)


def members(rota: Rota) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(user for user in rota.users if user))


def gaps(rota: Rota, at: datetime) -> tuple[Interval, ...]:
    del rota, at
    return ()
