"""A batch of pings in one transaction: find whose they are, decide, write."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from uuid import UUID

from pagefree.core.alerts import LOUDEST
from pagefree.core.heartbeats import AT_ONCE, Heartbeat, Ping, PingKind, due_at, receive
from pagefree.heartbeats import batch_queries as queries
from pagefree.heartbeats.batch_queries import KEPT_PINGS, Kept, NewPing
from pagefree.heartbeats.expectations import expected_by
from pagefree.infra.db import Connection
from pagefree.infra.ids import new_id

# what a ping with `create=1` makes: a day, and an hour of grace
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Secret:
    """By the secret in the heartbeat's address."""

    ping_id: UUID


@dataclass(frozen=True, slots=True)
class Slug:
    """By a ping key and the slug; `create`: it may be made if there is none."""

    key_hash: bytes
    slug: str
    create: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """By any routing key of the team, and the name."""

    key_hash: bytes
    name: str | None  # none: that of the key's integration, or the only one it has


Addressee = Secret | Slug | Name


@dataclass(frozen=True, slots=True)
class Arrived:
    """A ping that has reached us, with all that is kept of it."""

    to: Addressee
    ping: Ping
    method: str = "GET"
    exit_status: int | None = None
    remote_address: str = ""
    user_agent: str = ""
    body: bytes = field(default=b"", repr=False)


class Heard(Enum):
    """What the sender is told, once it is true."""

    OK = auto()
    CREATED = auto()
    UNKNOWN = auto()
    UNKNOWN_KEY = auto()
    AMBIGUOUS = auto()


@dataclass(slots=True)
class _Batch:
    heartbeats: dict[UUID, Kept]
    changed: dict[UUID, Kept] = field(default_factory=dict)
    pings: dict[tuple[UUID, int], NewPing] = field(default_factory=dict)


async def store(
    connection: Connection, pings: Sequence[Arrived], now: datetime
) -> list[Heard]:
    """Store `pings` in their order; inside the caller's transaction."""
    found = await _find(connection, pings, now)
    ids = sorted({one for one in found if isinstance(one, UUID)})
    batch = _Batch(await queries.lock(connection, ids) if ids else {})
    heard = [_take(batch, one, ping) for one, ping in zip(found, pings, strict=True)]
    await queries.update(connection, list(batch.changed.values()), AT_ONCE)
    await queries.insert_pings(connection, list(batch.pings.values()))
    if any(due_at(one.state) == AT_ONCE for one in batch.changed.values()):
        await queries.notify_due(connection)
    for place, (one, ping) in enumerate(zip(found, pings, strict=True)):
        if isinstance(one, _Missing):
            heard[place] = await _create(connection, one, ping, now)
    return heard


@dataclass(frozen=True, slots=True)
class _Missing:
    """A heartbeat that its first ping asks to make."""

    integration_id: UUID
    to: Slug


Found = UUID | Heard | _Missing


async def _find(
    connection: Connection, pings: Sequence[Arrived], now: datetime
) -> list[Found]:
    """The heartbeat of each ping, or why there is none."""
    addressees = {arrived.to for arrived in pings}
    found: dict[Addressee, Found] = {}
    secrets = [to.ping_id for to in addressees if isinstance(to, Secret)]
    if secrets:
        ids = await queries.by_ping_id(connection, secrets)
        found.update({Secret(ping_id): ids[ping_id] for ping_id in ids})
    slugs = [to for to in addressees if isinstance(to, Slug)]
    if slugs:
        found.update(await _find_slugs(connection, slugs, now))
    names = [to for to in addressees if isinstance(to, Name)]
    if names:
        asked = [(to.key_hash, to.name) for to in names]
        by_name = await queries.by_name(connection, asked, now)
        for place, to in enumerate(names):
            named = by_name.get(place)
            found[to] = _only(named.heartbeat_ids) if named else Heard.UNKNOWN_KEY
    return [found.get(arrived.to, Heard.UNKNOWN) for arrived in pings]


async def _find_slugs(
    connection: Connection, slugs: Sequence[Slug], now: datetime
) -> dict[Addressee, Found]:
    asked = [(to.key_hash, to.slug) for to in slugs]
    by_slug = await queries.by_slug(connection, asked, now)
    found: dict[Addressee, Found] = {}
    for place, to in enumerate(slugs):
        named = by_slug.get(place)
        if named is None:
            found[to] = Heard.UNKNOWN_KEY
        elif to.create and not named.heartbeat_ids:
            found[to] = _Missing(named.integration_id, to)
        else:
            found[to] = _only(named.heartbeat_ids)
    return found


def _only(ids: Sequence[UUID]) -> Found:
    if not ids:
        return Heard.UNKNOWN
    return ids[0] if len(ids) == 1 else Heard.AMBIGUOUS


def _take(batch: _Batch, found: Found, arrived: Arrived) -> Heard:
    if isinstance(found, Heard):
        return found
    kept = batch.heartbeats.get(found) if isinstance(found, UUID) else None
    if kept is None:  # deleted just now, or not made yet
        return Heard.UNKNOWN
    ping = arrived.ping
    if kept.post_only and arrived.method != "POST":
        ping = Ping(PingKind.IGNORED, ping.at, ping.run_id)
    before = kept.state
    kept.state = receive(before, ping, expected_by(kept.schedule))
    kept.ping_count += 1
    batch.changed[kept.id] = kept
    row = _row(kept.id, kept.ping_count, ping, arrived, _duration(before, kept.state))
    batch.pings[row[0], row[1]] = row
    return Heard.OK


def _duration(before: Heartbeat, after: Heartbeat) -> timedelta | None:
    """How long the run took that just ended, if one did."""
    return after.last_duration if after.started_at != before.started_at else None


def _row(
    heartbeat_id: UUID,
    number: int,
    ping: Ping,
    arrived: Arrived,
    duration: timedelta | None,
) -> NewPing:
    return (
        heartbeat_id,
        number % KEPT_PINGS,
        number,
        ping.at,
        ping.kind.value,
        arrived.exit_status,
        arrived.method,
        arrived.remote_address,
        arrived.user_agent,
        arrived.body,
        ping.run_id,
        duration,
    )


async def _create(
    connection: Connection, missing: _Missing, arrived: Arrived, now: datetime
) -> Heard:
    """Make the heartbeat; in the meantime somebody else may have."""
    await queries.lock_integration(connection, missing.integration_id)
    asked = [(missing.to.key_hash, missing.to.slug)]
    named = (await queries.by_slug(connection, asked, now)).get(0)
    if named is None:
        return Heard.UNKNOWN_KEY
    made = not named.heartbeat_ids
    if made:
        row = queries.NewHeartbeat(
            new_id(),
            missing.integration_id,
            missing.to.slug,
            DAY,
            HOUR,
            LOUDEST.value,
        )
        await queries.insert(connection, row, now)
    heard = await store(connection, [arrived], now)
    return Heard.CREATED if made and heard == [Heard.OK] else heard[0]
