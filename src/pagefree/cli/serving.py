"""Running the web server: its socket, its signals, its start and its end."""

import asyncio
import gc
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import cast

import uvicorn
import uvloop
from starlette.types import ASGIApp, Receive, Scope, Send

from pagefree.app.site import Site
from pagefree.cli.connections import Connection
from pagefree.cli.terminal import Refused, err, out

SIGNALS = (signal.SIGINT, signal.SIGTERM)
GRACE_S = 3  # for answers that are on their way when asked to stop
# Longer than senders keep an idle connection (Go: 90 s): what they post on one that we are
# closing at that moment would be lost, or sent twice.
KEEP_ALIVE_S = 120
BACKLOG = 2048
SOCKET_MESSAGE_LIMIT = 64 * 1024
GARBAGE = (2_000, 50, 50)  # objects, then rounds: a round takes 1 ms, not 10

Started = Callable[[], Awaitable[None]]


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket bound to the address. Raises Refused."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
        # bound by two is possible, listening by two is not
        sock.listen(BACKLOG)
    except OSError as e:
        sock.close()
        raise Refused(_why_not(host, port, e)) from e
    return sock


def _why_not(host: str, port: int, error: OSError) -> str:
    if isinstance(error, PermissionError):
        return (
            f"PAGEFREE_PORT is {port}, which this user may not listen on:"
            " choose one from 1024 on."
        )
    if isinstance(error, socket.gaierror) or error.errno == ADDRESS_NOT_OURS:
        return f"PAGEFREE_HOST is {host}, which is not an address of this machine."
    return (
        f"Port {port} on {host} is in use: stop what uses it,"
        " or choose another with --port or PAGEFREE_PORT."
    )


ADDRESS_NOT_OURS = 99  # EADDRNOTAVAIL


def config(
    app: Site | str, *, patience_s: float, workers: int | None = None
) -> uvicorn.Config:
    """How uvicorn serves: `app` itself, or the name of what makes one per process."""
    protocol = partial(Connection, patience_s=patience_s)
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        workers=workers,
        lifespan="on" if isinstance(app, str) else "off",
        loop="uvloop",
        http=cast("type[asyncio.Protocol]", protocol),  # it is only called
        ws="websockets-sansio",
        ws_max_size=SOCKET_MESSAGE_LIMIT,
        ws_per_message_deflate=False,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # it would believe 127.0.0.1; TrustedProxies asks the settings
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=KEEP_ALIVE_S,
        backlog=BACKLOG,
    )


class Server(uvicorn.Server):
    """Leaves signals to us, and says when it answers."""

    def __init__(self, app: Site, started: Started) -> None:
        super().__init__(config(app, patience_s=app.patience_s))
        self._started = started
        self._after: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, then do what was waiting for that."""
        await super().startup(sockets)
        self._after = asyncio.create_task(self._after_startup())

    async def _after_startup(self) -> None:
        await self._started()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Nothing: `run_until_told` does."""
        yield


async def serve(
    site: Site,
    sock: socket.socket,
    stop: asyncio.Event,
    started: Started,
    *,
    drain_s: float = 0,
) -> None:
    """Serve on `sock` until `drain_s` after `stop` is set.

    `started` is awaited beside, once it answers.
    """
    async with site.running():
        spare_what_lives()
        server = Server(site, started)
        ending = asyncio.create_task(_end(server, site, stop, drain_s))
        try:
            await server.serve(sockets=[sock])
        finally:
            ending.cancel()


async def _end(server: Server, site: Site, stop: asyncio.Event, drain_s: float) -> None:
    await stop.wait()
    site.leave()
    await asyncio.sleep(drain_s)
    server.should_exit = True
    await site.end_sockets()


def draining(site: Site, drain_s: float) -> ASGIApp:
    """`site` in a process whose server minds the signals by itself: it hears them later."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            _drain_when_told(site, drain_s)
        await site(scope, receive, send)

    return app


def _drain_when_told(site: Site, drain_s: float) -> None:
    loop = asyncio.get_running_loop()

    def told(number: int, to_server: Callable[[int, None], object]) -> None:
        async def drain() -> None:
            await asyncio.sleep(drain_s)
            to_server(number, None)
            await site.end_sockets()

        site.leave()
        ending.append(loop.create_task(drain()))

    ending: list[asyncio.Task[None]] = []  # else nothing keeps the task
    for number in SIGNALS:
        to_server = signal.getsignal(number)
        if callable(to_server):
            loop.add_signal_handler(number, told, number, to_server)


def spare_what_lives() -> None:
    """Keep the garbage collector off what a process has begun with, which stays to its end.

    Looking through all of it takes 0.1 s, in which nothing else happens.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)


def run_until_told(work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Run `work` on a loop of its own; Ctrl-C or SIGTERM sets its event, a second one cancels."""
    spare_what_lives()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_until_told(work))


async def _until_told(work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    stop = asyncio.Event()
    task = asyncio.ensure_future(work(stop))

    def told() -> None:
        if stop.is_set():
            task.cancel()
        else:
            out.print("\n[dim]Stopping …[/dim]")
        stop.set()

    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, told)
    try:
        await task
    except asyncio.CancelledError:
        err.print("Stopped at once, as asked.", style="red")
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)
