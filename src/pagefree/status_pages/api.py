"""Routes of status pages: their settings, groups and components, and who may look."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from pagefree.accounts.passwords import Passwords
from pagefree.core.access import Actor, Can, require
from pagefree.infra import curtain
from pagefree.infra.web import (
    BaseUrl,
    CurrentActor,
    Cursor,
    Limit,
    Now,
    Page,
    RequestTx,
    Shape,
    decode_cursor,
    next_cursor,
)
from pagefree.status_pages import (
    access,
    components,
    listing,
    service,
    shapes,
    uptimes,
)
from pagefree.status_pages.access import AskedToken
from pagefree.status_pages.access_queries import Token
from pagefree.status_pages.components import Place
from pagefree.status_pages.links import page_url
from pagefree.status_pages.queries import Group
from pagefree.status_pages.shapes import (
    Component,
    ComponentChanges,
    ComponentGroup,
    ComponentGroupChanges,
    ComponentGroupIn,
    ComponentIn,
    ComponentOverride,
    ComponentUptime,
    NewPageToken,
    PageLayout,
    PagePassword,
    PagePicture,
    PageToken,
    PageTokenIn,
    StatusPage,
    StatusPageChanges,
    StatusPageIn,
    StatusPageSummary,
)

router = APIRouter(prefix="/v1", tags=["status-pages"])
PAGES = "/status-pages"
PAGE = PAGES + "/{page_id}"
Which = Literal["logo", "favicon"]


@router.get(PAGES)
async def list_status_pages(
    tx: RequestTx,
    actor: CurrentActor,
    base_url: BaseUrl,
    team_id: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[StatusPageSummary]:
    """Status pages, newest first, each with its state and what is open on it."""
    require(actor, Can.SEE)
    rows = await listing.summaries(tx, team_id, decode_cursor(cursor), limit)
    items = [
        StatusPageSummary(
            id=row.page.id,
            team=_ref(row.page.team),
            name=row.page.name,
            slug=row.page.slug,
            url=page_url(row.page.slug, row.page.domain, base_url),
            visibility="public" if row.page.visibility == "public" else "private",
            state=row.state,
            open_incidents=row.open_incidents,
            planned_works=row.planned_works,
        )
        for row in rows
    ]
    return Page[StatusPageSummary](
        items=items, next_cursor=next_cursor(rows, limit, lambda row: row.page.id)
    )


@router.post(PAGES, status_code=201)
async def create_status_page(
    body: StatusPageIn, tx: RequestTx, actor: CurrentActor, base_url: BaseUrl, now: Now
) -> StatusPage:
    """Set a page up; the whole installation's is the platform admins'."""
    values = _values(body)
    values.pop("team_id", None)
    page = await service.create_page(tx, body.team_id, values, actor, now)
    return await _page(tx, page.id, base_url, actor)


@router.get(PAGE)
async def get_status_page(
    page_id: UUID, tx: RequestTx, actor: CurrentActor, base_url: BaseUrl
) -> StatusPage:
    """One page with its groups and components, in order."""
    require(actor, Can.SEE)
    return await _page(tx, page_id, base_url, actor)


@router.patch(PAGE)
async def change_status_page(
    page_id: UUID,
    body: StatusPageChanges,
    tx: RequestTx,
    actor: CurrentActor,
    base_url: BaseUrl,
    now: Now,
) -> StatusPage:
    """Change its settings; `domain` and `support_url` are taken away with null."""
    values = _values(body, may_be_null={"domain", "support_url"})
    await service.change_page(tx, page_id, values, actor, now)
    return await _page(tx, page_id, base_url, actor)


@router.delete(PAGE, status_code=204)
async def delete_status_page(
    page_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Remove a page with all that was told on it."""
    await service.delete_page(tx, page_id, actor, now)


@router.put(PAGE + "/pictures/{which}", status_code=204)
async def put_status_page_picture(
    page_id: UUID,
    which: Which,
    body: PagePicture,
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
) -> None:
    """Set the logo or the favicon: PNG, JPEG, WebP or ICO, at most 200 kB."""
    await service.put_picture(tx, page_id, which, body.content, actor, now)


