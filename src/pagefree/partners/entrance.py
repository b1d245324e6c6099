"""Where partners come in: ask for a link, open it, ask to become one."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from pagefree.accounts.authentication import require_same_origin
from pagefree.channels.base import one_line
from pagefree.core.errors import Invalid, TooManyRequests
from pagefree.core.partners import LinkKind
from pagefree.infra.crypto import new_token
from pagefree.infra.web import Now, RequestTx
from pagefree.partners import html, links, requests, service
from pagefree.partners.limits import Limits
from pagefree.partners.link_queries import NewRequest
from pagefree.partners.links import Profile

router = APIRouter(prefix="/partner", include_in_schema=False)
JUST_READ = ["GET", "HEAD"]
TOO_OFTEN = "Too many tries. Wait a few minutes."
LONGEST_NAME = 200
LONGEST_MESSAGE = 2000


def _limits(request: Request) -> Limits:
    limits: Limits = request.app.state.partner_limits
    return limits


TheLimits = Annotated[Limits, Depends(_limits)]


@router.api_route("/sign-in", methods=JUST_READ)
async def show_partner_sign_in() -> HTMLResponse:
    """The form that asks for a link."""
    return html.sign_in_page()


@router.post("/sign-in")
async def ask_partner_link(
    request: Request, limits: TheLimits, tx: RequestTx, now: Now
) -> Response:
    """Have a link sent, if there is such a partner; says and does the same if not."""
    require_same_origin(request)
    form = await html.form_of(request)
    email = form.get("email", "")
    try:
        email = service.email_of(email)
        limits.ask_link(email, html.source_of(request), now)
    except Invalid:
        return html.sign_in_page("This is not an e-mail address.", email, 422)
    except TooManyRequests as e:
        return _too_often(html.sign_in_page(TOO_OFTEN, email, 429), e)
    browser = new_token() if form.get("here") else None
    await links.ask(tx, email, browser, html.caller_of(request), now)
    answer = html.page(
        "said.html",
        title="Look into your mail",
        text="If this address may sign in, a link is on its way to it."
        " It works once, within 15 minutes.",
        to="/partner/sign-in",
        go="Ask for another one",
    )
    if browser:
        html.set_cookie(request, answer, html.BROWSER_COOKIE, browser)
    return answer


@router.api_route("/link/{token}", methods=JUST_READ)
async def show_partner_link(
    token: str, request: Request, limits: TheLimits, tx: RequestTx, now: Now
) -> Response:
    """What the link would do. Mail scanners open it: nothing changes."""
    try:
        limits.open_link(html.source_of(request), now)
    except TooManyRequests as e:
        return _too_often(html.sign_in_page(TOO_OFTEN, "", 429), e)
    link = await links.look_at(tx, token, now)
    if link is None or link.partner_id is None:
        return _dead()
    partner = await service.get_partner(tx, link.partner_id)
    invited = link.kind is LinkKind.INVITATION and partner.account.set_up_at is None
    return html.page(
        "link.html",
        invited=invited,
        name=partner.name,
        organisation=partner.organisation,
    )


@router.post("/link/{token}")
async def use_partner_link(
    token: str, request: Request, limits: TheLimits, tx: RequestTx, now: Now
) -> Response:
    """Sign in with the link, which thereby is used up."""
    require_same_origin(request)
    try:
        limits.open_link(html.source_of(request), now)
    except TooManyRequests as e:
        return _too_often(html.sign_in_page(TOO_OFTEN, "", 429), e)
    form = await html.form_of(request)
    profile = Profile(
        one_line(form.get("name", ""), LONGEST_NAME),
        one_line(form.get("organisation", ""), LONGEST_NAME),
    )
    browser = html.cookie_of(request, html.BROWSER_COOKIE)
    caller = html.caller_of(request)
    session = await links.sign_in(tx, token, browser, profile, caller, now)
    if session is None:
        return _dead()
    answer = RedirectResponse("/partner/", 303, headers=html.HEADERS)
    html.set_cookie(request, answer, html.COOKIE, session)
    html.clear_cookie(request, answer, html.BROWSER_COOKIE)
    return answer


@router.api_route("/request", methods=JUST_READ)
async def show_partner_request() -> HTMLResponse:
    """The form that asks for access."""
    return html.page("request.html", said="")


@router.post("/request")
async def ask_partner_access(
    request: Request, limits: TheLimits, tx: RequestTx, now: Now
) -> Response:
    """Keep what somebody asks for; says the same whoever asks, however often."""
    require_same_origin(request)
    form = await html.form_of(request)
    try:
        email = service.email_of(form.get("email", ""))
        limits.ask_access(html.source_of(request), now)
    except Invalid:
        return html.page("request.html", 422, said="This is not an e-mail address.")
    except TooManyRequests as e:
        return _too_often(html.page("request.html", 429, said=TOO_OFTEN), e)
    new = NewRequest(
        email,
        one_line(form.get("name", ""), LONGEST_NAME),
        one_line(form.get("organisation", ""), LONGEST_NAME),
        form.get("message", "").replace("\0", "")[:LONGEST_MESSAGE],
        html.caller_of(request),
    )
    await requests.ask(tx, new, now)
    return html.page(
        "said.html",
        title="Thank you",
        text="An admin will look at it. If they agree, an invitation is sent to you.",
        to="/partner/sign-in",
        go="To the sign-in",
    )


@router.get("/portal.css")
async def show_partner_style() -> Response:
    """How the portal looks."""
    headers = {"Cache-Control": "public, max-age=300"}
    return Response(html.STYLE, media_type="text/css", headers=headers)


def _dead() -> HTMLResponse:
    return html.page(
        "said.html",
        410,
        title="This link does not work",
        text="It was used already, has expired, or was asked for in another browser."
        " Ask for a new one.",
        to="/partner/sign-in",
        go="Ask for a new link",
    )


def _too_often(answer: HTMLResponse, error: TooManyRequests) -> HTMLResponse:
    answer.headers["Retry-After"] = str(error.retry_after_s)
    return answer
