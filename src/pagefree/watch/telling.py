"""Straight to people: by mail, ntfy and Twilio, without PageFree."""

import asyncio
import base64
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Any
from urllib.parse import urlencode

import aiosmtplib
import msgspec

from pagefree.infra.clock import Clock
from pagefree.infra.http import GuardedClient, Unreachable
from pagefree.watch.config import Config, Mail, Ntfy, Twilio

WITHIN_S = 20
REFUSED = 300  # HTTP: from here on it was not taken
URGENT = 5
# the file is the operator's own, and so are all addresses in it
ANYWHERE = ("0.0.0.0/0", "::/0")


@dataclass(frozen=True, slots=True)
class Page:
    """What people read."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a page in one way."""

    way: str
    error: str | None  # none: it was taken


Way = tuple[str, Callable[[Page], Coroutine[Any, Any, None]]]


class Failed(Exception):
    """The page was not taken."""


class Teller:
    """Every way that the file names."""

    def __init__(self, config: Config, clock: Clock) -> None:
        self._http = GuardedClient(ANYWHERE)
        self._clock = clock
        self._ways: list[Way] = [
            *((f"mail to {to}", _mail(one, to, clock)) for one, to in _mails(config)),
            *((f"ntfy {one.topic[:3]}…", self._ntfy_of(one)) for one in config.ntfy),
            *(
                (f"Twilio to {to}", self._twilio_of(one, to))
                for one in config.twilio
                for to in one.to
            ),
        ]

    async def tell(self, page: Page) -> list[Outcome]:
        """Tell everybody in every way at once; what became of each."""
        return list(await asyncio.gather(*(_try(way, page) for way in self._ways)))

    async def get(self, url: str) -> str | None:
        """Why there was no sign of life at this address; none: there was."""
        try:
            reply = await self._http.get(url, {"User-Agent": "pagefree-watch"})
        except Unreachable as e:
            return str(e)
        return f"HTTP {reply.status}" if reply.status >= REFUSED else None

    def _ntfy_of(self, to: Ntfy) -> Callable[[Page], Coroutine[Any, Any, None]]:
        async def send(page: Page) -> None:
            body = {
                "topic": to.topic,
                "title": page.title,
                "message": page.text,
                "priority": URGENT,
                "tags": ["rotating_light"],
            }
            sent = {"Content-Type": "application/json"}
            if to.token:
                sent["Authorization"] = f"Bearer {to.token}"
            await self._post(to.server, msgspec.json.encode(body), sent)

        return send

    def _twilio_of(
        self, account: Twilio, to: str
    ) -> Callable[[Page], Coroutine[Any, Any, None]]:
        async def send(page: Page) -> None:
            form = {"To": to, "From": account.sender, "Body": page.title}
            known = f"{account.account_sid}:{account.auth_token}".encode()
            sent = {
                "Content-Type": "application/x-www-form-urlencoded",
                "Authorization": f"Basic {base64.b64encode(known).decode()}",
            }
            base = account.address.rstrip("/")
            url = f"{base}/2010-04-01/Accounts/{account.account_sid}/Messages.json"
            await self._post(url, urlencode(form).encode(), sent)

        return send

    async def _post(self, url: str, body: bytes, headers: dict[str, str]) -> None:
        try:
            reply = await self._http.post(url, body, headers)
        except Unreachable as e:
            raise Failed(str(e)) from e
        if reply.status >= REFUSED:
            raise Failed(f"HTTP {reply.status}")


def _mails(config: Config) -> list[tuple[Mail, str]]:
    return [(one, to) for one in config.mail for to in one.to]


def _mail(
    server: Mail, to: str, clock: Clock
) -> Callable[[Page], Coroutine[Any, Any, None]]:
    async def send(page: Page) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"] = server.sender, to
        mail["Subject"] = page.title
        mail["Date"] = format_datetime(clock())
        mail["Message-ID"] = make_msgid(domain="pagefree.invalid")
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(page.text)
        try:
            await aiosmtplib.send(
                mail,
                hostname=server.host,
                port=server.port,
                username=server.user or None,
                password=server.password or None,
                use_tls=server.tls == "tls",
                start_tls=server.tls == "starttls",
                timeout=WITHIN_S,
            )
        except (aiosmtplib.SMTPException, OSError) as e:
            raise Failed(str(e) or type(e).__name__) from e

    return send


async def _try(way: Way, page: Page) -> Outcome:
    name, send = way
    try:
        async with asyncio.timeout(WITHIN_S):
            await send(page)
    except TimeoutError:
        return Outcome(name, f"no answer within {WITHIN_S} s")
    except Failed as e:
        return Outcome(name, str(e))
    return Outcome(name, None)
