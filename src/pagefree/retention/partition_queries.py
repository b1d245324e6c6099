"""Every statement on the partitions of raw requests.

DETACH CONCURRENTLY is refused by PostgreSQL where there is a default partition. So partitions
are detached in the plain way, which takes milliseconds, and never waits for its lock for long:
whoever waits for it holds up ingest.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pagefree.core.partitions import Partition, partition
from pagefree.infra.db import Connection

DEFAULT = "inbound_requests_default"
OURS = re.compile(r"inbound_requests_(before|[0-9]{8})")
ONE_AT_A_TIME = 7_233_190  # any constant
PATIENCE = "SET LOCAL lock_timeout = '300ms'; SET LOCAL statement_timeout = '60s'"
MOST_MOVED = 50_000
MOST_FORGOTTEN = 5_000

THERE = """
SELECT c.relname, pg_get_expr(c.relpartbound, c.oid)
FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
WHERE i.inhparent = 'inbound_requests'::regclass
"""
DETACHED = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND NOT relispartition AND relname LIKE 'inbound\\_requests\\_%'
    AND relnamespace = current_schema()::regnamespace
"""
# What the screens of open alerts and of open incidents show.
NEEDED = """
SELECT last_request_id FROM alerts WHERE status = 'open' AND last_request_id < $1
UNION
SELECT a.last_request_id
FROM incidents AS i JOIN alerts AS a ON a.incident_id = i.id
WHERE i.status <> 'resolved' AND a.last_request_id < $1
"""


async def is_alone(connection: Connection) -> bool:
    """Whether nobody else sees to partitions until this transaction ends."""
    await connection.execute(PATIENCE)
    alone: bool = await connection.fetchval(
        "SELECT pg_try_advisory_xact_lock($1)", ONE_AT_A_TIME
    )
    return alone


async def list_partitions(connection: Connection) -> list[Partition]:
    """All but the default one."""
    found = (partition(*row) for row in await connection.fetch(THERE))
    return [one for one in found if one is not None]


async def list_detached(connection: Connection) -> list[str]:
    """Those that were detached and not dropped yet."""
    names = [name for (name,) in await connection.fetch(DETACHED)]
    return [name for name in names if OURS.fullmatch(name)]


def name_of(day: datetime) -> str:
    """The name of the partition of a day."""
    return f"inbound_requests_{day:%Y%m%d}"


async def make(connection: Connection, day: datetime, first: UUID, last: UUID) -> bool:
    """Make the partition of a day, with what of it is in the default one.

    False, and nothing is made, if that is too much to be moved, or one of its name was
    detached by hand: it may stay where it is.
    Waits for all who are writing to the default partition, and locks it until the
    transaction ends; raises LockNotAvailableError if they take long.
    """
    name = name_of(day)
    if name in await list_detached(connection):
        return False
    waiting = f"SELECT FROM {DEFAULT} WHERE id >= '{first}' AND id < '{last}'"
    count = f"SELECT count(*) FROM ({waiting} LIMIT {MOST_MOVED + 1}) AS found"  # noqa: S608
    if await connection.fetchval(count) > MOST_MOVED:
        return False
    await connection.execute(
        f"""
        CREATE TABLE {name} (LIKE inbound_requests INCLUDING DEFAULTS,
            CONSTRAINT pk_{name} PRIMARY KEY (id));
        WITH moved AS (
            DELETE FROM {DEFAULT} WHERE id >= '{first}' AND id < '{last}' RETURNING *
        )
        INSERT INTO {name} SELECT * FROM moved;
        ALTER TABLE inbound_requests ATTACH PARTITION {name}
            FOR VALUES FROM ('{first}') TO ('{last}');
        """  # noqa: S608 - names and borders are our own
    )
    return True


async def detach(connection: Connection, name: str) -> None:
    """Take a partition out. Raises LockNotAvailableError."""
    await connection.execute(f"ALTER TABLE inbound_requests DETACH PARTITION {name}")


async def list_needed(connection: Connection, border: UUID) -> list[UUID]:
    """The raw requests with ids before `border` that open alerts and incidents show."""
    return [row[0] for row in await connection.fetch(NEEDED, border)]


async def newest(connection: Connection, name: str) -> UUID | None:
    """The last id in a detached partition."""
    found: UUID | None = await connection.fetchval(
        f"SELECT id FROM {name} ORDER BY id DESC LIMIT 1"  # noqa: S608 - ours
    )
    return found


async def drop(connection: Connection, name: str, needed: Sequence[UUID]) -> None:
    """Drop a detached partition; what is needed of it goes to the default one."""
    rescue = f"INSERT INTO inbound_requests SELECT * FROM {name} WHERE id = ANY($1)"  # noqa: S608
    await connection.execute(rescue, needed)
    await connection.execute(f"DROP TABLE {name}")


async def forget_default(
    connection: Connection, border: UUID, needed: Sequence[UUID]
) -> int:
    """Delete some of what is before `border` in the default partition; how many."""
    status = await connection.execute(
        f"""
        DELETE FROM {DEFAULT} WHERE id = ANY(ARRAY(
            SELECT id FROM {DEFAULT} WHERE id < $1 AND id <> ALL($2::uuid[])
            ORDER BY id LIMIT {MOST_FORGOTTEN}
        ))
        """,  # noqa: S608 - ours
        border,
        needed,
    )
    return int(status.rpartition(" ")[2])


async def count_unplaced(connection: Connection, border: UUID, most: int) -> int:
    """How many raw requests from `border` on are in the default partition, up to `most`."""
    query = (
        f"SELECT count(*) FROM (SELECT FROM {DEFAULT} WHERE id >= $1 LIMIT $2) AS found"  # noqa: S608
    )
    found: int = await connection.fetchval(query, border, most)
    return found
