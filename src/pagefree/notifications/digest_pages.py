"""The page behind the link that ends weekly digests: reads on GET, acts on POST.

Mail programs press it by themselves, where their user asks them to: RFC 8058.
"""

from html import escape

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from pagefree.core.errors import NotFound
from pagefree.core.words import DEFAULT, words_in
from pagefree.core.words.tables import Words
from pagefree.infra.web import RequestTx, SecretVault
from pagefree.notifications import digests, preferences

router = APIRouter(include_in_schema=False)

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
PAGE = """\
<!doctype html>
<html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{name} - PageFree</title>
<style>
body {{ margin: 0; min-height: 100vh; display: grid; place-content: center; padding: 1rem;
  font: 1.0625rem/1.5 system-ui, sans-serif; }}
main {{ max-width: 28rem; }} h1 {{ font-size: 1.375rem; }}
button {{ width: 100%; min-height: 4rem; border: 0; border-radius: .75rem; cursor: pointer;
  background: #c2410c; color: #fff; font: inherit; font-size: 1.25rem; font-weight: 700; }}
</style></head>
<body><main><h1>{title}</h1><p>{text}</p>{form}</main></body></html>
"""
BUTTON = '<form method="post"><button>{end}</button></form>'


@router.api_route("/act/digest/{token}", methods=["GET", "HEAD"])
async def show_end_of_digests(
    token: str, tx: RequestTx, vault: SecretVault
) -> HTMLResponse:
    """What the link would do. Mail scanners open it: nothing changes."""
    reader = digests.ENDS.read_one(vault, token)
    if reader is None:
        return nothing_page()
    words = words_in(await preferences.language_of(tx, reader))
    say = words.digest
    text = f"{say.comes} {say.other}"
    return words_page(words, say.name, text, end_button(words))


@router.post("/act/digest/{token}")
async def end_digests(token: str, tx: RequestTx, vault: SecretVault) -> HTMLResponse:
    """Send the bearer no digest any more; pressing twice changes nothing more."""
    try:
        reader = await digests.refuse(tx, vault, token)
    except NotFound:
        return nothing_page()
    words = words_in(await preferences.language_of(tx, reader))
    return words_page(words, words.digest.ended, words.digest.back)


def nothing_page() -> HTMLResponse:
    """Whose link it is cannot be known."""
    page = words_page(
        words_in(DEFAULT), "This link does nothing", "Perhaps a part of it is missing."
    )
    page.status_code = 404
    return page


def end_button(words: Words) -> str:
    """What ends a mail that comes again and again."""
    return BUTTON.format(end=escape(words.digest.end))


def words_page(words: Words, title: str, text: str, form: str = "") -> HTMLResponse:
    """A page of one heading and one sentence."""
    html = PAGE.format(
        language=words.language,
        name=escape(words.digest.name),
        title=escape(title),
        text=escape(text),
        form=form,
    )
    return HTMLResponse(html, headers=HEADERS)
