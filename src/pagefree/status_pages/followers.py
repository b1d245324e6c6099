"""Those who follow a page, as its team sees them: list, add, remove, import, export."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from uuid import UUID

from pagefree.core.access import Actor
from pagefree.core.errors import Conflict, Invalid, NotFound
from pagefree.core.subscriptions import Way
from pagefree.infra.crypto import Vault
from pagefree.infra.db import Tx
from pagefree.infra.spreadsheets import as_csv
from pagefree.status_pages import queries as pages
from pagefree.status_pages import service, subscribing
from pagefree.status_pages import subscriber_queries as statements
from pagefree.status_pages.queries import Page
from pagefree.status_pages.subscriber_addresses import checked
from pagefree.status_pages.subscriber_queries import Counts, Subscriber
from pagefree.status_pages.subscribing import Wish

MOST_IMPORTED = 10_000
MOST_EXPORTED = 200_000
AT_ONCE = 5_000
COLUMNS = ("way", "address", "language", "incidents", "maintenances", "components")
NO = frozenset({"no", "false", "0"})


@dataclass(frozen=True, slots=True)
class NewFollower:
    """Somebody to add, whose consent the team has."""

    way: Way
    address: str
    language: str | None
    wish: Wish


@dataclass(frozen=True, slots=True)
class NotImported:
    """A line that was passed over."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import."""

    added: int
    passed_over: list[NotImported]


async def list_followers(
    tx: Tx, page_id: UUID, words: str, before: UUID | None, limit: int, actor: Actor
) -> list[Subscriber]:
    """Newest first. Raises NotFound, Forbidden: addresses are personal."""
    await service.editable(tx, page_id, actor)
    return await statements.list_subscribers(tx, page_id, words, before, limit)


async def count(tx: Tx, page_id: UUID, actor: Actor) -> Counts:
    """How many there are, and how many messages wait."""
    await service.editable(tx, page_id, actor)
    return await statements.count(tx, page_id)


async def add(
    tx: Tx, page_id: UUID, new: NewFollower, vault: Vault, actor: Actor, now: datetime
) -> Subscriber:
    """Add somebody who has agreed elsewhere. Raises Forbidden, Invalid, Conflict."""
    page = await service.editable(tx, page_id, actor)
    subscriber_id = await _add(tx, page, new, vault, now)
    if subscriber_id is None:
        raise Conflict("this address follows the page already")
    await service.page_changed(tx, page, "status_page.subscriber_added", actor, now)
    return await _of_page(tx, page_id, subscriber_id)


async def remove(
    tx: Tx, page_id: UUID, subscriber_id: UUID, actor: Actor, now: datetime
) -> None:
    """Forget somebody. Raises Forbidden, NotFound."""
    page = await service.editable(tx, page_id, actor)
    await _of_page(tx, page_id, subscriber_id)
    await statements.remove(tx, subscriber_id)
    await service.page_changed(tx, page, "status_page.subscriber_removed", actor, now)


async def resume(
    tx: Tx, page_id: UUID, subscriber_id: UUID, actor: Actor
) -> Subscriber:
    """Send to an address again to which too much did not arrive. Raises Forbidden, NotFound."""
    await service.editable(tx, page_id, actor)
    await _of_page(tx, page_id, subscriber_id)
    values: dict[str, object] = {"stopped_at": None, "bounces": 0, "bounced_at": None}
    await statements.change(tx, subscriber_id, values)
    return await _of_page(tx, page_id, subscriber_id)


async def import_followers(
    tx: Tx, page_id: UUID, text: str, vault: Vault, actor: Actor, now: datetime
) -> Imported:
    """Add everybody in a CSV with the columns of an export, of which `address` must be there.

    They are not asked to confirm: whoever imports them says that they have agreed. Lines
    that cannot be read, and known addresses, are passed over and told of. Raises Forbidden,
    and Invalid if it is no such CSV at all.
    """
    page = await service.editable(tx, page_id, actor)
    reader = csv.DictReader(StringIO(text.lstrip("\ufeff")))
    if "address" not in (reader.fieldnames or ()):
        raise Invalid("the first line names the columns; one of them is address")
    names = {one.name: one.id for one in await pages.list_components(tx, page_id)}
    added, passed_over = 0, []
    for number, row in enumerate(reader, 2):
        if number > MOST_IMPORTED + 1:
            raise Invalid(f"import at most {MOST_IMPORTED} at once")
        try:
            made = await _add(tx, page, _read(row, names), vault, now)
            why = "this address follows the page already"
        except Invalid as e:
            made, why = None, str(e)
        if made is None:
            passed_over.append(NotImported(number, why))
        else:
            added += 1
    await service.page_changed(tx, page, "status_page.subscribers_imported", actor, now)
    return Imported(added, passed_over)


async def export(tx: Tx, page_id: UUID, actor: Actor) -> str:
    """Who follows the page, as CSV that no spreadsheet takes for formulas."""
    await service.editable(tx, page_id, actor)
    lines: list[Sequence[str]] = []
    before = None
    while len(lines) < MOST_EXPORTED:
        found = await statements.list_subscribers(tx, page_id, "", before, AT_ONCE)
        lines += map(_line, found)
        if len(found) < AT_ONCE:
            break
        before = found[-1].id
    return as_csv((*COLUMNS, "confirmed_at", "stopped_at"), lines)


async def _add(
    tx: Tx, page: Page, new: NewFollower, vault: Vault, now: datetime
) -> UUID | None:
    address = checked(new.way, new.address)
    values = {
        "page_id": page.id,
        "channel": new.way,
        "address": address,
        "language": new.language or page.languages[0],
        "sealed_secret": (
            subscribing.new_secret(vault) if new.way is Way.WEBHOOK else None
        ),
        "confirmed_at": now,
        "created_at": now,
        **new.wish.columns,
    }
    added = await statements.add(tx, values)
    if added is not None:
        await subscribing.choose(tx, page.id, added, new.wish)
    return added


async def _of_page(tx: Tx, page_id: UUID, subscriber_id: UUID) -> Subscriber:
    found = await statements.get(tx, subscriber_id)
    if found is None or found.page_id != page_id:
        raise NotFound(f"the page has no subscriber {subscriber_id}")
    return found


def _read(row: Mapping[str, str | None], names: Mapping[str, UUID]) -> NewFollower:
    def cell(name: str) -> str:
        text = (row.get(name) or "").strip()
        # as an export writes it, so that no spreadsheet takes it for a formula
        return text.removeprefix("'")

    try:
        way = Way(cell("way") or Way.EMAIL)
    except ValueError:
        raise Invalid(f"a way is one of {', '.join(Way)}") from None
    wanted = [name.strip() for name in cell("components").split(";") if name.strip()]
    if unknown := [name for name in wanted if name not in names]:
        raise Invalid(f"the page has no component {unknown[0][:100]!r}")
    wish = Wish(
        cell("incidents").lower() not in NO,
        cell("maintenances").lower() not in NO,
        frozenset(names[name] for name in wanted) or None,
    )
    return NewFollower(way, cell("address"), cell("language")[:10] or None, wish)


def _line(one: Subscriber) -> Sequence[str]:
    return [
        one.way.value,
        one.address,
        one.language,
        "yes" if one.incidents else "no",
        "yes" if one.maintenances else "no",
        ";".join(component.name for component in one.components),
        one.confirmed_at.isoformat() if one.confirmed_at else "",
        one.stopped_at.isoformat() if one.stopped_at else "",
    ]
