"""Routes of action items and templates."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from pagefree.core.action_items import ItemStatus
from pagefree.infra.web import (
    CurrentActor,
    Cursor,
    Limit,
    Now,
    Page,
    RequestTx,
    decode_cursor,
    next_cursor,
)
from pagefree.postmortems import items, service, templates
from pagefree.postmortems.api import ONE
from pagefree.postmortems.builtin import BUILTIN
from pagefree.postmortems.item_queries import ActionItem, WantedItems
from pagefree.postmortems.items import ItemDraft
from pagefree.postmortems.shapes import (
    ActionItemChanges,
    ActionItemIn,
    ActionItemOut,
    PostmortemRef,
    PostmortemTemplate,
    PostmortemTemplateChanges,
    PostmortemTemplateIn,
)
from pagefree.postmortems.template_queries import Template

router = APIRouter(prefix="/v1", tags=["postmortems"])
ITEMS = ONE + "/action-items"
ITEM = ITEMS + "/{item_id}"
TEMPLATE = "/postmortem-templates/{postmortem_template_id}"
STAYS = {"text", "status"}  # cannot be taken away by null


def _wanted(
    actor: CurrentActor,
    *,
    mine: Annotated[bool, Query(description="those that you own")] = False,
    team_id: UUID | None = None,
    status: ItemStatus | None = None,
) -> WantedItems:
    owner_id = actor.user_id if mine else None
    state = status.value if status else None
    return WantedItems(owner_id=owner_id, team_id=team_id, status=state)


@router.get("/action-items")
async def list_action_items(
    wanted: Annotated[WantedItems, Depends(_wanted, scope="function")],
    actor: CurrentActor,
    tx: RequestTx,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ActionItemOut]:
    """Action items of all postmortems, oldest first."""
    after = decode_cursor(cursor)
    rows = await items.list_items(tx, wanted, after, limit, actor)
    return Page[ActionItemOut](
        items=[out(row) for row in rows],
        next_cursor=next_cursor(rows, limit, lambda row: row.id),
    )


@router.get(ITEMS)
async def list_postmortem_action_items(
    postmortem_id: UUID, actor: CurrentActor, tx: RequestTx
) -> list[ActionItemOut]:
    """What a postmortem asks for, in the order in which it was written down."""
    await service.get(tx, postmortem_id, actor)
    return [out(one) for one in await items.of_postmortem(tx, postmortem_id)]


@router.post(ITEMS, status_code=201)
async def add_action_item(
    postmortem_id: UUID,
    body: ActionItemIn,
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
) -> ActionItemOut:
    """Write down what is to be done; its owner is told, and reminded before it is due."""
    draft = ItemDraft(body.text, body.owner_id, body.due_on)
    item_id = await items.add(tx, postmortem_id, draft, actor, now)
    _, item = await items.get_item(tx, postmortem_id, item_id, actor)
    return out(item)


@router.patch(ITEM)
async def change_action_item(
    postmortem_id: UUID,
    item_id: UUID,
    body: ActionItemChanges,
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
) -> ActionItemOut:
    """Change it; its owner may say what became of it without being of the team."""
    changes = {
        name: getattr(body, name)
        for name in body.model_fields_set
        if getattr(body, name) is not None or name not in STAYS
    }
    if "ticket_url" in changes:
        url = changes["ticket_url"]
        changes |= {"ticket_url": url and str(url), "ticket_key": None}
    await items.change(tx, postmortem_id, item_id, changes, actor, now)
    _, item = await items.get_item(tx, postmortem_id, item_id, actor)
    return out(item)


@router.delete(ITEM, status_code=204)
async def delete_action_item(
    postmortem_id: UUID, item_id: UUID, actor: CurrentActor, tx: RequestTx, now: Now
) -> None:
    """Forget what was written down by mistake; what is not wanted any more is dropped."""
    await items.remove(tx, postmortem_id, item_id, actor, now)


# -- templates --------------------------------------------------------------------------


@router.get("/postmortem-templates")
async def list_postmortem_templates(
    actor: CurrentActor, tx: RequestTx, team_id: UUID | None = None
) -> list[PostmortemTemplate]:
    """What a postmortem may begin as: ours, everybody's, and those of the team."""
    written = await templates.list_templates(tx, team_id, actor)
    ours = [
        PostmortemTemplate(
            key=key,
            id=None,
            team_id=None,
            name=one.title,
            means=one.means,
            body=one.body,
        )
        for key, one in BUILTIN.items()
    ]
    return [*ours, *map(_template, written)]


@router.post("/postmortem-templates", status_code=201)
async def create_postmortem_template(
    body: PostmortemTemplateIn, actor: CurrentActor, tx: RequestTx, now: Now
) -> PostmortemTemplate:
    """Add a template of a team, or of all."""
    template_id = await templates.create(
        tx, body.team_id, body.name, body.body, actor, now
    )
    return PostmortemTemplate(
        key=str(template_id), id=template_id, means="", **body.model_dump()
    )


@router.put(TEMPLATE)
async def put_postmortem_template(
    postmortem_template_id: UUID,
    body: PostmortemTemplateChanges,
    actor: CurrentActor,
    tx: RequestTx,
    now: Now,
) -> PostmortemTemplate:
    """Write it anew; what was begun from it stays as it is."""
    return _template(
        await templates.change(
            tx, postmortem_template_id, body.name, body.body, actor, now
        )
    )


@router.delete(TEMPLATE, status_code=204)
async def delete_postmortem_template(
    postmortem_template_id: UUID, actor: CurrentActor, tx: RequestTx
) -> None:
    """Take it away."""
    await templates.remove(tx, postmortem_template_id, actor)


def out(item: ActionItem) -> ActionItemOut:
    """An action item as it is told."""
    same = set(ActionItemOut.model_fields) & set(ActionItem.__slots__)
    owner = item.owner_id and PostmortemRef(
        id=item.owner_id, name=item.owner_name or "somebody"
    )
    return ActionItemOut(
        **{name: getattr(item, name) for name in same}, owner=owner or None
    )


def _template(found: Template) -> PostmortemTemplate:
    return PostmortemTemplate(
        key=str(found.id),
        id=found.id,
        team_id=found.team_id,
        name=found.name,
        means="",
        body=found.body,
    )
