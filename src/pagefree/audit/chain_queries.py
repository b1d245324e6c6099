"""Every statement on the chain that seals the entries of the audit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Row, Select, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from pagefree.audit.queries import COLUMNS, Entry, entry_of
from pagefree.core.audit import End, Link
from pagefree.infra.db import Tx, driver
from pagefree.tables.audit import audit_chain as chain
from pagefree.tables.audit import audit_entries as entries

SEAL = """
UPDATE audit_entries SET seq = sealed.seq, hash = sealed.hash
FROM unnest($1::bigint[], $2::bigint[], $3::bytea[]) AS sealed(id, seq, hash)
WHERE audit_entries.id = sealed.id
"""


@dataclass(frozen=True, slots=True)
class Chain:
    """Both ends, each with the signature of the installation's key."""

    head: End = field(default_factory=End)
    mac: bytes = b""
    sealed_at: datetime | None = None
    anchor: End = field(default_factory=End)
    anchor_mac: bytes = b""
    anchored_at: datetime | None = None


async def waiting(tx: Tx) -> bool:
    """Whether there are entries that are not sealed."""
    unsealed = select(entries.c.id).where(entries.c.seq.is_(None)).limit(1)
    return await tx.scalar(unsealed) is not None


async def count_waiting(tx: Tx) -> int:
    """How many entries are not sealed."""
    query = select(func.count()).where(entries.c.seq.is_(None))
    return await tx.scalar(query) or 0


async def lock(tx: Tx, *, wait: bool = False) -> Chain | None:
    """The chain, for the rest of this transaction; none while somebody else has it.

    `wait` for them instead; then there is none if it was never begun.
    """
    query = _chain().with_for_update(skip_locked=not wait)
    row = (await tx.execute(query)).one_or_none()
    return _to_chain(row) if row else None


async def begin(tx: Tx) -> None:
    """Make the chain, if there is none."""
    await tx.execute(insert(chain).values(id=1).on_conflict_do_nothing())


async def get(tx: Tx) -> Chain:
    """Both ends, as they are now."""
    row = (await tx.execute(_chain())).one_or_none()
    return _to_chain(row) if row else Chain()


async def list_waiting(tx: Tx, limit: int) -> list[Entry]:
    """The first that are not sealed, in the order in which they were begun."""
    query = select(*COLUMNS).where(entries.c.seq.is_(None)).order_by(entries.c.id)
    return [entry_of(row) for row in await tx.execute(query.limit(limit))]


async def seal(
    tx: Tx, sealed: Sequence[tuple[int, int, bytes]], mac: bytes, now: datetime
) -> None:
    """Give entries their numbers and hashes: (id, seq, hash); the last one is the head."""
    ids, seqs, hashes = zip(*sealed, strict=True)
    await (await driver(tx)).execute(SEAL, ids, seqs, hashes)
    await tx.execute(
        update(chain).values(seq=seqs[-1], hash=hashes[-1], mac=mac, sealed_at=now)
    )


async def list_links(tx: Tx, after: int, limit: int) -> list[Link]:
    """The sealed entries after a number, in order."""
    found = await list_sealed(tx, after, limit)
    return [Link(e.seq or 0, e.content(), e.hash or b"") for e in found]


async def list_sealed(tx: Tx, after: int, limit: int) -> list[Entry]:
    """The same, as entries."""
    query = select(*COLUMNS).where(entries.c.seq > after).order_by(entries.c.seq)
    return [entry_of(row) for row in await tx.execute(query.limit(limit))]


async def wait_longer(tx: Tx) -> None:
    """Let this transaction stand still while the chain is walked along on another one."""
    await tx.execute(text("SET LOCAL idle_in_transaction_session_timeout = '10min'"))


async def last_before(tx: Tx, cutoff: datetime, after: int, limit: int) -> End | None:
    """The last entry of the prefix older than `cutoff`, at most `limit` after `after`."""
    next_ones = (entries.c.seq > after, entries.c.seq <= after + limit)
    young = select(func.min(entries.c.seq)).where(entries.c.at >= cutoff, *next_ones)
    first_young = await tx.scalar(young)
    query = (
        select(entries.c.seq, entries.c.hash)
        .where(*next_ones)
        .order_by(entries.c.seq.desc())
        .limit(1)
    )
    if first_young is not None:
        query = query.where(entries.c.seq < first_young)
    row = (await tx.execute(query)).one_or_none()
    return End(row.seq, row.hash) if row else None


async def sign(tx: Tx, mac: bytes, anchor_mac: bytes) -> None:
    """Sign both ends, which stay where they are."""
    await tx.execute(update(chain).values(mac=mac, anchor_mac=anchor_mac))


async def cut(tx: Tx, anchor: End, mac: bytes, now: datetime) -> int:
    """Move the anchor and delete what is behind it; how many."""
    await tx.execute(
        update(chain).values(
            anchor_seq=anchor.seq,
            anchor_hash=anchor.hash,
            anchor_mac=mac,
            anchored_at=now,
        )
    )
    done = await tx.execute(delete(entries).where(entries.c.seq <= anchor.seq))
    return done.rowcount


def _chain() -> Select[tuple[object, ...]]:
    return select(*chain.columns)


def _to_chain(row: Row[tuple[object, ...]]) -> Chain:
    return Chain(
        head=End(row.seq, row.hash),
        mac=row.mac,
        sealed_at=row.sealed_at,
        anchor=End(row.anchor_seq, row.anchor_hash),
        anchor_mac=row.anchor_mac,
        anchored_at=row.anchored_at,
    )
