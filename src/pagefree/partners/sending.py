"""Sending links: leased from their own rows, over a connection of their own."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.channels.letters import Mail
from pagefree.core.partners import link_life, may_enter, try_again_at
from pagefree.infra.db import Tx, transaction
from pagefree.infra.failpoints import failpoint
from pagefree.notifications import letter_box
from pagefree.notifications.handing_over import Gateway
from pagefree.partners import access_log, links, mails, queries
from pagefree.partners import link_queries as statements
from pagefree.partners.link_queries import Link
from pagefree.partners.queries import Partner

AT_ONCE = 10
LEASE = timedelta(minutes=5)  # longer than so many mails to a slow server take
KEPT = timedelta(days=7)  # a link that was used still says so


async def send_due(gateway: Gateway, engine: AsyncEngine) -> None:
    """Make and send links until none is due; no row is locked while mails leave."""
    found: list[Link] | None = None
    while found is None or len(found) == AT_ONCE:
        now = gateway.clock()
        async with transaction(engine) as tx:
            found = await statements.claim_due(tx, now + LEASE, AT_ONCE, now)
        for link in found:
            await _send(gateway, engine, link)


async def forget(tx: Tx, now: datetime) -> None:
    """Delete links that are long over."""
    await statements.delete_links_before(tx, now - KEPT)


async def _send(gateway: Gateway, engine: AsyncEngine, link: Link) -> None:
    async with transaction(engine) as tx:
        mail = await _write(tx, gateway, link, gateway.clock())
    if mail is None:
        return
    error = await letter_box.send(gateway, mail)
    failpoint("partners.after_mail")
    async with transaction(engine) as tx:
        await letter_box.keep_shown(tx, gateway, mail, gateway.clock())
        await _settle(tx, link, error, gateway.clock())


async def _write(tx: Tx, gateway: Gateway, link: Link, now: datetime) -> Mail | None:
    """The link as a mail; none: nobody who may sign in has this address."""
    partner = await _asked_by(tx, link)
    if partner is None or not may_enter(partner.account, now):
        why = links.SHUT_OUT if partner else "no partner has this address"
        await access_log.deny(tx, link.email, why, link.caller, now)
        await statements.update_link(tx, link.id, {"due_at": None, "error": why})
        return None
    expires_at = now + link_life(link.kind)
    token = await links.make(tx, link.id, partner.id, gateway.vault, expires_at)
    url = links.url_of(gateway.base_url, token)
    return mails.write(link.kind, link.id, (partner.email, partner.name), url)


async def _asked_by(tx: Tx, link: Link) -> Partner | None:
    if link.partner_id is not None:
        return await queries.get_partner(tx, link.partner_id)
    return await queries.partner_of_email(tx, link.email)


async def _settle(tx: Tx, link: Link, error: str | None, now: datetime) -> None:
    values: dict[str, object] = {"due_at": None, "error": error, "sent_at": now}
    if error is not None:
        tries = link.tries + 1
        again = try_again_at(link.kind, tries, link.created_at, now)
        values = {"due_at": again, "error": error, "tries": tries}
    await statements.update_link(tx, link.id, values)
