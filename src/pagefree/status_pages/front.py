"""Where pages are served: a bare ASGI callable in front of everything, out of memory."""

import ipaddress
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import unquote

import msgspec

from pagefree.alerts.asgi import App, Message, Receive, Scope, Send
from pagefree.infra.clock import Clock
from pagefree.infra.crypto import Unsealable, Vault, token_hash
from pagefree.status_pages.memory import PREFIX, Answer, HeaderList, Memory, Served
from pagefree.status_pages.snapshots import Access

COOKIE = "pagefree_status"
COOKIE_LASTS = timedelta(days=30)
PURPOSE = "status page cookie"
STAFF_COOKIE = b"pagefree="
MAY_LOOK = "pagefree.may_look"  # in the scope: whoever asks holds what opens the page
# paths that are made for whoever asks
ASKED_FOR = frozenset({"confirm", "subscription", "unsubscribe"})
JUST_READ = frozenset({"GET", "HEAD"})
PLAIN: HeaderList = [
    (b"content-type", b"text/plain; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
]
CROSS_ORIGIN: HeaderList = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"GET, HEAD, OPTIONS"),
    (b"access-control-max-age", b"86400"),
]
NOTHING = b"There is nothing at this address.\n"


class Ticket(msgspec.Struct):
    """What a cookie holds: what it was exchanged for, on which page, until when."""

    page_id: str
    proof: str
    expires_at: datetime


class StatusFront:
    """Serves pages from memory and passes everything else on."""

    def __init__(self, memory: Memory, vault: Vault, clock: Clock) -> None:
        self._memory = memory
        self._vault = vault
        self._clock = clock

    def in_front_of(self, app: App) -> App:
        """`app`, with pages taken out."""
        by_path, by_domain = self._memory.by_path, self._memory.by_domain

        async def front(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            path: str = scope["path"]
            ready = by_path.get(path)
            if ready is not None and scope["method"] == "GET":
                await _send_ready(ready, scope, send)
            elif path.startswith(PREFIX):
                await self._serve(app, scope, receive, send)
            elif by_domain and (served := by_domain.get(_host(scope))):
                inside = f"{PREFIX}{served.snapshot.slug}{path}"
                await self._serve(app, {**scope, "path": inside}, receive, send)
            else:
                await app(scope, receive, send)

        return front

    async def _serve(
        self, app: App, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """What is not just a file of a public page."""
        slug, slash, rest = scope["path"][len(PREFIX) :].partition("/")
        served = self._memory.by_slug.get(slug)
        if not slash:
            await _moved(f"{PREFIX}{slug}/", send)
        elif scope["method"] == "OPTIONS":
            await _send(send, 204, CROSS_ORIGIN, b"")
        elif not self._may_look(served, scope):
            await app(scope, receive, send)
        elif scope["method"] not in JUST_READ or _is_asked_for(rest):
            await app({**scope, MAY_LOOK: True}, receive, send)
        else:
            await answer(served, rest, scope, send)

    def _may_look(self, served: Served | None, scope: Scope) -> bool:
        """Whether whoever asks holds what opens the page."""
        if served is None:
            return False
        access = served.snapshot.access
        if access.public:
            return True
        now = self._clock()
        proofs = _proofs(access, now)
        if _from_networks(access, scope):
            return True
        return any(
            given in proofs
            for given in self._given(str(served.snapshot.page_id), scope, now)
        )

    def _given(self, page_id: str, scope: Scope, now: datetime) -> Iterator[str]:
        """What the request brings along to open a page."""
        for name, value in scope["headers"]:
            if name == b"authorization" and value[:7].lower() == b"bearer ":
                yield f"token:{token_hash(value[7:].decode('latin-1').strip()).hex()}"
            elif name == b"x-status-token":
                yield f"token:{token_hash(value.decode('latin-1').strip()).hex()}"
            elif name == b"cookie":
                yield from self._tickets(page_id, value.decode("latin-1"), now)

    def _tickets(self, page_id: str, cookies: str, now: datetime) -> Iterator[str]:
        for cookie in cookies.split(";"):
            name, _, value = cookie.strip().partition("=")
            if name == COOKIE:
                ticket = opened(self._vault, value)
                if ticket and ticket.page_id == page_id and now < ticket.expires_at:
                    yield ticket.proof


async def answer(served: Served | None, path: str, scope: Scope, send: Send) -> None:
    """Send a file of a page, or say that there is none."""
    found = served.answers.get(unquote(path)) if served else None
    if found is None and served and f"{path}/" in served.answers:
        await _moved(f"{scope['path']}/", send)
    elif found is None:
        await _send(send, 404, PLAIN, NOTHING)
    else:
        await _send_found(found, scope, send)


async def _send_found(found: Answer, scope: Scope, send: Send) -> None:
    if scope["method"] == "HEAD":
        await _send(send, 200, found.headers, b"")
    else:
        await _send_ready(found, scope, send)


async def _send_ready(found: Answer, scope: Scope, send: Send) -> None:
    """Nothing here makes anything anew: it runs thousands of times in a second."""
    start, body = found.whole
    for name, value in scope["headers"]:
        if name == b"if-none-match" and (found.etag in value or value == b"*"):
            start, body = found.same
            break
        if name == b"accept-encoding" and b"gzip" in value:
            start, body = found.small
    await send(start)
    await send(body)


def _is_asked_for(path: str) -> bool:
    return path.partition("/")[0] in ASKED_FOR


async def _moved(to: str, send: Send) -> None:
    headers = [*PLAIN, (b"location", to.encode("ascii", "ignore"))]
    await _send(send, 308, headers, b"")


async def _send(send: Send, status: int, headers: HeaderList, body: bytes) -> None:
    start: Message = {
        "type": "http.response.start",
        "status": status,
        "headers": headers,
    }
    await send(start)
    await send({"type": "http.response.body", "body": body})


def _host(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"host":
            return str(value.decode("latin-1").partition(":")[0].lower())
    return ""


def _proofs(access: Access, now: datetime) -> set[str]:
    """What opens a page now."""
    proofs = {
        f"token:{token.digest}"
        for token in access.tokens
        if token.expires_at is None or now < token.expires_at
    }
    if access.password:
        proofs.add(f"password:{access.password}")
    return proofs


def _from_networks(access: Access, scope: Scope) -> bool:
    client = scope.get("client")
    if not client or not access.networks:
        return False
    try:
        address = ipaddress.ip_address(client[0])
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(one) for one in access.networks)


def sealed(vault: Vault, ticket: Ticket) -> str:
    """The ticket as the value of a cookie."""
    return vault.seal(msgspec.json.encode(ticket), PURPOSE).hex()


def opened(vault: Vault, value: str) -> Ticket | None:
    """The ticket in a cookie; none if it is not one of ours."""
    try:
        return msgspec.json.decode(
            vault.open(bytes.fromhex(value), PURPOSE), type=Ticket
        )
    except (Unsealable, ValueError, msgspec.MsgspecError):
        return None
