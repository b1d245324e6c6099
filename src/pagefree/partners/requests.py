"""People who ask to become partners, and what admins decide."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.accounts import service as accounts
from pagefree.core.access import Actor, Can, require
from pagefree.core.errors import Conflict, NotFound
from pagefree.infra.db import Tx
from pagefree.partners import link_queries as statements
from pagefree.partners import links, queries, service
from pagefree.partners.link_queries import NewRequest, Request
from pagefree.partners.queries import NewPartner, Partner
from pagefree.schedules.notices import Listener, tell
from pagefree.timeline import service as timeline
from pagefree.timeline.listening import Event

MADE = "partner_request.made"
APPROVED, REFUSED = "approved", "refused"
TOLD_EVERY = timedelta(hours=1)


async def ask(tx: Tx, new: NewRequest, now: datetime) -> None:
    """Keep what somebody asks for; asking again while it waits changes nothing."""
    kept = await statements.insert_request(tx, new, now)
    # told either way, so that both take the same time
    kind = MADE if kept else "partner_request.repeated"
    data = {"email": new.email}
    await timeline.record(tx, [timeline.Entry(kind, timeline.SYSTEM, data=data)], now)


async def tell_admins(tx: Tx, events: Sequence[Event], now: datetime) -> None:
    """Have platform admins told that somebody asks; of several, of the first in a while.

    Anybody can ask, so what they write themselves is told to nobody but who opens the list.
    """
    # the release before said no address
    first = next((one for one in events if one.data.get("email")), None)
    if first is None:
        return
    if await statements.asked_between(tx, first.at - TOLD_EVERY, first.at):
        return
    email = str(first.data["email"])

    def said(to: Listener) -> str:
        return to.words.partner_asks.format(email=email)

    await tell(tx, await accounts.platform_admins(tx), said, now)


async def list_requests(
    tx: Tx, before: UUID | None, limit: int, actor: Actor, *, is_open: bool
) -> list[Request]:
    """Newest first: those that wait, or those that were decided."""
    require(actor, Can.ADMINISTER)
    return await statements.list_requests(tx, before, limit, is_open=is_open)


async def approve(tx: Tx, request_id: UUID, actor: Actor, now: datetime) -> Partner:
    """Make somebody a partner, who sees nothing yet, and invite them.

    Raises Forbidden, NotFound, and Conflict if it was decided already.
    """
    request = await _decide(tx, request_id, APPROVED, actor, now)
    partner = await queries.partner_of_email(tx, request.email)
    if partner is None:
        new = NewPartner(
            request.email,
            request.name,
            request.organisation,
            request.message,
            actor.user_id,
        )
        partner = await service.add_partner(tx, new, actor, now)
    await links.invite(tx, partner.id, actor, now)
    return await service.get_partner(tx, partner.id)


async def refuse(tx: Tx, request_id: UUID, actor: Actor, now: datetime) -> None:
    """Turn a request down; whoever asked is not told. Raises as `approve`."""
    await _decide(tx, request_id, REFUSED, actor, now)


async def _decide(
    tx: Tx, request_id: UUID, decision: str, actor: Actor, now: datetime
) -> Request:
    require(actor, Can.ADMINISTER)
    request = await statements.get_request(tx, request_id)
    if request is None:
        raise NotFound(f"no request {request_id}")
    decided = await statements.decide_request(
        tx, request_id, decision, actor.user_id, now
    )
    if not decided:
        raise Conflict("somebody has decided this request already")
    kind = f"partner_request.{decision}"
    data = {"email": request.email}
    await timeline.record(
        tx, [timeline.Entry(kind, timeline.by(actor), data=data)], now
    )
    return request
