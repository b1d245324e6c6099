"""Reading the audit, which is itself kept in it."""

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime
from uuid import UUID

from pagefree.audit import queries
from pagefree.audit.queries import Entry, Note, Wanted
from pagefree.audit.service import note
from pagefree.core.access import Actor, Can, allowed, require
from pagefree.core.errors import NotFound
from pagefree.infra.db import Tx
from pagefree.infra.spreadsheets import as_csv

MOST_EXPORTED = 50_000
AT_ONCE = 500
COLUMNS = (
    *("seq", "at", "kind", "object_kind", "object_id", "object_name", "team_id"),
    *("actor_kind", "actor_id", "actor_name", "credential_kind", "credential_id"),
    *("address", "request_id", "route", "before", "after", "data", "hash"),
)


def within_reach(actor: Actor, wanted: Wanted, team_id: UUID | None) -> Wanted:
    """`wanted`, of what the actor may read. Raises Forbidden.

    Platform admins read everything; admins of teams what is their teams'.
    """
    if team_id is not None:
        require(actor, Can.READ_AUDIT, team_id)
        return replace(wanted, team_ids=frozenset({team_id}))
    if allowed(actor, Can.READ_AUDIT):
        return wanted
    own = frozenset(t for t in actor.roles if allowed(actor, Can.READ_AUDIT, t))
    if not own:
        require(actor, Can.READ_AUDIT)
    return replace(wanted, team_ids=own)


async def list_entries(
    tx: Tx, wanted: Wanted, before: int | None, limit: int, now: datetime
) -> list[Entry]:
    """A page, newest first; that somebody began to read is noted."""
    if before is None:
        await note(tx, Note("read.audit", "audit", data=_asked(wanted)), now)
    return await queries.list_entries(tx, wanted, before, limit)


async def export(tx: Tx, wanted: Wanted, shape: str, now: datetime) -> str:
    """What is wanted as CSV or as a line of JSON each, newest first; noted."""
    data = {**_asked(wanted), "format": shape}
    await note(tx, Note("export.audit", "audit", data=data), now)
    parts: list[str] = []  # others get their turn after each
    count, before = 0, None
    while count < MOST_EXPORTED:
        more = await queries.list_entries(tx, wanted, before, AT_ONCE)
        parts.append(as_lines(more) if shape == "jsonl" else _as_csv(more, count))
        count += len(more)
        if len(more) < AT_ONCE:
            break
        before = more[-1].id
    return "".join(parts)


async def get(tx: Tx, actor: Actor, entry_id: int) -> Entry:
    """One entry. Raises NotFound and Forbidden."""
    entry = await queries.get(tx, entry_id)
    if entry is None:
        raise NotFound(f"no entry {entry_id}")
    require(actor, Can.READ_AUDIT, entry.team_id)
    return entry


def as_lines(found: Iterable[Entry]) -> str:
    """What was sealed, with its number and its hash: the chain can be walked outside."""
    return "".join(json.dumps(sealed(one), ensure_ascii=False) + "\n" for one in found)


def sealed(entry: Entry) -> dict[str, object]:
    """An entry as plain JSON, with its place in the chain."""
    hashed = entry.hash.hex() if entry.hash else None
    return {**entry.content(), "seq": entry.seq, "hash": hashed}


def _as_csv(found: Iterable[Entry], before: int) -> str:
    """The lines of these; that of titles only where no others are before them."""
    rows = map(sealed, found)
    text = as_csv(COLUMNS, ([_cell(row[name]) for name in COLUMNS] for row in rows))
    return text.partition("\r\n")[2] if before else text


def _cell(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


def _asked(wanted: Wanted) -> dict[str, object]:
    """The filter as it is noted."""
    said = {name: value for name, value in asdict(wanted).items() if value is not None}
    return {
        name: sorted(map(str, value)) if isinstance(value, frozenset) else str(value)
        for name, value in said.items()
    }
