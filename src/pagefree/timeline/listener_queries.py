"""Every statement on `event_listeners`, and on `events` as listeners read them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    any_,
    func,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert

from pagefree.core.canary import TEAM_ID
from pagefree.core.gaps import Gap
from pagefree.infra.db import Tx
from pagefree.tables.timeline import event_listeners, events
from pagefree.timeline.queries import Event

MOST_BETWEEN = 2  # for each id that is asked for

# in one array: a row for each id would cost more than to find them
SEEN = text("""
SELECT array(
    SELECT id FROM events WHERE id > :after AND id <= :upto
    UNION ALL
    SELECT events.id
    FROM unnest(CAST(:firsts AS bigint[]), CAST(:lasts AS bigint[])) AS gap (first, last)
    JOIN events ON events.id BETWEEN gap.first AND gap.last
)
""")


@dataclass(frozen=True, slots=True)
class Place:
    """How far a listener has read."""

    seq: int
    missing: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Ends:
    """Where a listener is and where the timeline ends."""

    place: Place
    newest: int


async def ends(tx: Tx, name: str) -> Ends | None:
    """Where the listener and the timeline are; locks nothing. None: it is new."""
    newest = select(func.coalesce(func.max(events.c.id), 0)).scalar_subquery()
    row = event_listeners.c
    query = select(row.seq, row.missing, newest.label("newest")).where(row.name == name)
    found = (await tx.execute(query)).one_or_none()
    return Ends(_place(found.seq, found.missing), found.newest) if found else None


async def insert_listener(tx: Tx, name: str) -> None:
    """A new listener, which begins with what happens from now on."""
    newest = select(func.coalesce(func.max(events.c.id), 0)).scalar_subquery()
    row = insert(event_listeners).values(name=name, seq=newest)
    await tx.execute(row.on_conflict_do_nothing())


async def claim(tx: Tx, name: str) -> Place | None:
    """Lock the listener's row until the transaction ends; none if another worker has it."""
    row = event_listeners.c
    query = select(row.seq, row.missing).where(row.name == name)
    found = (await tx.execute(query.with_for_update(skip_locked=True))).one_or_none()
    return _place(found.seq, found.missing) if found else None


async def seen(tx: Tx, place: Place, upto: int) -> list[int]:
    """The ids that are there after `place` up to `upto`, and those of its gaps."""
    given: Mapping[str, object] = {
        "after": place.seq,
        "upto": upto,
        "firsts": [gap.first for gap in place.missing],
        "lasts": [gap.last for gap in place.missing],
    }
    return list(await tx.scalar(SEEN, given) or [])


async def list_events(
    tx: Tx,
    ids: Sequence[int],
    kinds: Collection[str],
    caused_by: str | None = None,
) -> list[Event]:
    """Those of these events that are of one of `kinds`, oldest first.

    A kind that ends with a point stands for all that begin with it. What the canary does
    concerns nobody. `caused_by`: of one kind of actors only.
    """
    plain = [kind for kind in kinds if not kind.endswith(".")]
    families = [events.c.kind.startswith(k) for k in kinds if k.endswith(".")]
    query = (
        select(events)
        .where(
            _among(ids),
            or_(events.c.kind.in_(plain), *families),
            events.c.team_id.is_distinct_from(TEAM_ID),
        )
        .order_by(events.c.id)
    )
    if caused_by is not None:
        query = query.where(events.c.actor_kind == caused_by)
    rows = (await tx.execute(query)).mappings().all()
    wanted = set(ids) if rows else ()
    return [Event(**row) for row in rows if row["id"] in wanted]


def _among(ids: Sequence[int]) -> ColumnElement[bool]:
    """A condition that `ids` meet, and of others only a few that lie between them."""
    first, last = min(ids), max(ids)
    if last - first < MOST_BETWEEN * len(
        ids
    ):  # one range costs less than many look-ups
        return events.c.id.between(first, last)
    return events.c.id == any_(literal(ids, ARRAY(BigInteger)))


async def save(tx: Tx, name: str, place: Place) -> None:
    """Remember how far the listener has read."""
    missing = [[gap.first, gap.last, gap.since.isoformat()] for gap in place.missing]
    await tx.execute(
        update(event_listeners)
        .where(event_listeners.c.name == name)
        .values(seq=place.seq, missing=missing)
    )


def _place(seq: int, missing: list[tuple[int, int, str]]) -> Place:
    gaps = (
        Gap(first, last, datetime.fromisoformat(since))
        for first, last, since in missing
    )
    return Place(seq, tuple(gaps))
