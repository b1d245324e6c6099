"""Running the web server: its socket, its signals, its start and its end."""

import asyncio
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import uvicorn

from pagefree.app.site import Site
from pagefree.cli.terminal import Refused

SIGNALS = (signal.SIGINT, signal.SIGTERM)
GRACE_S = 3  # for answers that are on their way when asked to stop
BACKLOG = 2048
SOCKET_MESSAGE_LIMIT = 64 * 1024

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


def config(app: Site | str, *, workers: int | None = None) -> uvicorn.Config:
    """How uvicorn serves: `app` itself, or the name of what makes one per process."""
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        workers=workers,
        lifespan="on" if isinstance(app, str) else "off",
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=SOCKET_MESSAGE_LIMIT,
        ws_per_message_deflate=False,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
        backlog=BACKLOG,
    )


class Server(uvicorn.Server):
    """Stops at the first signal, hurries at the second, and ends as if nothing had happened."""

    def __init__(self, app: Site, started: Started) -> None:
        super().__init__(config(app))
        self._started = started
        self._after: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, then do what was waiting for that."""
        await super().startup(sockets)
        self._after = asyncio.create_task(self._call())

    async def _call(self) -> None:
        await self._started()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals stop the server; they are not raised again, so that ending is clean."""
        with stopping(self._stop):
            yield

    def _stop(self) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True


@contextmanager
def stopping(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` at Ctrl-C and SIGTERM while the block runs."""
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)


async def serve(site: Site, sock: socket.socket, started: Started) -> None:
    """Serve on `sock` until told to stop; `started` is awaited beside, once it answers."""
    async with site.running():
        await Server(site, started).serve(sockets=[sock])
