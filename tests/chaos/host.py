"""A whole installation that dies where it is told, over and over: `python -m tests.chaos.host`.

One process has everything imported and made; for each order it forks one that serves and
works. An order is a line: by how many seconds its clock is ahead, and maybe what it is
armed with. It answers with the process, and with how that ended. The one that runs can be
armed later, too, by a line of its own.
"""

import asyncio
import os
import socket
import sys
from collections.abc import Callable
from datetime import datetime, timedelta

from pagefree.app.site import Installation, Site
from pagefree.app.worker import run_worker, worker_deps
from pagefree.cli.installation import secret_keys
from pagefree.cli.serving import listening_socket, run_until_told, serve
from pagefree.infra import arming, log
from pagefree.infra.clock import system_clock
from pagefree.infra.failpoints import arm
from pagefree.infra.settings import Settings, read_settings

STDIN = 0


class AheadClock:
    """The system's time, and some more."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return system_clock() + self.ahead


async def run(
    settings: Settings,
    installation: Installation,
    site: Site,
    sock: socket.socket,
    clock: Callable[[], datetime],
) -> None:
    """Serve and work until killed."""
    asyncio.get_running_loop().add_reader(STDIN, _arm_later)
    never = asyncio.Event()

    async def started() -> None:
        print("ready", flush=True)  # noqa: T201 - the answer

    url, key = installation.database_url, installation.secret_keys
    async with (
        worker_deps(settings, url, key, clock) as deps,
        asyncio.TaskGroup() as both,
    ):
        both.create_task(run_worker(deps, never))
        both.create_task(serve(site, sock, never, started))


def _next_order() -> str:
    os.set_blocking(STDIN, True)  # the one that has died listened without waiting
    return os.read(STDIN, 4096).decode()


def _arm_later() -> None:
    order = os.read(STDIN, 4096).decode().strip()
    if order:
        arm(arming.told(order))
        print("armed", flush=True)  # noqa: T201 - the answer


def main() -> None:
    """Take orders until there are no more."""
    settings = read_settings()
    log.configure(settings.log_level, settings.log_format)
    url = settings.database_url or ""
    installation = Installation(settings, url, secret_keys(settings, make=False))
    clock = AheadClock()
    site = Site(installation, clock)
    sock = listening_socket(settings.host, settings.port)
    while line := _next_order():
        ahead_s, *order = line.split()
        child = os.fork()
        if child == 0:
            clock.ahead = timedelta(seconds=float(ahead_s))
            if order:
                arm(arming.told(order[0]))
            run_until_told(lambda _: run(settings, installation, site, sock, clock))
            os._exit(0)
        print(f"pid {child}", flush=True)  # noqa: T201 - the answer
        _, status = os.waitpid(child, 0)
        print(f"ended {os.waitstatus_to_exitcode(status)}", flush=True)  # noqa: T201
    sys.exit()


if __name__ == "__main__":
    main()
