"""Action items: who does what until when; their owners are reminded."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from pagefree.accounts import service as accounts
from pagefree.core.access import Actor, Can, allowed, require
from pagefree.core.action_items import ItemStatus, next_reminder, reminder, today
from pagefree.core.errors import Forbidden, Invalid, NotFound
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.postmortems import item_queries
from pagefree.postmortems.item_queries import ActionItem, WantedItems
from pagefree.postmortems.queries import Postmortem
from pagefree.postmortems.recording import tell
from pagefree.postmortems.service import about, get
from pagefree.schedules import notices

MOST_ITEMS = 100
AT_ONCE = 100  # reminders in one transaction


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """An item as somebody writes it."""

    text: str
    owner_id: UUID | None = None
    due_on: date | None = None
    status: ItemStatus = ItemStatus.OPEN
    ticket_url: str | None = None
    ticket_key: str | None = None


async def list_items(
    tx: Tx, wanted: WantedItems, after: UUID | None, limit: int, actor: Actor
) -> list[ActionItem]:
    """In the order in which they were written down."""
    require(actor, Can.SEE, wanted.team_id)
    return await item_queries.list_items(tx, wanted, after, limit)


async def of_postmortem(tx: Tx, postmortem_id: UUID) -> list[ActionItem]:
    """All of one postmortem."""
    mine = WantedItems(postmortem_id=postmortem_id)
    return await item_queries.list_items(tx, mine, None, MOST_ITEMS)


async def get_item(
    tx: Tx, postmortem_id: UUID, item_id: UUID, actor: Actor
) -> tuple[Postmortem, ActionItem]:
    """One, with the postmortem it is of. Raises NotFound."""
    found = await get(tx, postmortem_id, actor)
    item = await item_queries.get_item(tx, postmortem_id, item_id)
    if item is None:
        raise NotFound("there is no such action item")
    return found, item


async def add(
    tx: Tx, postmortem_id: UUID, draft: ItemDraft, actor: Actor, now: datetime
) -> UUID:
    """Write down what is to be done; whoever is to do it is told."""
    found = await get(tx, postmortem_id, actor)
    require(actor, Can.WRITE_POSTMORTEMS, found.team_id)
    if await item_queries.count(tx, postmortem_id) >= MOST_ITEMS:
        raise Invalid(f"a postmortem has at most {MOST_ITEMS} action items")
    item_id = new_id()
    made = {
        "id": item_id,
        "postmortem_id": postmortem_id,
        "created_by_id": actor.user_id,
        "created_at": now,
    }
    values = await _values(tx, draft, None, now)
    await item_queries.insert_item(tx, {**made, **values})
    await _tell(tx, found, "action_item.added", draft, actor, now)
    await _tell_owner(tx, found, draft, None, actor, now)
    return item_id


async def change(
    tx: Tx,
    postmortem_id: UUID,
    item_id: UUID,
    changes: Mapping[str, object],
    actor: Actor,
    now: datetime,
) -> None:
    """Change what is given; owners may say what became of theirs, whatever their team."""
    found, item = await get_item(tx, postmortem_id, item_id, actor)
    _require_may_change(found, item, set(changes), actor)
    before = draft_of(item)
    draft = replace(before, **changes)  # type: ignore[arg-type]
    if draft == before:
        return
    values = await _values(tx, draft, item, now)
    await item_queries.update_item(tx, item_id, values)
    kind = "changed" if draft.status == before.status else draft.status.value
    kind = "reopened" if kind == ItemStatus.OPEN else kind
    await _tell(tx, found, f"action_item.{kind}", draft, actor, now)
    await _tell_owner(tx, found, draft, before, actor, now)


def draft_of(item: ActionItem) -> ItemDraft:
    """The part of it that people write."""
    return ItemDraft(
        item.text,
        item.owner_id,
        item.due_on,
        ItemStatus(item.status),
        item.ticket_url,
        item.ticket_key,
    )


async def remove(
    tx: Tx, postmortem_id: UUID, item_id: UUID, actor: Actor, now: datetime
) -> None:
    """Forget what was written down by mistake."""
    found, item = await get_item(tx, postmortem_id, item_id, actor)
    require(actor, Can.WRITE_POSTMORTEMS, found.team_id)
    await item_queries.delete_item(tx, item_id)
    await _tell(tx, found, "action_item.removed", draft_of(item), actor, now)


def _require_may_change(
    found: Postmortem, item: ActionItem, names: set[str], actor: Actor
) -> None:
    if allowed(actor, Can.WRITE_POSTMORTEMS, found.team_id):
        return
    own = item.owner_id == actor.user_id and names <= {"status"}
    if not own or not allowed(actor, Can.KEEP):
        raise Forbidden(f"you may not {Can.WRITE_POSTMORTEMS.value}")


async def _values(
    tx: Tx, draft: ItemDraft, before: ActionItem | None, now: datetime
) -> dict[str, object]:
    zone = await _zone(tx, draft.owner_id, before)
    is_open = draft.status is ItemStatus.OPEN
    closed_at = before.closed_at if before is not None else None
    return {
        "text": draft.text,
        "owner_id": draft.owner_id,
        "due_on": draft.due_on,
        "status": draft.status.value,
        "ticket_url": draft.ticket_url,
        "ticket_key": draft.ticket_key,
        "closed_at": None if is_open else closed_at or now,
        "remind_at": zone and next_reminder(draft.status, draft.due_on, zone, now),
    }


async def _zone(
    tx: Tx, owner_id: UUID | None, before: ActionItem | None
) -> ZoneInfo | None:
    """The clock of whoever does it; none: nobody does."""
    if owner_id is None:
        return None
    owner = (await accounts.colleagues(tx, [owner_id])).get(owner_id)
    same = before is not None and before.owner_id == owner_id
    if owner is None or not (owner.active or same):
        raise Invalid("the owner is nobody who can sign in")
    return ZoneInfo(owner.time_zone)


async def _tell(
    tx: Tx, found: Postmortem, kind: str, draft: ItemDraft, actor: Actor, now: datetime
) -> None:
    data = {"text": draft.text, "status": draft.status.value}
    await tell(tx, kind, about(found), data, actor, now)


async def _tell_owner(
    tx: Tx,
    found: Postmortem,
    draft: ItemDraft,
    before: ItemDraft | None,
    actor: Actor,
    now: datetime,
) -> None:
    owner_id = draft.owner_id
    known = before is not None and before.owner_id == owner_id
    if owner_id is None or known or owner_id == actor.user_id:
        return
    due = f", due {draft.due_on:%d %B %Y}" if draft.due_on else ""
    words = f"{actor.name} gave you “{draft.text}”{due} (postmortem “{found.title}”)"
    await notices.tell(tx, [owner_id], lambda _: words, now)


# -- reminders ----------------------------------------------------------------------------


async def remind_due(tx: Tx, now: datetime) -> int:
    """Remind the owners of what is due to be reminded of; returns how many items."""
    due = await item_queries.claim_due(tx, now, AT_ONCE)
    for item in due:
        await _remind(tx, item, now)
    return len(due)


async def _remind(tx: Tx, item: ActionItem, now: datetime) -> None:
    owner_id, due_on = item.owner_id, item.due_on
    people = await accounts.colleagues(tx, [owner_id] if owner_id else [])
    owner = next(iter(people.values()), None)
    if owner is None or due_on is None:
        await item_queries.update_item(tx, item.id, {"remind_at": None})
        return

    zone = ZoneInfo(owner.time_zone)
    words = reminder(item.text, item.postmortem_title, due_on, today(zone, now))
    await notices.tell(tx, [owner.id], lambda _: words, now)
    after = next_reminder(ItemStatus(item.status), due_on, zone, now)
    await item_queries.update_item(tx, item.id, {"remind_at": after})
