"""Status pages and their components: set up, change, override, remove."""

import ipaddress
import re
from collections.abc import Collection, Mapping
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from pagefree.accounts import service as accounts
from pagefree.core.access import Actor, Can, require
from pagefree.core.errors import Conflict, Invalid, NotFound
from pagefree.core.status_pages import RULE_NAMES
from pagefree.core.windows import zone_of
from pagefree.infra.db import Tx
from pagefree.status_pages import queries
from pagefree.status_pages.languages import LANGUAGES
from pagefree.status_pages.queries import Page
from pagefree.timeline import service as timeline

SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
COLOUR = re.compile(r"#[0-9a-f]{6}")
PICTURE_LIMIT = 200_000  # bytes
# no SVG: it can hold scripts, and is opened by its address
PICTURE_STARTS = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/x-icon": b"\0\0\1\0",
}


# -- pages --------------------------------------------------------------------------


async def list_pages(
    tx: Tx, team_id: UUID | None, before: UUID | None, limit: int
) -> list[Page]:
    """Newest first; of one team, or all."""
    return await queries.list_pages(tx, team_id, before, limit)


async def get_page(tx: Tx, page_id: UUID) -> Page:
    """One page. Raises NotFound."""
    page = await queries.get_page(tx, page_id)
    if page is None:
        raise NotFound(f"no status page {page_id}")
    return page


async def page_by_slug(tx: Tx, slug: str) -> Page | None:
    """The page at `/s/<slug>/`, if there is one."""
    return await queries.page_of_slug(tx, slug)


async def create_page(
    tx: Tx,
    team_id: UUID | None,
    values: Mapping[str, object],
    actor: Actor,
    now: datetime,
) -> Page:
    """Set a page up. Raises Forbidden, Invalid, Conflict."""
    if team_id is None:
        require(actor, Can.ADMINISTER)
    else:
        await accounts.require_team(tx, team_id)
        require(actor, Can.EDIT_TEAM, team_id)
    await _check_page(tx, values, None)
    made = {"team_id": team_id, "created_at": now, "changed_at": now, "due_at": now}
    page_id = await queries.insert_row(
        tx, queries.PAGE, {"languages": ["en"], **values, **made}
    )
    page = await get_page(tx, page_id)
    await page_changed(tx, page, "status_page.created", actor, now)
    return page


async def change_page(
    tx: Tx, page_id: UUID, changes: Mapping[str, object], actor: Actor, now: datetime
) -> Page:
    """Change what `changes` names, by column. Raises Forbidden, Invalid, Conflict."""
    page = await editable(tx, page_id, actor)
    await _check_page(tx, changes, page_id)
    await queries.update_row(tx, queries.PAGE, page_id, {**changes, "changed_at": now})
    page = await get_page(tx, page_id)
    await page_changed(tx, page, "status_page.changed", actor, now)
    return page


async def delete_page(tx: Tx, page_id: UUID, actor: Actor, now: datetime) -> None:
    """Remove a page with all that was told on it."""
    page = await editable(tx, page_id, actor)
    await page_changed(tx, page, "status_page.removed", actor, now)
    await queries.delete_row(tx, queries.PAGE, page_id)


async def put_picture(
    tx: Tx,
    page_id: UUID,
    which: str,
    content: bytes | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Set the logo or the favicon; none takes it away. Raises Invalid."""
    media_type = None
    if content is not None:
        media_type = picture_type(content)
    changes = {which: content, f"{which}_type": media_type}
    await change_page(tx, page_id, changes, actor, now)


def picture_type(content: bytes) -> str:
    """The media type of a picture that pages may show. Raises Invalid."""
    if len(content) > PICTURE_LIMIT:
        raise Invalid(f"a picture has at most {PICTURE_LIMIT} bytes")
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    for media_type, start in PICTURE_STARTS.items():
        if content.startswith(start):
            return media_type
    raise Invalid("a picture is PNG, JPEG, WebP or ICO")


async def editable(tx: Tx, page_id: UUID, actor: Actor) -> Page:
    """The page, if the actor may set it up. Raises NotFound, Forbidden."""
    page = await get_page(tx, page_id)
    if page.team is None:
        require(actor, Can.ADMINISTER)
    else:
        require(actor, Can.EDIT_TEAM, page.team.id)
    return page


async def publishable(tx: Tx, page_id: UUID, actor: Actor) -> Page:
    """The page, if the actor may tell something on it. Raises NotFound, Forbidden."""
    page = await get_page(tx, page_id)
    if page.team is None:
        require(actor, Can.ADMINISTER)
    else:
        require(actor, Can.RESPOND, page.team.id)
    return page


async def page_changed(
    tx: Tx, page: Page, kind: str, actor: Actor, now: datetime
) -> None:
    """Record what happened to a page's own settings, and have it rendered anew."""
    data = {"page_id": str(page.id), "name": page.name}
    team_id = page.team.id if page.team else None
    entry = timeline.Entry(kind, timeline.by(actor), team_id=team_id, data=data)
    await timeline.record(tx, [entry], now)
    await queries.make_due(tx, [page.id], now)


async def _check_page(
    tx: Tx, values: Mapping[str, object], page_id: UUID | None
) -> None:
    """Raise Invalid or Conflict unless a page can have these values."""
    for name, value in values.items():
        if check := CHECKS.get(name):
            check(value)
    for column in ("slug", "domain"):
        value = values.get(column)
        if value and await queries.taken(tx, column, str(value), page_id):
            raise Conflict(f"another page has this {column}")


def _check_slug(value: object) -> None:
    if not SLUG.fullmatch(str(value)):
        raise Invalid("a slug has small letters, digits and hyphens, at most 63")


def _check_domain(value: object) -> None:
    if value is not None and not DOMAIN.fullmatch(str(value)):
        raise Invalid("a domain is a host name in small letters: status.example.org")


def _check_zone(value: object) -> None:
    if zone_of(str(value)) is None:
        raise Invalid(f"there is no time zone {value!r}")


def _check_colour(value: object) -> None:
    if not COLOUR.fullmatch(str(value)):
        raise Invalid("a colour is written #4c6ef5")


def check_link(value: object) -> None:
    """Raise Invalid unless it is a link that a page may show."""
    if value is not None and urlsplit(str(value)).scheme not in {
        "https",
        "http",
        "mailto",
    }:
        raise Invalid("a link begins with https:, http: or mailto:")


def _check_languages(value: object) -> None:
    languages = list(value) if isinstance(value, Collection) else []
    if not languages or len(set(languages)) < len(languages):
        raise Invalid("a page has a language, and each one once")
    if unknown := [one for one in languages if one not in LANGUAGES]:
        raise Invalid(
            f"there are no words in {unknown[0]!r}; known: {', '.join(LANGUAGES)}"
        )


def _check_networks(value: object) -> None:
    for one in value if isinstance(value, Collection) else ():
        try:
            ipaddress.ip_network(str(one))
        except ValueError:
            raise Invalid(f"{one!r} is not a network: 192.0.2.0/24") from None


def check_rules(value: object) -> None:
    """Raise Invalid unless these say what incidents do to components."""
    if not isinstance(value, Mapping):
        return
    if unknown := [name for name in value if name not in RULE_NAMES]:
        raise Invalid(f"there is no priority or severity {unknown[0]!r}")


CHECKS = {
    "slug": _check_slug,
    "domain": _check_domain,
    "time_zone": _check_zone,
    "colour": _check_colour,
    "support_url": check_link,
    "languages": _check_languages,
    "networks": _check_networks,
    "rules": check_rules,
}
