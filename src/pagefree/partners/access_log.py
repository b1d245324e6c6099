"""What partners looked at and what they were refused: logged, listed, exported, forgotten."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.audit.service import Note, note
from pagefree.channels.base import one_line
from pagefree.infra.db import Tx
from pagefree.infra.spreadsheets import as_csv
from pagefree.partners import log_queries as queries
from pagefree.partners.link_queries import Caller
from pagefree.partners.log_queries import Access, AccessKind, Logged, Wanted
from pagefree.partners.session_queries import Session
from pagefree.status_pages.queries import Ref

KEPT = timedelta(days=90)
MOST_EXPORTED = 50_000
AT_ONCE = 5_000
LONGEST = 300
COLUMNS = ("at", "kind", "email", "page", "what", "address", "user_agent")


async def log(tx: Tx, access: Access, now: datetime) -> None:
    """Log an access, for a while here and for good in the audit."""
    await queries.insert_access(tx, access, now)
    page = access.page
    seen = {"page": page.name if page else "", "what": access.what}
    partner_id = access.partner_id or ""
    done = Note(
        f"partner.{access.kind.value}", "partner", partner_id, access.email, data=seen
    )
    await note(tx, done, now)


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
    lines: list[Sequence[str]] = []
    before = None
    while len(lines) < MOST_EXPORTED:
        found = await queries.list_accesses(tx, wanted, before, AT_ONCE)
        lines += map(_line, found)
        if len(found) < AT_ONCE:
            break
        before = found[-1].id
    return as_csv(COLUMNS, lines)


def caller_of(address: str, user_agent: str) -> Caller:
    """Where a request comes from, fit to be kept."""
    return Caller(address, one_line(user_agent, LONGEST))


def _line(logged: Logged) -> Sequence[str]:
    one = logged.access
    return [
        one_line(value, LONGEST)
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
