"""Partners and what they are granted: add, import, change, deactivate, grant."""

import csv
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from io import StringIO
from uuid import UUID

from pagefree.accounts import service as accounts
from pagefree.channels.base import one_line
from pagefree.channels.email.channel import EMAIL
from pagefree.core.access import Actor, Can, require
from pagefree.core.errors import Conflict, Invalid, NotFound
from pagefree.core.partners import audiences
from pagefree.infra.db import Tx
from pagefree.partners import link_queries, queries, session_queries
from pagefree.partners.queries import (
    Filter,
    KeptGrant,
    NewGrant,
    NewPartner,
    Partner,
)
from pagefree.status_pages import queries as page_queries
from pagefree.status_pages import service as status_pages
from pagefree.timeline import service as timeline

LONGEST_EMAIL = 254
MOST_IMPORTED = 1000
ADDRESS = re.compile(EMAIL)


@dataclass(frozen=True, slots=True)
class NotImported:
    """A line that was passed over."""

    line: int
    email: str
    why: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import."""

    partners: list[Partner]
    passed_over: list[NotImported]


@dataclass(frozen=True, slots=True)
class Granted:
    """What a partner is to be granted of a page: all of it, or some components."""

    component_ids: frozenset[UUID] | None  # none: the whole page
    partner_updates: bool = False
    expires_at: datetime | None = None
    # where a component's differs from the one above
    expiries: Mapping[UUID, datetime] | None = None


# -- accounts -------------------------------------------------------------------------


async def list_partners(
    tx: Tx, wanted: Filter, before: UUID | None, limit: int, now: datetime
) -> list[Partner]:
    """Newest first."""
    return await queries.list_partners(tx, wanted, before, limit, now)


async def get_partner(tx: Tx, partner_id: UUID) -> Partner:
    """One partner. Raises NotFound."""
    partner = await queries.get_partner(tx, partner_id)
    if partner is None:
        raise NotFound(f"no partner {partner_id}")
    return partner


async def add_partner(tx: Tx, new: NewPartner, actor: Actor, now: datetime) -> Partner:
    """Add somebody, who sees nothing yet. Raises Forbidden, Invalid, Conflict."""
    require(actor, Can.ADMINISTER)
    await _check(tx, {"owner_id": new.owner_id, "expires_at": new.expires_at}, now)
    made = await _add(tx, new, actor, now)
    if made is None:
        raise Conflict(f"there is a partner with the address {new.email}")
    return made


async def import_partners(tx: Tx, text: str, actor: Actor, now: datetime) -> Imported:
    """Add everybody in a CSV with the columns email, name, organisation, notes, expires_on.

    Lines that cannot be read, and addresses that are known, are passed over and told of.
    Raises Forbidden, and Invalid if it is no such CSV at all.
    """
    require(actor, Can.ADMINISTER)
    reader = csv.DictReader(StringIO(text.lstrip("\ufeff")))
    if "email" not in (reader.fieldnames or ()):
        raise Invalid("the first line names the columns; one of them is email")
    made: list[Partner] = []
    passed_over: list[NotImported] = []
    for number, row in enumerate(reader, 2):
        if number > MOST_IMPORTED + 1:
            raise Invalid(f"import at most {MOST_IMPORTED} partners at once")
        try:
            partner = await _add(tx, _read(row, actor, now), actor, now)
        except Invalid as e:
            why, partner = str(e), None
        else:
            why = "there is a partner with this address"
        if partner is None:
            email = one_line(row.get("email") or "", LONGEST_EMAIL)
            passed_over.append(NotImported(number, email, why))
        else:
            made.append(partner)
    return Imported(made, passed_over)


async def change_partner(
    tx: Tx,
    partner_id: UUID,
    changes: Mapping[str, object],
    actor: Actor,
    now: datetime,
) -> Partner:
    """Change what `changes` names, by column. Raises Forbidden, NotFound, Invalid."""
    require(actor, Can.ADMINISTER)
    await get_partner(tx, partner_id)
    await _check(tx, changes, now)
    if changes:
        await queries.update_partner(tx, partner_id, changes)
    partner = await get_partner(tx, partner_id)
    await record(tx, partner, "partner.changed", actor, now)
    return partner


async def deactivate(tx: Tx, partner_id: UUID, actor: Actor, now: datetime) -> None:
    """Shut a partner out at once: links and sessions end, grants stay."""
    require(actor, Can.ADMINISTER)
    partner = await get_partner(tx, partner_id)
    if partner.account.deactivated_at is None:
        await queries.update_partner(tx, partner_id, {"deactivated_at": now})
    await end_access(tx, partner_id, now)
    await record(tx, partner, "partner.deactivated", actor, now)


async def reactivate(tx: Tx, partner_id: UUID, actor: Actor, now: datetime) -> None:
    """Let a partner in again; they sign in anew."""
    require(actor, Can.ADMINISTER)
    partner = await get_partner(tx, partner_id)
    await queries.update_partner(tx, partner_id, {"deactivated_at": None})
    await record(tx, partner, "partner.reactivated", actor, now)


async def remove(tx: Tx, partner_id: UUID, actor: Actor, now: datetime) -> None:
    """Forget a partner with grants and sessions; what they looked at stays on record."""
    require(actor, Can.ADMINISTER)
    partner = await get_partner(tx, partner_id)
    await record(tx, partner, "partner.removed", actor, now)
    await queries.delete_partner(tx, partner_id)


async def end_access(tx: Tx, partner_id: UUID, now: datetime) -> None:
    """Sign a partner out everywhere, and let no link of theirs count."""
    await session_queries.end_sessions(tx, partner_id, now)
    await link_queries.end_links(tx, partner_id, now)


async def record(
    tx: Tx,
    partner: Partner,
    kind: str,
    actor: Actor | None,
    now: datetime,
) -> None:
    """Append to the timeline what happened to a partner; without an actor by themselves."""
    data = {"partner_id": str(partner.id), "name": partner.called}
    cause = timeline.by(actor) if actor else timeline.SYSTEM
    await timeline.record(tx, [timeline.Entry(kind, cause, data=data)], now)


def email_of(text: str) -> str:
    """The address in lower case. Raises Invalid."""
    email = text.strip().lower()
    if len(email) > LONGEST_EMAIL or not ADDRESS.fullmatch(email):
        raise Invalid(f"{one_line(text, 60)!r} is not an e-mail address")
    return email


async def _add(tx: Tx, new: NewPartner, actor: Actor, now: datetime) -> Partner | None:
    made = await queries.insert_partner(tx, new, now)
    if made is None:
        return None
    partner = await get_partner(tx, made)
    await record(tx, partner, "partner.added", actor, now)
    return partner


def _read(row: Mapping[str, str | None], actor: Actor, now: datetime) -> NewPartner:
    expires_at = None
    if day := (row.get("expires_on") or "").strip():
        try:
            expires_at = datetime.combine(
                datetime.fromisoformat(day).date(), time(), UTC
            )
        except ValueError:
            raise Invalid("expires_on is a day: 2027-03-31") from None
        if expires_at <= now:
            raise Invalid("expires_on is over")
    return NewPartner(
        email_of(row.get("email") or ""),
        one_line(row.get("name") or "", 200),
        one_line(row.get("organisation") or "", 200),
        (row.get("notes") or "")[:2000],
        actor.user_id,
        expires_at,
    )


async def _check(tx: Tx, values: Mapping[str, object], now: datetime) -> None:
    expires_at = values.get("expires_at")
    if isinstance(expires_at, datetime) and expires_at <= now:
        raise Invalid("the account would have expired already: deactivate it instead")
    owner_id = values.get("owner_id")
    if isinstance(owner_id, UUID):
        await accounts.require_user(tx, owner_id)


# -- grants ---------------------------------------------------------------------------


async def list_grants(tx: Tx, partner_ids: Collection[UUID]) -> list[KeptGrant]:
    """What these partners are granted, page by page."""
    return await queries.list_grants(tx, partner_ids=partner_ids)


async def list_grants_of_page(tx: Tx, page_id: UUID, actor: Actor) -> list[KeptGrant]:
    """What is granted of a page. Raises NotFound, Forbidden."""
    await status_pages.editable(tx, page_id, actor)
    return await queries.list_grants(tx, page_id=page_id)


async def grant(
    tx: Tx,
    partner_id: UUID,
    page_id: UUID,
    granted: Granted,
    actor: Actor,
    now: datetime,
) -> None:
    """Let a partner see exactly this of a page. Raises NotFound, Forbidden, Invalid.

    A private page is from then on for partners, too.
    """
    page = await status_pages.editable(tx, page_id, actor)
    partner = await get_partner(tx, partner_id)
    new = await _grants(tx, page_id, granted, now)
    await queries.replace_grants(tx, partner_id, page_id, new, actor.user_id, now)
    if page.visibility != "public" and not page.partners:
        await status_pages.change_page(tx, page_id, {"partners": True}, actor, now)
    await _settle(tx, partner, "partner.granted", actor, now)


async def revoke(
    tx: Tx, partner_id: UUID, page_id: UUID, actor: Actor, now: datetime
) -> None:
    """Let a partner see nothing of a page any more, from their next look on."""
    await status_pages.editable(tx, page_id, actor)
    partner = await get_partner(tx, partner_id)
    await queries.replace_grants(tx, partner_id, page_id, [], actor.user_id, now)
    await _settle(tx, partner, "partner.revoked", actor, now)


async def _grants(
    tx: Tx, page_id: UUID, granted: Granted, now: datetime
) -> Sequence[NewGrant]:
    expiries = granted.expiries or {}
    if any(at <= now for at in (granted.expires_at, *expiries.values()) if at):
        raise Invalid("the grant would have expired already")
    if granted.component_ids is None:
        return [NewGrant(None, granted.partner_updates, granted.expires_at)]
    if not granted.component_ids:
        raise Invalid("grant the whole page, or at least one component")
    known = {one.id for one in await page_queries.list_components(tx, page_id)}
    if unknown := granted.component_ids - known:
        raise Invalid(f"the page has no component {min(unknown)}")
    return [
        NewGrant(one, granted.partner_updates, expiries.get(one, granted.expires_at))
        for one in sorted(granted.component_ids)
    ]


async def _settle(
    tx: Tx, partner: Partner, kind: str, actor: Actor, now: datetime
) -> None:
    """Record it, and sign out whoever has nothing left to look at."""
    await record(tx, partner, kind, actor, now)
    kept = await queries.list_grants(tx, partner_ids=[partner.id])
    if not audiences(partner.account, [one.grant for one in kept], now):
        await session_queries.end_sessions(tx, partner.id, now)
