"""The page behind the acknowledge link of a message: reads on GET, acts on POST."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pagefree.accounts import service as accounts
from pagefree.core.access import Actor
from pagefree.core.errors import Conflict, Forbidden, NotFound
from pagefree.core.incidents import Status
from pagefree.core.words import DEFAULT, words_in
from pagefree.incidents import reading, service
from pagefree.incidents.called_queries import Called, list_called
from pagefree.incidents.queries import Incident
from pagefree.infra.db import Tx
from pagefree.infra.web import Now, RequestTx
from pagefree.notifications import preferences
from pagefree.notifications import service as notifications
from pagefree.notifications.delivery import ALL as ACKNOWLEDGE_ALL
from pagefree.notifications.delivery import RESOLVE
from pagefree.notifications.link_queries import ActionLink

router = APIRouter(include_in_schema=False)

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
)
# The address is a secret: it is sent nowhere and kept nowhere. No script runs here.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}

State = Literal["open", "taken", "yours", "over", "gone", "many"]
MOST_AT_ONCE = 1000
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class View:
    """What the page says."""

    state: State
    incident: Incident | None = None
    who: str = ""  # has it, or ended it
    at: datetime | None = None
    acted: bool = False  # it is so because the button was just pressed
    reason: str = ""  # why the link does nothing
    called: Sequence[Called] = ()  # of many: those that nobody has
    done: int = 0  # of them, with the button that was just pressed
    status_code: int = 200
    resolves: bool = False  # the button resolves


@router.api_route("/act/{token}", methods=["GET", "HEAD"])
async def show_action_link(token: str, tx: RequestTx, now: Now) -> HTMLResponse:
    """What the link would do. Mail scanners open it: nothing changes."""
    try:
        link = await notifications.peek_action_link(tx, token, now)
        if link.verb == ACKNOWLEDGE_ALL:
            view = await _view_of_all(tx, link.user_id)
        else:
            view = await _view(tx, link.incident_id, link.user_id)
        view = replace(view, resolves=link.verb == RESOLVE)
        return _page(view, await preferences.language_of(tx, link.user_id))
    except (NotFound, Conflict) as e:
        return _page(_gone(e))


@router.post("/act/{token}")
async def use_action_link(token: str, tx: RequestTx, now: Now) -> HTMLResponse:
    """Acknowledge for the person whom the link was sent to, once."""
    try:
        link = await notifications.peek_action_link(tx, token, now)
        view = await _used(tx, link, token, now)
        return _page(view, await preferences.language_of(tx, link.user_id))
    except (NotFound, Conflict) as e:
        return _page(_gone(e))


async def _used(tx: Tx, link: ActionLink, token: str, now: datetime) -> View:
    if link.verb == ACKNOWLEDGE_ALL:
        return await _acknowledge_all(tx, token, now)
    before = await _view(tx, link.incident_id, link.user_id)
    if link.verb == RESOLVE and before.state != "over":
        return await _resolve(tx, token, now)
    if before.state != "open":
        return before
    link = await notifications.use_action_link(tx, token, now)
    user = (await accounts.user_refs(tx, [link.user_id]))[link.user_id]
    await service.acknowledge_by_link(tx, link.incident_id, user, now)
    return await _view(tx, link.incident_id, link.user_id, acted=True)


async def _resolve(tx: Tx, token: str, now: datetime) -> View:
    link = await notifications.use_action_link(tx, token, now)
    user = (await accounts.user_refs(tx, [link.user_id]))[link.user_id]
    actor = Actor(user.id, user.name)
    try:
        await service.resolve(tx, link.incident_id, None, actor, now)
    except Forbidden as e:
        raise Conflict(str(e)) from e
    return await _view(tx, link.incident_id, link.user_id)


async def _acknowledge_all(tx: Tx, token: str, now: datetime) -> View:
    """All that its person was paged for and nobody has, however many came since."""
    link = await notifications.use_action_link(tx, token, now)
    user = (await accounts.user_refs(tx, [link.user_id]))[link.user_id]
    view = await _view_of_all(tx, user.id)
    actor, ids = Actor(user.id, user.name), [one.id for one in view.called]
    bulk = await service.acknowledge_bulk(tx, ids, actor, now)
    return replace(await _view_of_all(tx, user.id), done=bulk.changed, acted=True)


async def _view_of_all(tx: Tx, user_id: UUID) -> View:
    if not await accounts.active_users(tx, [user_id]):
        raise Conflict("your account has been deactivated")
    return View("many", called=await list_called(tx, user_id, MOST_AT_ONCE))


async def _view(
    tx: Tx, incident_id: UUID, user_id: UUID, *, acted: bool = False
) -> View:
    """Where the incident stands, as seen by this person."""
    if not await accounts.active_users(tx, [user_id]):
        raise Conflict("your account has been deactivated")
    incident = await reading.get(tx, incident_id)
    if incident.status == Status.RESOLVED:
        who = incident.resolved_by.name if incident.resolved_by else ""
        return View("over", incident, who, incident.resolved_at)
    if incident.status == Status.ACKNOWLEDGED:
        holder = incident.acknowledged_by
        state: State = "yours" if holder and holder.id == user_id else "taken"
        who = holder.name if holder else "its source"
        return View(state, incident, who, incident.acknowledged_at, acted)
    return View("open", incident)


def _gone(error: NotFound | Conflict) -> View:
    return View(
        "gone",
        reason=str(error),
        status_code=404 if isinstance(error, NotFound) else 410,
    )


def _page(view: View, language: str = DEFAULT) -> HTMLResponse:
    words = words_in(language)
    html = TEMPLATES.get_template("action_link.html").render(
        view=view, shown=MOST_SHOWN, words=words, say=words.pages
    )
    # a service worker presses the button too, and says in a notification what came of it
    return HTMLResponse(
        html, view.status_code, {**HEADERS, "X-PageFree-State": view.state}
    )
