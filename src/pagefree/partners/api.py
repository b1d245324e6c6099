"""Routes by which admins look after partners, and team admins after grants of their pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from pagefree.core.access import Can, require
from pagefree.core.partners import Standing, counts, standing
from pagefree.infra.db import Tx
from pagefree.infra.web import (
    BaseUrl,
    CurrentActor,
    Cursor,
    Limit,
    Now,
    Page,
    RequestTx,
    SecretVault,
    decode_cursor,
    next_cursor,
)
from pagefree.partners import links, queries, service
from pagefree.partners.queries import Filter, KeptGrant, NewPartner
from pagefree.partners.service import Granted
from pagefree.partners.shapes import (
    ComponentGrant,
    PageGrant,
    PageGrantIn,
    PagePartner,
    Partner,
    PartnerChanges,
    PartnerImport,
    PartnerImportIn,
    PartnerIn,
    PartnerLink,
    PartnerNotImported,
    PartnerRef,
)

router = APIRouter(prefix="/v1", tags=["partners"])
PARTNERS = "/partners"
PARTNER = PARTNERS + "/{partner_id}"
GRANT = PARTNER + "/grants/{page_id}"
MOST_CHOICES = 500
Words = Annotated[
    str, Query(max_length=200, description="in name, address, organisation")
]


@dataclass(frozen=True, slots=True)
class PartnerFilter:
    """Which partners to show."""

    query: Words = ""
    standing: Standing | None = None


@router.get(PARTNERS)
async def list_partners(
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
    wanted: Annotated[PartnerFilter, Depends()],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Partner]:
    """Partners, newest first, each with what they are granted."""
    require(actor, Can.ADMINISTER)
    asked = Filter(wanted.query, wanted.standing)
    rows = await service.list_partners(tx, asked, decode_cursor(cursor), limit, now)
    return Page[Partner](
        items=await _shown(tx, rows, now),
        next_cursor=next_cursor(rows, limit, lambda row: row.id),
    )


@router.post(PARTNERS, status_code=201)
async def create_partner(
    body: PartnerIn, tx: RequestTx, actor: CurrentActor, now: Now
) -> Partner:
    """Add a partner, who sees nothing until something is granted."""
    new = NewPartner(
        service.email_of(body.email),
        body.name.strip(),
        body.organisation.strip(),
        body.notes,
        body.owner_id or actor.user_id,
        body.expires_at,
    )
    made = await service.add_partner(tx, new, actor, now)
    if body.invite:
        await links.invite(tx, made.id, actor, now)
    return await _partner(tx, made.id, now)


@router.post(PARTNERS + "/import")
async def import_partners(
    body: PartnerImportIn, tx: RequestTx, actor: CurrentActor, now: Now
) -> PartnerImport:
    """Add everybody in a CSV; addresses that are known are passed over."""
    done = await service.import_partners(tx, body.csv, actor, now)
    if body.invite:
        for partner in done.partners:
            await links.invite(tx, partner.id, actor, now)
    return PartnerImport(
        added=len(done.partners),
        passed_over=[PartnerNotImported.model_validate(o) for o in done.passed_over],
    )


@router.get(PARTNER)
async def get_partner(
    partner_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> Partner:
    """One partner with what they are granted."""
    require(actor, Can.ADMINISTER)
    return await _partner(tx, partner_id, now)


@router.patch(PARTNER)
async def change_partner(
    partner_id: UUID, body: PartnerChanges, tx: RequestTx, actor: CurrentActor, now: Now
) -> Partner:
    """Change a partner; `owner_id` and `expires_at` are taken away with null."""
    sent = body.model_dump(exclude_unset=True)
    may_be_null = {"owner_id", "expires_at"}
    changes = {
        name: value
        for name, value in sent.items()
        if value is not None or name in may_be_null
    }
    await service.change_partner(tx, partner_id, changes, actor, now)
    return await _partner(tx, partner_id, now)


@router.delete(PARTNER, status_code=204)
async def delete_partner(
    partner_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Remove a partner with grants and sessions; the access log stays."""
    await service.remove(tx, partner_id, actor, now)


