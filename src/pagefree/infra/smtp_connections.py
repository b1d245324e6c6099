"""Connections to one mail server that are kept open between mails."""

import asyncio
import ssl
from asyncio import TimerHandle
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property

import aiosmtplib

AT_ONCE = 24  # the slots of e-mail, and some for other mails; servers refuse hundreds
WAIT_S = 5.0  # for one of them
IDLE_S = 4.0  # servers that are busy hang up after 10


class Busy(Exception):
    """Others have used all connections for as long as one may wait."""


class SmtpConnections:
    """At most `AT_ONCE` are in use; one that nobody needs for `IDLE_S` is closed."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._idle: dict[aiosmtplib.SMTP, TimerHandle] = {}
        self.own_name: str | None = None  # as servers are told; asked of DNS once

    @cached_property
    def tls(self) -> ssl.SSLContext:
        """Whom to trust; slow to make."""
        return ssl.create_default_context()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """The right to use one connection. Raises Busy."""
        try:
            async with asyncio.timeout(WAIT_S):
                await self._turns.acquire()
        except TimeoutError:
            raise Busy from None
        try:
            yield
        finally:
            self._turns.release()

    def take(self) -> aiosmtplib.SMTP | None:
        """One that was kept and that the server has not closed, as far as is known."""
        while self._idle:
            smtp, timer = self._idle.popitem()
            timer.cancel()
            if smtp.is_connected:
                return smtp
        return None

    def keep(self, smtp: aiosmtplib.SMTP) -> None:
        """Let the next mail use it."""
        loop = asyncio.get_running_loop()
        self._idle[smtp] = loop.call_later(IDLE_S, self._drop, smtp)

    def close(self) -> None:
        """Take leave of the server."""
        for smtp, timer in self._idle.items():
            timer.cancel()
            hang_up(smtp)
        self._idle.clear()

    def _drop(self, smtp: aiosmtplib.SMTP) -> None:
        del self._idle[smtp]
        hang_up(smtp)


def hang_up(smtp: aiosmtplib.SMTP) -> None:
    """Say so and close, without waiting for the answer."""
    if smtp.is_connected and smtp.protocol is not None:
        smtp.protocol.write(b"QUIT\r\n")
    smtp.close()
