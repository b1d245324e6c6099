"""Links by mail: asked for by anybody, made for partners, opened once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pagefree.core.access import Actor, Can, require
from pagefree.core.errors import Conflict
from pagefree.core.partners import LinkKind, link_life, may_enter
from pagefree.infra.crypto import Vault, token_hash
from pagefree.infra.db import Tx
from pagefree.partners import access_log, queries, service, sessions
from pagefree.partners import link_queries as statements
from pagefree.partners.link_queries import Caller, Link, NewLink
from pagefree.partners.log_queries import Access, AccessKind
from pagefree.partners.queries import Partner

UNKNOWN = "no such link"
SHUT_OUT = "the account has expired or is deactivated"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A link to give to a partner in person."""

    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Profile:
    """What somebody says of themselves when they set their account up."""

    name: str = ""
    organisation: str = ""


# -- asked for ------------------------------------------------------------------------


async def ask(
    tx: Tx, email: str, browser: str | None, caller: Caller, now: datetime
) -> None:
    """Somebody wants to sign in; `browser`: only there.

    The same work whoever asks: whether there is such a partner is only looked up when the
    mail is about to be sent.
    """
    browser_hash = token_hash(browser) if browser else None
    new = NewLink(LinkKind.SIGN_IN, email, caller, browser_hash=browser_hash)
    await statements.insert_link(tx, new, now)


async def invite(tx: Tx, partner_id: UUID, actor: Actor, now: datetime) -> None:
    """Send a partner an invitation; earlier ones count no more. Raises Conflict."""
    partner = await _enterable(tx, partner_id, actor, now)
    await statements.end_links(tx, partner_id, now)
    new = NewLink(LinkKind.INVITATION, partner.email, Caller(), partner_id)
    await statements.insert_link(tx, new, now)
    await queries.update_partner(tx, partner_id, {"invited_at": now})
    await service.record(tx, partner, "partner.invited", actor, now)


async def hand_over(
    tx: Tx, partner_id: UUID, actor: Actor, base_url: str, vault: Vault, now: datetime
) -> HandedOver:
    """A link to sign in with, to give to a partner in another way than by mail."""
    partner = await _enterable(tx, partner_id, actor, now)
    new = NewLink(LinkKind.SIGN_IN, partner.email, Caller(), partner_id)
    link_id = await statements.insert_link(tx, new, now)
    expires_at = now + link_life(new.kind)
    await make(tx, link_id, partner_id, vault, expires_at)
    await statements.update_link(tx, link_id, {"due_at": None})
    await service.record(tx, partner, "partner.link_made", actor, now)
    return HandedOver(url_of(base_url, token_of(vault, link_id)), expires_at)


async def make(
    tx: Tx, link_id: UUID, partner_id: UUID, vault: Vault, expires_at: datetime
) -> str:
    """Let a link count until then; its token."""
    token = token_of(vault, link_id)
    values = {
        "partner_id": partner_id,
        "token_hash": token_hash(token),
        "expires_at": expires_at,
    }
    await statements.update_link(tx, link_id, values)
    return token


def token_of(vault: Vault, link_id: UUID) -> str:
    """128 bits that nobody else can make, the same in every try to send the link."""
    return vault.link_token(f"partner link {link_id}")


def url_of(base_url: str, token: str) -> str:
    """Where a link leads."""
    return f"{base_url.rstrip('/')}/partner/link/{token}"


async def _enterable(tx: Tx, partner_id: UUID, actor: Actor, now: datetime) -> Partner:
    require(actor, Can.ADMINISTER)
    partner = await service.get_partner(tx, partner_id)
    if not may_enter(partner.account, now):
        raise Conflict(SHUT_OUT)
    return partner


# -- opened ---------------------------------------------------------------------------


async def look_at(tx: Tx, token: str, now: datetime) -> Link | None:
    """The link, if it counts still; changes nothing, so that scanners may open it."""
    link = await statements.get_link(tx, token_hash(token))
    if link is None or link.used_at is not None or link.partner_id is None:
        return None
    return link if link.expires_at and now < link.expires_at else None


async def sign_in(
    tx: Tx,
    token: str,
    browser: str | None,
    profile: Profile,
    caller: Caller,
    now: datetime,
) -> str | None:
    """Use a link up, and sign the browser in; the session's token, none: refused.

    Of any number of tries at once one wins. A refusal is logged, so nothing is raised.
    """
    digest, browser_hash = token_hash(token), token_hash(browser) if browser else None
    link = await statements.use_link(tx, digest, browser_hash, now)
    if link is None or link.partner_id is None:
        found = await statements.get_link(tx, digest)
        email = found.email if found else ""
        await access_log.deny(tx, email, _why_not(found, now), caller, now)
        return None
    partner = await service.get_partner(tx, link.partner_id)
    if not may_enter(partner.account, now):
        await access_log.deny(tx, partner.email, SHUT_OUT, caller, now)
        return None
    if partner.account.set_up_at is None:
        await _set_up(tx, partner, profile, now)
    access = Access(
        AccessKind.SIGNED_IN, partner.email, caller, partner.id, what=link.kind
    )
    await access_log.log(tx, access, now)
    await service.record(tx, partner, "partner.signed_in", None, now)
    return await sessions.start(tx, partner, caller, now)


def _why_not(link: Link | None, now: datetime) -> str:
    if link is None:
        return UNKNOWN
    if link.used_at is not None:
        return "the link was used already"
    if link.expires_at is None or link.expires_at <= now:
        return "the link has expired"
    return "the link was opened in another browser than it was asked for in"


async def _set_up(tx: Tx, partner: Partner, profile: Profile, now: datetime) -> None:
    values: dict[str, object] = {"set_up_at": now}
    if profile.name:
        values["name"] = profile.name
    if profile.organisation:
        values["organisation"] = profile.organisation
    await queries.update_partner(tx, partner.id, values)