@router.put(PARTNER + "/deactivation", status_code=204)
async def deactivate_partner(
    partner_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Shut a partner out at once. Doing so twice is not an error."""
    await service.deactivate(tx, partner_id, actor, now)


@router.delete(PARTNER + "/deactivation", status_code=204)
async def reactivate_partner(
    partner_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Let a partner in again; what they were granted counts again."""
    await service.reactivate(tx, partner_id, actor, now)


@router.post(PARTNER + "/invitation", status_code=202)
async def invite_partner(
    partner_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> Partner:
    """Send an invitation by mail; links that were sent before work no more."""
    await links.invite(tx, partner_id, actor, now)
    return await _partner(tx, partner_id, now)


@router.post(PARTNER + "/link", status_code=201)
async def create_partner_link(
    partner_id: UUID,
    tx: RequestTx,
    actor: CurrentActor,
    base_url: BaseUrl,
    vault: SecretVault,
    now: Now,
) -> PartnerLink:
    """A link to sign in with, to hand over in another way than by mail; shown this once."""
    made = await links.hand_over(tx, partner_id, actor, base_url, vault, now)
    return PartnerLink.model_validate(made)


# -- grants ---------------------------------------------------------------------------


@router.put(GRANT)
async def put_partner_grant(
    partner_id: UUID,
    page_id: UUID,
    body: PageGrantIn,
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
) -> PageGrant:
    """Let a partner see exactly this of a page, for those who may set the page up."""
    chosen = body.components
    granted = Granted(
        None if chosen is None else frozenset(one.component_id for one in chosen),
        body.partner_updates,
        body.expires_at,
        {one.component_id: one.expires_at for one in chosen or () if one.expires_at},
    )
    await service.grant(tx, partner_id, page_id, granted, actor, now)
    kept = await service.list_grants(tx, [partner_id])
    return page_grants([one for one in kept if one.page.id == page_id], now)[0]


@router.delete(GRANT, status_code=204)
async def delete_partner_grant(
    partner_id: UUID, page_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Let a partner see nothing of a page any more. Doing so twice is not an error."""
    await service.revoke(tx, partner_id, page_id, actor, now)


@router.get("/status-pages/{page_id}/partners")
async def list_page_partners(
    page_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now, query: Words = ""
) -> list[PagePartner]:
    """Partners that a page can be granted to, and what each may see of it."""
    kept = await service.list_grants_of_page(tx, page_id, actor)
    found = await service.list_partners(tx, Filter(query), None, MOST_CHOICES, now)
    return [
        PagePartner(
            id=one.id,
            email=one.email,
            name=one.name,
            organisation=one.organisation,
            standing=standing(one.account, now),
            grant=next(
                iter(page_grants([g for g in kept if g.partner_id == one.id], now)),
                None,
            ),
        )
        for one in found
    ]


def page_grants(kept: Sequence[KeptGrant], now: datetime) -> list[PageGrant]:
    """Grants of one partner, page by page."""
    by_page: dict[UUID, list[KeptGrant]] = {}
    for one in kept:
        by_page.setdefault(one.page.id, []).append(one)
    return [_page_grant(granted, now) for granted in by_page.values()]


def _page_grant(kept: Sequence[KeptGrant], now: datetime) -> PageGrant:
    first = kept[0]
    whole = next((one for one in kept if one.component is None), None)
    return PageGrant(
        page=PartnerRef.model_validate(first.page),
        whole_page=whole is not None,
        components=[
            ComponentGrant(
                id=one.component.id,
                name=one.component.name,
                expires_at=one.grant.expires_at,
            )
            for one in kept
            if one.component is not None
        ],
        partner_updates=all(one.grant.partner_updates for one in kept),
        expires_at=whole.grant.expires_at if whole else None,
        granted_by=_ref(first),
        granted_at=first.granted_at,
        counts=any(counts(one.grant, now) for one in kept),
    )


def _ref(kept: KeptGrant) -> PartnerRef | None:
    return PartnerRef.model_validate(kept.granted_by) if kept.granted_by else None


async def _partner(tx: Tx, partner_id: UUID, now: datetime) -> Partner:
    return (await _shown(tx, [await service.get_partner(tx, partner_id)], now))[0]


async def _shown(
    tx: Tx, rows: Sequence[queries.Partner], now: datetime
) -> list[Partner]:
    kept = await service.list_grants(tx, [row.id for row in rows])
    return [
        Partner(
            id=row.id,
            email=row.email,
            name=row.name,
            organisation=row.organisation,
            notes=row.notes,
            owner=PartnerRef.model_validate(row.owner) if row.owner else None,
            standing=standing(row.account, now),
            created_at=row.created_at,
            invited_at=row.invited_at,
            set_up_at=row.account.set_up_at,
            expires_at=row.account.expires_at,
            deactivated_at=row.account.deactivated_at,
            grants=page_grants([g for g in kept if g.partner_id == row.id], now),
        )
        for row in rows
    ]
