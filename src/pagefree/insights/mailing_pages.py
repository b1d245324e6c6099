"""The page behind the link that ends a report by mail: reads on GET, acts on POST."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from pagefree.core.errors import NotFound
from pagefree.core.words import words_in
from pagefree.infra.web import RequestTx, SecretVault
from pagefree.insights import mailing
from pagefree.notifications import preferences
from pagefree.notifications.digest_pages import end_button, nothing_page, words_page

router = APIRouter(include_in_schema=False)


@router.api_route("/act/report/{token}", methods=["GET", "HEAD"])
async def show_end_of_report(
    token: str, tx: RequestTx, vault: SecretVault
) -> HTMLResponse:
    """What the link would do. Mail scanners open it: nothing changes."""
    found = mailing.ENDS.read(vault, token)
    if found is None:
        return nothing_page()
    words = words_in(await preferences.language_of(tx, found[1]))
    text = words.digest.other
    return words_page(words, words.report.name, text, end_button(words))


@router.post("/act/report/{token}")
async def end_report(token: str, tx: RequestTx, vault: SecretVault) -> HTMLResponse:
    """Send the bearer this report no more; pressing twice changes nothing more."""
    try:
        reader = await mailing.refuse(tx, vault, token)
    except NotFound:
        return nothing_page()
    words = words_in(await preferences.language_of(tx, reader))
    return words_page(words, words.report.ended, words.report.back)
