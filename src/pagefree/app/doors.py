"""In front of everything: which hosts are answered for, and what no answer goes without."""

from collections.abc import Collection, Container, Iterable
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pagefree.app.middleware import BARE_HEADERS, HSTS
from pagefree.infra.web import problem

# machines ask for these by address, before there is a name
FOR_MACHINES = frozenset({"/healthz", "/readyz", "/canaryz", "/metrics"})
NOT_OURS = "this host is not served here"


class Doors:
    """Answers 400 for foreign hosts, and completes the headers of answers that have few.

    Only the pages of the web app need all of them; those come with SecurityHeaders. What
    ingest, pings, status pages and live updates answer passes by here.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: Collection[str],
        pages: Container[str],
        https: bool,
    ) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._pages = pages  # domains of status pages, as they are now
        self._headers = [
            *BARE_HEADERS,
            *([(b"strict-transport-security", HSTS.encode())] if https else []),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on that is for us."""
        if self._hosts and not self._is_for_us(scope):
            await _turn_away(scope, receive, send)
        elif scope["type"] == "http":
            await self._app(scope, receive, self._completed(send))
        else:
            await self._app(scope, receive, send)

    def _is_for_us(self, scope: Scope) -> bool:
        if scope["type"] not in {"http", "websocket"} or scope["path"] in FOR_MACHINES:
            return True
        given = [value for name, value in scope["headers"] if name == b"host"]
        if len(given) != 1:
            return False
        name = host_name(given[0].decode("latin-1"))
        return name in self._hosts or name in self._pages

    def _completed(self, send: Send) -> Send:
        async def completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                # not in place: answers of status pages are kept and sent again
                headers = message.get("headers", ())
                message = {**message, "headers": [*headers, *self._missing(headers)]}
            await send(message)

        return completed

    def _missing(
        self, headers: Iterable[tuple[bytes, bytes]]
    ) -> list[tuple[bytes, bytes]]:
        there = {name for name, _ in headers}  # in small letters, as ASGI has them
        return [header for header in self._headers if header[0] not in there]


def host_name(given: str) -> str:
    """The name in a Host header, without its port; nothing if it is none."""
    try:
        return (urlsplit(f"//{given}").hostname or "").rstrip(".")
    except ValueError:
        return ""


async def _turn_away(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    answer = problem(400, "unknown_host", NOT_OURS)
    answer.raw_headers += BARE_HEADERS
    await answer(scope, receive, send)
