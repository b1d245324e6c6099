"""Private pages: the form that opens them, and pages for people who are signed in."""

from base64 import b64encode
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pagefree.accounts.passwords import Passwords
from pagefree.accounts.throttle import Throttle
from pagefree.core.errors import NotSignedIn, TooManyRequests
from pagefree.infra.crypto import token_hash
from pagefree.infra.db import Tx
from pagefree.infra.web import Authenticate, Now, RequestTx, SecretVault
from pagefree.status_pages import access_queries, queries, service, subscribing_pages
from pagefree.status_pages.front import COOKIE, COOKIE_LASTS, Ticket, sealed
from pagefree.status_pages.memory import Memory
from pagefree.status_pages.queries import Page

router = APIRouter(include_in_schema=False)
router.include_router(subscribing_pages.router)  # before what takes every path
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
)
LONGEST_FORM = 2000  # bytes


def _style_hash(template: str) -> str:
    """What a policy calls the style in a template, so that no other is applied."""
    text = TEMPLATES.get_template(template).render(root="", said="")
    style = text.partition("<style>")[2].partition("</style>")[0]
    return "sha256-" + b64encode(sha256(style.encode()).digest()).decode()


HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src '{_style_hash('locked.html')}';"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


def _passwords(request: Request) -> Passwords:
    passwords: Passwords = request.app.state.passwords
    return passwords


@router.api_route("/s/{slug}/{path:path}", methods=["GET", "HEAD"])
async def show_private_page(
    slug: str, path: str, request: Request, tx: RequestTx, now: Now
) -> Response:
    """The page for people who are signed in, if it is for them; else the form.

    The answer is the same for a page that is private and for none at all.
    """
    memory: Memory | None = request.app.state.status_memory
    served = memory.by_slug.get(slug) if memory else None
    if served is None or not served.snapshot.access.signed_in:
        return _form(path)
    authenticate: Authenticate = request.app.state.authenticate
    try:
        await authenticate(tx, request, now)
    except NotSignedIn:
        return _form(path)
    found = served.answers.get(path)
    if found is None:
        return _form(path)
    headers = {name.decode(): value.decode() for name, value in found.headers}
    return Response(found.body, headers=headers)


@router.post("/s/{slug}/access")
async def open_private_page(
    slug: str,
    request: Request,
    tx: RequestTx,
    vault: SecretVault,
    passwords: Annotated[Passwords, Depends(_passwords)],
    now: Now,
) -> Response:
    """Exchange a token or the password for a cookie, so that neither stays in an address.

    Takes the same time whether there is such a page or not.
    """
    throttle: Throttle = request.app.state.throttle
    address = request.client.host if request.client else ""
    try:
        throttle.sign_in(address, f"status page {slug}", None, now)
    except TooManyRequests:
        return _form("", "Too many tries. Wait a few minutes.", 429)
    form = parse_qs((await request.body())[:LONGEST_FORM].decode("utf-8", "replace"))
    secret = form.get("secret", [""])[0].strip()
    page = await service.page_by_slug(tx, slug)
    hashed = await queries.get_password_hash(tx, page.id) if page else None
    right = await passwords.matches(hashed, secret)
    proof = (
        f"password:{sha256(hashed.encode()).hexdigest()}" if right and hashed else None
    )
    if page and proof is None:
        proof = await _token_proof(tx, page, secret, now)
    if page is None or proof is None:
        return _form("", "That does not open the page.", 403)
    ticket = Ticket(str(page.id), proof, now + COOKIE_LASTS)
    answer = RedirectResponse("./", 303, headers={"Cache-Control": "no-store"})
    own_host = request.headers.get("host", "").partition(":")[0] == page.domain
    answer.set_cookie(
        COOKIE,
        sealed(vault, ticket),
        max_age=int(COOKIE_LASTS.total_seconds()),
        path="/" if own_host else f"/s/{page.slug}/",
        secure=request.app.state.secure_cookies,
        httponly=True,
        samesite="lax",
    )
    return answer


async def _token_proof(tx: Tx, page: Page, secret: str, now: datetime) -> str | None:
    digest = token_hash(secret)
    for token in await access_queries.list_tokens(tx, page.id):
        if token.token_hash == digest and (
            token.expires_at is None or now < token.expires_at
        ):
            return f"token:{digest.hex()}"
    return None


def _form(path: str, said: str = "", status: int = 404) -> HTMLResponse:
    """The same form for every address: it tells nobody which pages there are."""
    root = "../" * path.count("/") or "./"
    page = TEMPLATES.get_template("locked.html").render(root=root, said=said)
    return HTMLResponse(page, status, HEADERS)
