"""Where partners are signed in: for a day at most, and only for as long as they may."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.core.access import Actor, Can, require
from pagefree.core.errors import NotFound
from pagefree.core.partners import SESSION_LIFE, audiences, may_enter
from pagefree.core.status_views import Audience
from pagefree.infra.crypto import new_token, token_hash
from pagefree.infra.db import Tx
from pagefree.partners import access_log, queries, service
from pagefree.partners import session_queries as statements
from pagefree.partners.link_queries import Caller
from pagefree.partners.log_queries import AccessKind
from pagefree.partners.queries import Partner
from pagefree.partners.session_queries import NewSession, Session
from pagefree.status_pages.queries import Ref

NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Window:
    """A page as a partner may see it."""

    page: Ref
    audience: Audience


@dataclass(frozen=True, slots=True)
class Visitor:
    """A partner who is signed in, and what they may see at this moment."""

    session: Session
    windows: Mapping[UUID, Window]  # by page


async def start(tx: Tx, partner: Partner, caller: Caller, now: datetime) -> str:
    """Sign a browser in; its token, of which only the hash is kept."""
    token = new_token()
    new = NewSession(
        partner.id,
        token_hash(token),
        caller.address,
        caller.user_agent,
        now + SESSION_LIFE,
    )
    await statements.insert_session(tx, new, now)
    return token


async def session_of(tx: Tx, token: str) -> Session | None:
    """The session with this token, also one that counts no more."""
    return await statements.get_session(tx, token_hash(token))


async def visitor(tx: Tx, session: Session, now: datetime) -> Visitor | None:
    """Who looks, and at what they may look; none: they are not signed in any more.

    All of it is asked anew for every look, so what was revoked is gone from the next on.
    """
    over = session.ended_at is not None or session.expires_at <= now
    if over or not may_enter(session.account, now):
        return None
    if now - session.seen_at >= NOTED_EVERY:
        await statements.note_session(tx, session.id, now)
    grants = await queries.list_grants(tx, partner_ids=[session.partner_id])
    seen = audiences(session.account, [one.grant for one in grants], now)
    pages = {one.page.id: one.page for one in grants}
    windows = {page_id: Window(pages[page_id], seen[page_id]) for page_id in seen}
    return Visitor(session, windows)


async def sign_out(tx: Tx, session: Session, caller: Caller, now: datetime) -> None:
    """End a session because the partner wants to."""
    if await statements.end_session(tx, session.id, now):
        access = access_log.of_session(session, AccessKind.SIGNED_OUT, caller, None, "")
        await access_log.log(tx, access, now)


async def list_sessions(
    tx: Tx, partner_id: UUID | None, actor: Actor, now: datetime
) -> list[Session]:
    """Where partners are signed in, newest first; one of them, or all."""
    require(actor, Can.ADMINISTER)
    if partner_id is not None:
        await service.get_partner(tx, partner_id)
    found = await statements.list_sessions(tx, partner_id, now)
    return [one for one in found if may_enter(one.account, now)]


async def end_session(tx: Tx, session_id: UUID, actor: Actor, now: datetime) -> None:
    """Sign one browser of a partner out. Raises Forbidden, NotFound."""
    require(actor, Can.ADMINISTER)
    partner_id = await statements.end_session(tx, session_id, now)
    if partner_id is None:
        raise NotFound(f"no session {session_id} of a partner")
    partner = await service.get_partner(tx, partner_id)
    await service.record(tx, partner, "partner.signed_out", actor, now)


async def end_sessions(tx: Tx, partner_id: UUID, actor: Actor, now: datetime) -> None:
    """Sign a partner out everywhere, and let no link of theirs count."""
    require(actor, Can.ADMINISTER)
    partner = await service.get_partner(tx, partner_id)
    await service.end_access(tx, partner_id, now)
    await service.record(tx, partner, "partner.signed_out", actor, now)
