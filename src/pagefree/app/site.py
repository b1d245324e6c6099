"""Everything that listens on one port: ingest in front, live updates beside, the API behind."""

import asyncio
import os
import platform
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.types import Message, Receive, Scope, Send

from pagefree.accounts import push_keys
from pagefree.alerts.ingest import Ingest
from pagefree.alerts.lane import Limits
from pagefree.alerts.mail_answers import MailAnswers
from pagefree.alerts.smtp import Certificate, MailIn, receiving
from pagefree.app import queries
from pagefree.app.doors import Doors, host_name
from pagefree.app.operations import Watched
from pagefree.app.quotas import kept, quotas_of
from pagefree.app.realtime import Realtime
from pagefree.app.ways_out import keep_credentials, last_resort_of, transports_of
from pagefree.app.web import Deps, create_app
from pagefree.canary.last_resort import standing_by
from pagefree.heartbeats.front import Pings
from pagefree.infra.certificates import MET
from pagefree.infra.client_address import TrustedProxies
from pagefree.infra.clock import Clock, system_clock
from pagefree.infra.crypto import Vault
from pagefree.infra.db import Channel, create_engine, is_down, transaction
from pagefree.infra.http import GuardedClient
from pagefree.infra.listen import Listener
from pagefree.infra.settings import Settings
from pagefree.infra.told_figures import figures_told
from pagefree.infra.web import RETRY_AFTER_S, problem
from pagefree.status_pages.bounces import Bounces
from pagefree.status_pages.front import StatusFront
from pagefree.status_pages.memory import STATUS_FOLDER, Memory

log = structlog.get_logger()

BEAT_S = 10.0
STOPPING = "PageFree is stopping; try again in a moment"
CLOSE = (b"connection", b"close")
HEARD = (
    Channel.EVENTS,
    Channel.STEPS,
    Channel.RUNS,
    Channel.CONFIG,
    Channel.SESSIONS,
    Channel.STATUS,
)


@dataclass(frozen=True, slots=True)
class Installation:
    """What every process of one installation shares."""

    settings: Settings
    database_url: str
    secret_keys: tuple[str, ...]


