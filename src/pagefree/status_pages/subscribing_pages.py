"""The forms of those who follow a page. No script; what a link does, its button does.

Looking changes nothing: mail scanners open every link. Whoever asks is told the same
whether an address is known or not.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from urllib.parse import parse_qs
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse

from pagefree.core.errors import Invalid, NotFound, NotSignedIn, TooManyRequests
from pagefree.core.status_views import PUBLIC, PageView, visible
from pagefree.core.subscriptions import Way
from pagefree.infra.web import Authenticate, Now, RequestTx, SecretVault
from pagefree.status_pages import service, subscribing
from pagefree.status_pages.front import MAY_LOOK
from pagefree.status_pages.letters import words_in
from pagefree.status_pages.memory import FOR_ALL, Memory, Served
from pagefree.status_pages.queries import Page
from pagefree.status_pages.rendering import html
from pagefree.status_pages.subscriber_addresses import checked, shown
from pagefree.status_pages.subscriber_limits import Limits
from pagefree.status_pages.subscriber_queries import Subscriber
from pagefree.status_pages.subscribing import Asked, Wish

router = APIRouter(include_in_schema=False)
LONGEST_FORM = 40_000  # bytes: a page may have 500 components
MOST_COMPONENTS = 500
HEADERS = {
    "Content-Security-Policy": FOR_ALL.decode(),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",  # addresses here are secrets
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
ONE_CLICK = "List-Unsubscribe"
Form = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class _Place:
    """The page that a request is about, as it is kept and as everyone sees it."""

    page: Page
    view: PageView

    def answer(
        self, language: str, template: str, path: str, status: int, **more: object
    ) -> HTMLResponse:
        """A page of its own making."""
        made = html.page(self.view, language, template, path, **more)
        return HTMLResponse(made, status, HEADERS)

    def says(
        self, language: str, title: str, path: str, status: int = 200, **more: object
    ) -> HTMLResponse:
        """A page with a title and what follows it."""
        parts: dict[str, object] = dict.fromkeys(
            ("address", "text", "secret", "button", "wish", "end", "change"), ""
        )
        parts |= {"is_news": False, **more}
        words = words_in(self.language(language))
        title = words[title]
        return self.answer(
            language, "subscription.html", path, status, title=title, **parts
        )

    def language(self, wanted: str) -> str:
        """One that the page speaks."""
        spoken = [one.language for one in self.view.texts]
        return wanted if wanted in spoken else spoken[0]


@router.post("/s/{slug}/subscribe")
async def subscribe(
    slug: str, request: Request, tx: RequestTx, vault: SecretVault, now: Now
) -> HTMLResponse:
    """Ask to be told; the answer is the same whatever is known of the address."""
    place = await _place(tx, request, slug)
    if place is None or not await _may_look(tx, request, slug, now):
        return _nothing()
    form = await _form(request)
    language = place.language(_one(form, "language"))
    words = words_in(language)
    wish = _wish(form)
    try:
        way, address = _target(form, place.view)
        limits: Limits = request.app.state.subscriber_limits
        limits.ask(address, _source(request), now)
    except Invalid:
        return _again(place, language, form, wish, words["wrong"], 422)
    except TooManyRequests:
        return _again(place, language, form, wish, words["too_many"], 429)
    await subscribing.ask(
        tx, place.page, Asked(way, address, language, wish), vault, now
    )
    return place.says(
        language, "asked", "subscribe", text=words["asked_text"], is_news=True
    )


@router.api_route("/s/{slug}/confirm/{token}", methods=["GET", "HEAD"])
async def show_confirmation(
    slug: str, token: str, request: Request, tx: RequestTx, now: Now
) -> HTMLResponse:
    """What the link would do."""

    async def show(place: _Place) -> HTMLResponse:
        found = await subscribing.to_confirm(tx, place.page, token, now)
        words = words_in(place.language(found.language))
        return place.says(
            found.language,
            "confirm",
            "confirm/x",
            address=shown(found.way, found.address),
            button=words["confirm_button"],
        )

    return await _with(tx, request, slug, show)


@router.post("/s/{slug}/confirm/{token}")
async def confirm_subscription(
    slug: str,
    token: str,
    request: Request,
    tx: RequestTx,
    vault: SecretVault,
    now: Now,
) -> HTMLResponse:
    """Follow the page; a link counts once."""

    async def act(place: _Place) -> HTMLResponse:
        found = await subscribing.confirm(tx, place.page, token, now)
        words = words_in(place.language(found.language))
        return place.says(
            found.language,
            "confirmed",
            "confirm/x",
            text=words["confirmed_text"],
            is_news=True,
            secret=subscribing.secret_of(vault, found.sealed_secret) or "",
        )

    return await _with(tx, request, slug, act)


@router.api_route("/s/{slug}/subscription/{token}", methods=["GET", "HEAD"])
async def show_subscription(
    slug: str, token: str, request: Request, tx: RequestTx, vault: SecretVault
) -> HTMLResponse:
    """What somebody gets, and how to change it."""

    async def show(place: _Place) -> HTMLResponse:
        found = await subscribing.holder(tx, place.page, vault, token)
        return _subscription(place, found, token)

    return await _with(tx, request, slug, show)


@router.post("/s/{slug}/subscription/{token}")
async def change_subscription(
    slug: str, token: str, request: Request, tx: RequestTx, vault: SecretVault
) -> HTMLResponse:
    """Get something else from now on."""

    async def act(place: _Place) -> HTMLResponse:
        found = await subscribing.holder(tx, place.page, vault, token)
        wish = _wish(await _form(request))
        changed = await subscribing.change(tx, found, wish)
        return _subscription(place, changed, token, "saved")

    return await _with(tx, request, slug, act)


@router.api_route("/s/{slug}/unsubscribe/{token}", methods=["GET", "HEAD"])
async def show_end_of_subscription(
    slug: str, token: str, request: Request, tx: RequestTx, vault: SecretVault
) -> HTMLResponse:
    """What the link would do."""

    async def show(place: _Place) -> HTMLResponse:
        if await subscribing.has_ended(tx, vault, token):
            return _ended(place)
        found = await subscribing.holder(tx, place.page, vault, token)
        words = words_in(place.language(found.language))
        return place.says(
            found.language,
            "end",
            "unsubscribe/x",
            address=shown(found.way, found.address),
            text=words["end_text"],
            button=words["end"],
        )

    return await _with(tx, request, slug, show)


@router.post("/s/{slug}/unsubscribe/{token}", response_model=None)
async def end_subscription(
    slug: str, token: str, request: Request, tx: RequestTx, vault: SecretVault
) -> HTMLResponse | PlainTextResponse:
    """Follow the page no more. Mail programs press it by themselves: RFC 8058."""
    place = await _place(tx, request, slug)
    try:
        await subscribing.end(tx, vault, token)
    except NotFound:
        return _nothing()
    if place is None or ONE_CLICK in await _form(request):
        return PlainTextResponse("unsubscribed\n", headers=HEADERS)
    return _ended(place)


def _ended(place: _Place) -> HTMLResponse:
    language = place.view.texts[0].language
    text = words_in(language)["end_text"]
    return place.says(language, "ended", "unsubscribe/x", text=text, is_news=True)


def _target(form: Form, view: PageView) -> tuple[Way, str]:
    way = _one(form, "way")
    if way not in view.ways:
        raise Invalid("the page does not tell in this way")
    return Way(way), checked(Way(way), _one(form, "address"))


def _subscription(
    place: _Place, subscriber: Subscriber, token: str, news: str = ""
) -> HTMLResponse:
    words = words_in(place.language(subscriber.language))
    wish = Wish(
        subscriber.incidents,
        subscriber.maintenances,
        frozenset(one.id for one in subscriber.components),
    )
    return place.says(
        subscriber.language,
        "yours",
        "subscription/x",
        address=shown(subscriber.way, subscriber.address),
        text=words[news] if news else "",
        is_news=bool(news),
        wish=wish,
        end=f"../unsubscribe/{token}",
    )


def _again(
    place: _Place, language: str, form: Form, wish: Wish, said: str, status: int
) -> HTMLResponse:
    return place.answer(
        language,
        "subscribe.html",
        "subscribe",
        status,
        said=said,
        address=_one(form, "address"),
        chosen_way=_one(form, "way"),
        wish=wish,
    )


async def _with(
    tx: RequestTx,
    request: Request,
    slug: str,
    act: Callable[[_Place], Awaitable[HTMLResponse]],
) -> HTMLResponse:
    """What a link of this page answers; the same for all that do nothing."""
    place = await _place(tx, request, slug)
    if place is None:
        return _nothing()
    try:
        return await act(place)
    except NotFound:
        language = place.view.texts[0].language
        text = words_in(language)["nothing_text"]
        path = request.url.path.removeprefix(f"/s/{slug}/")
        return place.says(language, "nothing", path, HTTPStatus.NOT_FOUND, text=text)


def _nothing() -> HTMLResponse:
    return HTMLResponse("There is nothing at this address.\n", 404, HEADERS)


def _served(request: Request, slug: str) -> Served | None:
    memory: Memory | None = request.app.state.status_memory
    return memory.by_slug.get(slug) if memory else None


async def _place(tx: RequestTx, request: Request, slug: str) -> _Place | None:
    served = _served(request, slug)
    page = await service.page_by_slug(tx, slug)
    if served is None or page is None:
        return None
    return _Place(page, visible(served.snapshot.view, PUBLIC))


async def _may_look(tx: RequestTx, request: Request, slug: str, now: datetime) -> bool:
    """Whether whoever asks sees the page: as it stands now, not as it was rendered."""
    page = await service.page_by_slug(tx, slug)
    if page is None:
        return False
    if page.visibility == "public" or request.scope.get(MAY_LOOK):
        return True
    if not page.signed_in:
        return False
    authenticate: Authenticate = request.app.state.authenticate
    try:
        await authenticate(tx, request, now)
    except NotSignedIn:
        return False
    return True


async def _form(request: Request) -> Form:
    body = (await request.body())[:LONGEST_FORM].decode("utf-8", "replace")
    return parse_qs(body, max_num_fields=MOST_COMPONENTS + 20)


def _one(form: Form, name: str) -> str:
    return form.get(name, [""])[0]


def _wish(form: Form) -> Wish:
    chosen = set()
    for text in form.get("component", ()):
        try:
            chosen.add(UUID(text))
        except ValueError:
            continue
    return Wish(
        "incidents" in form,
        "maintenances" in form,
        frozenset(chosen) if chosen else None,
    )


def _source(request: Request) -> str:
    return request.client.host if request.client else ""
