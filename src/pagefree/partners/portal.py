"""What partners look at: the list of their pages, and each page as it is granted.

Read-only by construction: the session is accepted here alone, and nothing here changes
anything but itself.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from pagefree.accounts.authentication import require_same_origin
from pagefree.core.errors import TooManyRequests
from pagefree.infra.db import Tx
from pagefree.infra.web import BaseUrl, Now, RequestTx
from pagefree.partners import access_log, html, sessions, windows
from pagefree.partners.limits import Limits
from pagefree.partners.log_queries import Access, AccessKind
from pagefree.partners.sessions import Visitor, Window
from pagefree.partners.windows import Windows
from pagefree.status_pages.languages import LANGUAGES
from pagefree.status_pages.rendering.html import TONES

router = APIRouter(prefix="/partner", include_in_schema=False)
JUST_READ = ["GET", "HEAD"]
WORDS = LANGUAGES["en"]
# parts of a page that was looked at, and no looks themselves
PARTS = frozenset({"page.css", "logo", "favicon"})
NOT_GRANTED = "something that is not granted"


async def _visitor(request: Request, tx: RequestTx, now: Now) -> Visitor | None:
    """Who looks; a session that counts no more is a refusal, and logged as one."""
    token = html.cookie_of(request, html.COOKIE)
    session = await sessions.session_of(tx, token) if token else None
    found = await sessions.visitor(tx, session, now) if session else None
    if token and found is None:
        email = session.email if session else ""
        await _deny(request, tx, Access(
            AccessKind.DENIED,
            email,
            html.caller_of(request),
            session.partner_id if session else None,
            what="the session has ended",
        ), now)  # fmt: skip
    return found


CurrentVisitor = Annotated[Visitor | None, Depends(_visitor, scope="function")]


@dataclass(frozen=True, slots=True)
class Asked:
    """A file of a page."""

    page_id: str
    path: str


@router.api_route("", methods=JUST_READ)
async def move_to_portal() -> Response:
    """The portal's address ends with a slash."""
    return RedirectResponse("/partner/", 308)


@router.api_route("/", methods=JUST_READ)
async def show_portal(visitor: CurrentVisitor, tx: RequestTx) -> HTMLResponse:
    """The pages that are granted, each with the worst state of what is seen of it."""
    if visitor is None:
        return html.sign_in_page(status=401)
    found = [
        await windows.glance(tx, page_id, window.audience)
        for page_id, window in visitor.windows.items()
    ]
    pages = [
        (one, TONES[one.state], WORDS[f"page_{one.state}"]) for one in found if one
    ]
    return html.page("dashboard.html", email=visitor.session.email, pages=pages)


@router.api_route("/pages/{page_id}", methods=JUST_READ)
async def move_to_partner_page(page_id: str) -> Response:
    """A page's address ends with a slash, or its links would lead elsewhere."""
    try:
        return RedirectResponse(f"/partner/pages/{UUID(page_id)}/", 308)
    except ValueError:
        return html.nothing_here()


@router.api_route("/pages/{page_id}/{path:path}", methods=JUST_READ)
async def show_partner_page(
    asked: Annotated[Asked, Depends()],
    request: Request,
    visitor: CurrentVisitor,
    tx: RequestTx,
    base_url: BaseUrl,
    now: Now,
) -> Response:
    """A file of a granted page: HTML, JSON, feed, badge or calendar; every look is logged."""
    if visitor is None:
        return html.sign_in_page(status=401)
    window = _window(visitor, asked.page_id)
    cache: Windows = request.app.state.partner_windows
    file = None
    if window is not None:
        page_id, audience = window.page.id, window.audience
        file = (await cache.files(tx, page_id, audience, base_url)).get(asked.path)
    caller = html.caller_of(request)
    if window is None or file is None:
        denied = access_log.of_session(
            visitor.session,
            AccessKind.DENIED,
            caller,
            window.page if window else None,
            NOT_GRANTED,
        )
        await _deny(request, tx, denied, now)
        return html.nothing_here()
    if asked.path not in PARTS:
        what = asked.path or "the page"
        look = access_log.of_session(
            visitor.session, AccessKind.VIEWED, caller, window.page, what
        )
        await access_log.log(tx, look, now)
    return Response(file.content, media_type=file.media_type, headers=html.HEADERS)


@router.post("/sign-out")
async def sign_partner_out(request: Request, tx: RequestTx, now: Now) -> Response:
    """End the session. Doing so twice is not an error."""
    require_same_origin(request)
    token = html.cookie_of(request, html.COOKIE)
    session = await sessions.session_of(tx, token) if token else None
    if session:
        await sessions.sign_out(tx, session, html.caller_of(request), now)
    answer = RedirectResponse("/partner/sign-in", 303, headers=html.HEADERS)
    html.clear_cookie(request, answer, html.COOKIE)
    return answer


def _window(visitor: Visitor, page_id: str) -> Window | None:
    try:
        return visitor.windows.get(UUID(page_id))
    except ValueError:
        return None


async def _deny(request: Request, tx: Tx, access: Access, now: datetime) -> None:
    """Log a refusal; from one place not more than fits, so that nobody fills the disk."""
    limits: Limits = request.app.state.partner_limits
    try:
        limits.open_link(html.source_of(request), now)
    except TooManyRequests:
        return
    await access_log.log(tx, access, now)