class Site:
    """The ASGI application of the web process. Runs while `running` does."""

    def __init__(self, installation: Installation, clock: Clock = system_clock) -> None:
        settings = installation.settings
        self._clock = clock
        self._engine = create_engine(installation.database_url)
        direct_url = settings.database_direct_url or installation.database_url
        self._listener = Listener(direct_url, HEARD)
        self._settings = settings
        self._vault = vault = Vault(*installation.secret_keys)
        # who is told what push services complain of
        self._contacts = (settings.mail_from, settings.base_url)
        self._http = GuardedClient(map(str, settings.outbound_allow))
        self._transports = transports_of(settings, self._http)
        self._database_url = installation.database_url
        self._quotas = quotas = quotas_of(settings, clock)
        self._redis_url = settings.redis_url
        self._ingest = Ingest(
            installation.database_url,
            clock,
            vault=vault,
            http=self._http,
            gate=quotas.gate,
            limits=Limits(body_s=settings.request_seconds),
        )
        self._pings = Pings(installation.database_url, clock)
        self._realtime = Realtime(
            self._engine,
            clock,
            self._listener,
            origins=settings.origins,
            secure=settings.base_url.startswith("https:"),
            quota=quotas.socket,
        )
        folder = settings.data_dir / STATUS_FOLDER
        self._pages = Memory(self._engine, folder, clock, settings.status_export_dir)
        app = create_app(self._deps())
        app.state.ingest = self._ingest
        self._app = app
        self._mail_in = _mail_in(settings)
        ingest = self._ingest.in_front_of(self._behind_ingest)
        pages = StatusFront(self._pages, vault, clock)
        self._front = pages.in_front_of(self._pings.in_front_of(ingest))
        if settings.trusted_proxies:
            self._front = TrustedProxies(
                self._front, settings.trusted_proxies, settings.proxy_header
            )
        self._doors = self._in_front_of_all()
        self._leaving = False

    def _deps(self) -> Deps:
        """What the API needs of all this."""
        settings, quotas = self._settings, self._quotas
        return Deps(
            engine=self._engine,
            clock=self._clock,
            vault=self._vault,
            base_url=settings.base_url,
            mail_domain=settings.mail_in_domain,
            demo=settings.demo,
            session_days=settings.session_days,
            request_s=settings.request_seconds,
            throttle=quotas.throttle,
            limits=quotas.api,
            partner_limits=quotas.partners,
            subscriber_limits=quotas.subscribers,
            transports=self._transports,
            status_memory=self._pages,
            data_dir=settings.data_dir,
            watched=Watched(settings.canary, settings.watchdog_url is not None),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, a socket, or the server's own start and stop."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        else:
            await self._doors(scope, receive, send)

    @property
    def patience_s(self) -> float:
        """How long the head of a request is waited for."""
        return self._settings.request_seconds

    def _in_front_of_all(self) -> Doors:
        settings = self._settings
        own = [*settings.origins, str(settings.canary_url or settings.base_url)]
        ours = [host_name(urlsplit(address).netloc) for address in own]
        return Doors(
            self._until_stopped,
            hosts=[*settings.trusted_hosts, *ours] if settings.trusted_hosts else [],
            pages=self._pages.by_domain,
            https=settings.base_url.startswith("https:"),
        )

    async def _until_stopped(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A request that a stop cuts off is asked to come again, not left without an answer."""
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            if self._leaving and message["type"] == "http.response.start":
                # not in place: answers of status pages are kept and sent again
                headers = [*message.get("headers", ()), CLOSE]
                message = {**message, "headers": headers}
            await send(message)

        try:
            await self._front(scope, receive, noted)
        except asyncio.CancelledError:
            if not begun and scope["type"] == "http":
                answer = problem(503, "unavailable", STOPPING)
                answer.headers["Retry-After"] = str(RETRY_AFTER_S)
                await answer(scope, receive, send)

    async def _behind_ingest(self, scope: Scope, receive: Receive, send: Send) -> None:
        if f"{scope['path']}/".startswith("/socket.io/"):
            await self._realtime.asgi(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
        else:
            await self._app(scope, receive, send)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Site"]:
        """Listen, follow and beat for as long as the block runs."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._engine.dispose)
            stack.push_async_callback(self._http.aclose)
            await keep_credentials(
                self._engine, self._settings, self._vault, self._clock()
            )
            await stack.enter_async_context(self._listener.running())
            # before anything that waits for the database: pages outlive it
            await stack.enter_async_context(self._pages.running(self._listener))
            await self._make_keys()
            limits = kept(
                self._quotas.all(), self._redis_url, self._engine, self._clock
            )
            await stack.enter_async_context(limits)
            await stack.enter_async_context(self._ingest.running(self._listener))
            await stack.enter_async_context(self._pings.running())
            if self._mail_in:
                if self._settings.mail_in_certificate:
                    MET.look_after(
                        self._mail_in.domain, self._settings.mail_in_certificate
                    )
                replies = MailAnswers(self._engine, self._vault, self._clock)
                ours = Bounces(self._engine, self._vault, self._clock, replies)
                mail = receiving(self._ingest, self._mail_in, ours)
                await stack.enter_async_context(mail)
            await stack.enter_async_context(self._realtime.running())
            await stack.enter_async_context(beating(self._engine, "web", self._clock))
            resort = last_resort_of(self._settings, self._transports, self._vault)
            await stack.enter_async_context(
                standing_by(resort, self._database_url, self._clock)
            )
            yield self

    async def _make_keys(self) -> None:
        try:
            async with transaction(self._engine) as tx:
                now = self._clock()
                await push_keys.make_first(tx, self._vault, self._contacts, now)
        except Exception as e:
            if not is_down(e):
                raise
            log.warning("push_keys.not_made", error=repr(e))  # the next start does

    def leave(self) -> None:
        """Be unready from now on, so that proxies turn elsewhere; requests are served still.

        Each answer closes its connection: what a proxy sent on an idle one at the moment it
        is closed would have no answer.
        """
        self._leaving = self._app.state.leaving = True

    async def end_sockets(self) -> None:
        """Live connections never end by themselves: a server that stops would wait for them."""
        await self._realtime.close()

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        async with self.running():
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})


def _mail_in(settings: Settings) -> MailIn | None:
    if settings.mail_in_port is None or settings.mail_in_domain is None:
        return None
    host = settings.mail_in_host or settings.host
    certificate = settings.mail_in_certificate
    own = (
        Certificate(certificate, settings.mail_in_certificate_key)
        if certificate
        else None
    )
    return MailIn(host, settings.mail_in_port, settings.mail_in_domain, own)


@asynccontextmanager
async def beating(engine: AsyncEngine, kind: str, clock: Clock) -> AsyncIterator[None]:
    """Tell the others every few seconds that this process is alive; take leave at the end."""
    name = f"{kind}:{platform.node()}:{os.getpid()}"
    task = asyncio.create_task(_beat(engine, name, kind, clock), name="beat")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        try:
            async with transaction(engine) as tx:
                await queries.delete_beat(tx, name)
        except Exception as e:
            if not is_down(e):
                raise


async def _beat(engine: AsyncEngine, name: str, kind: str, clock: Clock) -> None:
    while True:
        try:
            async with transaction(engine) as tx:
                now = clock()
                await queries.beat(tx, name, kind, figures_told(now), now)
        except Exception as e:
            if not is_down(e):
                log.exception("beat.failed")
        await asyncio.sleep(BEAT_S)