@router.delete(PAGE + "/pictures/{which}", status_code=204)
async def delete_status_page_picture(
    page_id: UUID, which: Which, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Take the logo or the favicon away."""
    await service.put_picture(tx, page_id, which, None, actor, now)


@router.put(PAGE + "/layout")
async def put_status_page_layout(
    page_id: UUID,
    body: PageLayout,
    tx: RequestTx,
    actor: CurrentActor,
    base_url: BaseUrl,
    now: Now,
) -> StatusPage:
    """Put all groups and components in this order."""
    places = [Place(one.component_id, one.group_id) for one in body.components]
    await components.put_layout(tx, page_id, body.group_ids, places, actor, now)
    return await _page(tx, page_id, base_url, actor)


@router.get(PAGE + "/uptime")
async def list_component_uptimes(
    page_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> list[ComponentUptime]:
    """The last 90 days of each component, as recorded."""
    require(actor, Can.SEE)
    return [shapes.uptime_of(one) for one in await uptimes.uptimes(tx, page_id, now)]


# -- groups and components --------------------------------------------------------------


@router.post(PAGE + "/groups", status_code=201)
async def create_component_group(
    page_id: UUID, body: ComponentGroupIn, tx: RequestTx, actor: CurrentActor, now: Now
) -> ComponentGroup:
    """Add a heading at the end."""
    made = await components.create_group(tx, page_id, body.model_dump(), actor, now)
    return _group(made)


@router.patch("/component-groups/{group_id}")
async def change_component_group(
    group_id: UUID,
    body: ComponentGroupChanges,
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
) -> ComponentGroup:
    """Rename a heading, describe it, fold it."""
    return _group(
        await components.change_group(tx, group_id, _values(body), actor, now)
    )


@router.delete("/component-groups/{group_id}", status_code=204)
async def delete_component_group(
    group_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Take a heading away; its components stay."""
    await components.delete_group(tx, group_id, actor, now)


@router.post(PAGE + "/components", status_code=201)
async def create_component(
    page_id: UUID, body: ComponentIn, tx: RequestTx, actor: CurrentActor, now: Now
) -> Component:
    """Add a line; its uptime is recorded from now on."""
    values = _values(body)
    return Component.model_validate(
        await components.create_component(tx, page_id, values, actor, now)
    )


@router.patch("/components/{component_id}")
async def change_component(
    component_id: UUID,
    body: ComponentChanges,
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
) -> Component:
    """Change a line; `group_id`, `rules` and `started_on` are taken away with null."""
    values = _values(body, may_be_null={"group_id", "rules", "started_on"})
    return Component.model_validate(
        await components.change_component(tx, component_id, values, actor, now)
    )


@router.delete("/components/{component_id}", status_code=204)
async def delete_component(
    component_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Take a line away, with its recorded uptime."""
    await components.delete_component(tx, component_id, actor, now)


@router.put("/components/{component_id}/override")
async def put_component_override(
    component_id: UUID,
    body: ComponentOverride,
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
) -> Component:
    """Say by hand how a component is; planned work under way still wins."""
    said = (body.state, body.until)
    return Component.model_validate(
        await components.override(tx, component_id, said, actor, now)
    )


@router.delete("/components/{component_id}/override")
async def delete_component_override(
    component_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> Component:
    """Believe incidents again."""
    return Component.model_validate(
        await components.override(tx, component_id, None, actor, now)
    )


# -- who may look ---------------------------------------------------------------------


def _passwords(request: Request) -> Passwords:
    passwords: Passwords = request.app.state.passwords
    return passwords


@router.put(PAGE + "/password", status_code=204)
async def put_status_page_password(
    page_id: UUID,
    body: PagePassword,
    tx: RequestTx,
    actor: CurrentActor,
    passwords: Annotated[Passwords, Depends(_passwords)],
    now: Now,
) -> None:
    """Set the password of a private page; whoever came in with the old one is out."""
    await service.editable(tx, page_id, actor)
    hashed = {"password_hash": await passwords.hash(body.password)}
    await service.change_page(tx, page_id, hashed, actor, now)


@router.delete(PAGE + "/password", status_code=204)
async def delete_status_page_password(
    page_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Have no password open the page any more."""
    await service.change_page(tx, page_id, {"password_hash": None}, actor, now)


@router.get(PAGE + "/tokens")
async def list_status_page_tokens(
    page_id: UUID, tx: RequestTx, actor: CurrentActor
) -> list[PageToken]:
    """The tokens that open a private page, newest first, without their secrets."""
    return [_token(one) for one in await access.list_tokens(tx, page_id, actor)]


@router.post(PAGE + "/tokens", status_code=201)
async def create_status_page_token(
    page_id: UUID, body: PageTokenIn, tx: RequestTx, actor: CurrentActor, now: Now
) -> NewPageToken:
    """A token for `Authorization: Bearer` or the form of the page; shown once."""
    asked = AskedToken(body.name, body.expires_at)
    made, secret = await access.create_token(tx, page_id, asked, actor, now)
    return NewPageToken(**_token(made).model_dump(), secret=secret)


@router.delete(PAGE + "/tokens/{token_id}", status_code=204)
async def delete_status_page_token(
    page_id: UUID, token_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Revoke a token, and every cookie that it was exchanged for."""
    await access.delete_token(tx, page_id, token_id, actor, now)


def _values(
    body: Shape, may_be_null: frozenset[str] | set[str] = frozenset()
) -> dict[str, object]:
    """What was sent; null counts only where it means something."""
    sent = body.model_dump(exclude_unset=True)
    return {
        name: value
        for name, value in sent.items()
        if value is not None or name in may_be_null
    }


async def _page(
    tx: RequestTx, page_id: UUID, base_url: str, actor: Actor
) -> StatusPage:
    async with curtain.drawn(tx, actor):
        page = await service.get_page(tx, page_id)
        groups = await components.list_groups(tx, page_id)
        lines = await components.list_components(tx, page_id)
    kept = {
        name: getattr(page, name)
        for name in StatusPage.model_fields
        if name not in {"team", "url", "groups", "components", "translations"}
    }
    return StatusPage.model_validate(
        {
            **kept,
            "team": _ref(page.team),
            "url": page_url(page.slug, page.domain, base_url),
            "translations": dict(page.translations),
            "groups": [_group(one) for one in groups],
            "components": [Component.model_validate(one) for one in lines],
        }
    )


def _group(group: Group) -> ComponentGroup:
    return ComponentGroup(
        id=group.id,
        name=group.name,
        description=group.description,
        position=group.position,
        collapsed=group.collapsed,
    )


def _token(token: Token) -> PageToken:
    return PageToken(
        id=token.id,
        name=token.name,
        prefix=token.prefix,
        created_at=token.created_at,
        expires_at=token.expires_at,
    )


def _ref(ref: object) -> shapes.StatusPageRef | None:
    return None if ref is None else shapes.StatusPageRef.model_validate(ref)
