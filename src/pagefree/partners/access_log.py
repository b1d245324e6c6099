"""What partners looked at and what they were refused: logged, listed, exported, forgotten."""

import csv
from collections.abc import Sequence
from datetime import datetime, timedelta
from io import StringIO
from uuid import UUID

from pagefree.channels.base import one_line
from pagefree.infra.db import Tx
from pagefree.partners import log_queries as queries
from pagefree.partners.link_queries import Caller
from pagefree.partners.log_queries import Access, AccessKind, Logged, Wanted
from pagefree.partners.session_queries import Session
from pagefree.status_pages.queries import Ref

KEPT = timedelta(days=90)
MOST_EXPORTED = 50_000
AT_ONCE = 5_000
LONGEST = 300
# what a spreadsheet would take for a formula
# https://owasp.org/www-community/attacks/CSV_Injection
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", *"\uff1d\uff0b\uff0d\uff20")
COLUMNS = ("at", "kind", "email", "page", "what", "address", "user_agent")


async def log(tx: Tx, access: Access, now: datetime) -> None:
    """Log an access."""
    await queries.insert_access(tx, access, now)


async def deny(tx: Tx, email: str, why: str, caller: Caller, now: datetime) -> None:
    """Log that somebody was refused."""
    await log(tx, Access(AccessKind.DENIED, email, caller, what=why), now)


def of_session(
    session: Session, kind: AccessKind, caller: Caller, page: Ref | None, what: str
) -> Access:
    """What somebody did in a session."""
    return Access(kind, session.email, caller, session.partner_id, page, what)


async def list_accesses(
    tx: Tx, wanted: Wanted, before: UUID | None, limit: int
) -> list[Logged]:
    """Newest first."""
    return await queries.list_accesses(tx, wanted, before, limit)


async def export(tx: Tx, wanted: Wanted) -> str:
    """The log as CSV that no spreadsheet takes for formulas, newest first."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    before, written = None, 0
    while written < MOST_EXPORTED:
        found = await queries.list_accesses(tx, wanted, before, AT_ONCE)
        writer.writerows(map(_line, found))
        if len(found) < AT_ONCE:
            break
        before, written = found[-1].id, written + len(found)
    return text.getvalue()


def caller_of(address: str, user_agent: str) -> Caller:
    """Where a request comes from, fit to be kept."""
    return Caller(address, one_line(user_agent, LONGEST))


def _line(logged: Logged) -> Sequence[str]:
    one = logged.access
    return [
        _cell(value)
        for value in (
            logged.at.isoformat(),
            one.kind.value,
            one.email,
            one.page.name if one.page else "",
            one.what,
            one.caller.address,
            one.caller.user_agent,
        )
    ]


def _cell(text: str) -> str:
    line = one_line(text, LONGEST)
    return f"'{line}" if line.startswith(FORMULA_STARTS) else line
