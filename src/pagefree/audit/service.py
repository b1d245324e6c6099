"""Noting who did what where no changed row says so."""

from dataclasses import replace
from datetime import datetime

from pagefree.audit import queries
from pagefree.audit.queries import Note
from pagefree.infra import acting
from pagefree.infra.acting import Who
from pagefree.infra.db import Tx

__all__ = ["Note", "note"]


async def note(tx: Tx, what: Note, now: datetime) -> None:
    """Keep `what` in the audit; who, whence and by which request are known already."""
    await queries.insert_note(tx, what, _who(what), now)


def _who(what: Note) -> Who:
    who = acting.who()
    if what.by is None:
        return who
    return replace(who, actor_kind="user", actor_id=what.by, actor_name=what.by_name)
