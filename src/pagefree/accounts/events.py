"""What happens to an account, said in one place: to the audit, the log, and its owner."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import structlog

from pagefree.accounts import notice_queries
from pagefree.audit import service as audit
from pagefree.core.words.accounts import AccountWords, account_words
from pagefree.infra.db import Tx

log = structlog.get_logger()
Said = Callable[[AccountWords], str]


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that has happened to somebody's account."""

    kind: str  # such as "sign_in.succeeded"
    user_id: UUID | None  # whose account; none: nobody's
    name: str = ""
    data: dict[str, object] = field(default_factory=dict)
    by_owner: bool = False  # where no request says who acts: they sign in just now


async def note(tx: Tx, what: Happening, now: datetime) -> None:
    """Leave it where whoever runs the installation looks."""
    by, by_name = (what.user_id, what.name) if what.by_owner else (None, "")
    entry = audit.Note(
        what.kind,
        "user",
        what.user_id or "",
        what.name,
        data=what.data,
        by=by,
        by_name=by_name,
    )
    await audit.note(tx, entry, now)
    log.info(what.kind, user=str(what.user_id or ""), **what.data)


async def tell(tx: Tx, user_id: UUID, said: Said, now: datetime) -> None:
    """Let the person know in their language, as of anything that is not urgent."""
    words = account_words(await notice_queries.language_of(tx, user_id))
    text = words.about + said(words)
    await notice_queries.insert_notice(tx, user_id, text, now)
