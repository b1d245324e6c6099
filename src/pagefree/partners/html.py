"""The partners' own pages: HTML without scripts, and headers that keep it to the reader."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pagefree.core.partners import SESSION_LIFE
from pagefree.infra.client_address import address_of
from pagefree.partners import access_log
from pagefree.partners.link_queries import Caller

FOLDER = Path(__file__).parent / "templates"
TEMPLATES = Environment(
    loader=FileSystemLoader(FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
)
STYLE = (FOLDER / "portal.css").read_text(encoding="utf-8")
LONGEST_FORM = 20_000  # bytes
MOST_FIELDS = 20
COOKIE = "pagefree-partner"
BROWSER_COOKIE = "pagefree-partner-browser"
BROWSER_LIFE_S = 1800  # longer than a link counts
# https://www.rfc-editor.org/rfc/rfc6265bis: only this host, over https, can set these
SECURE_PREFIX = "__Host-"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "private, no-store",
    # not no-referrer: forms would then be sent without saying where they come from
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
    "Vary": "Cookie",
}


def page(template: str, status: int = 200, /, **values: object) -> HTMLResponse:
    """A page of the portal."""
    content = TEMPLATES.get_template(template).render(**values)
    return HTMLResponse(content, status, HEADERS)


def sign_in_page(said: str = "", email: str = "", status: int = 200) -> HTMLResponse:
    """Where partners ask for a link."""
    return page("sign_in.html", status, said=said, email=email)


def nothing_here() -> HTMLResponse:
    """The same for what is not granted and for what is not there."""
    return page(
        "said.html",
        404,
        title="There is nothing at this address",
        text="Or it is not shared with you.",
        to="/partner/",
        go="All your pages",
    )


async def form_of(request: Request) -> Mapping[str, str]:
    """The fields of a form, each once and without space around it."""
    body = (await request.body())[:LONGEST_FORM].decode("utf-8", "replace")
    try:
        fields = parse_qs(body, max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}
    return {name: values[0].strip() for name, values in fields.items()}


def caller_of(request: Request) -> Caller:
    """Where a request comes from."""
    address = request.client.host if request.client else ""
    return access_log.caller_of(address, request.headers.get("user-agent", ""))


def source_of(request: Request) -> str:
    """What a request is counted by."""
    return address_of(request.scope)


def cookie_of(request: Request, name: str) -> str | None:
    """What one of the partners' own cookies holds; those of users are never read."""
    return request.cookies.get(_named(request, name)) or None


def set_cookie(request: Request, response: Response, name: str, value: str) -> None:
    """Give the browser one of the partners' own cookies."""
    life_s = int(SESSION_LIFE.total_seconds()) if name == COOKIE else BROWSER_LIFE_S
    response.set_cookie(
        _named(request, name),
        value,
        max_age=life_s,
        secure=request.app.state.secure_cookies,
        httponly=True,
        samesite="lax",
    )


def clear_cookie(request: Request, response: Response, name: str) -> None:
    """Take a cookie from the browser."""
    response.delete_cookie(
        _named(request, name),
        secure=request.app.state.secure_cookies,
        httponly=True,
        samesite="lax",
    )


def _named(request: Request, name: str) -> str:
    return SECURE_PREFIX + name if request.app.state.secure_cookies else name
