"""Listening, asking and telling, until told to stop."""

import asyncio
import signal
import sys
from datetime import timedelta
from pathlib import Path

from pagefree.core.watching import (
    Patience,
    Seen,
    Word,
    complained,
    heard,
    resumed,
    told,
    word,
)
from pagefree.infra.clock import Clock
from pagefree.watch import keeping
from pagefree.watch.config import Config, Poll
from pagefree.watch.front import HEAD_LIMIT, Front
from pagefree.watch.telling import Page, Teller

LOOK_S = 1.0
AGAIN_S = 15.0  # after a page that nobody could be sent


class Watch:
    """What `pagefree watch` does."""

    def __init__(self, config: Config, clock: Clock) -> None:
        self._config, self._clock = config, clock
        self._path = Path(config.state)
        self._teller = Teller(config, clock)
        kept = keeping.begun(keeping.load(self._path), config.names, clock())
        self._seen = {name: resumed(one, clock()) for name, one in kept.items()}
        self._patience = Patience(
            timedelta(seconds=config.period_s),
            timedelta(seconds=config.grace_s),
            timedelta(seconds=config.repeat_s),
        )
        self._why: dict[str, str] = {}  # the last answer to our own question

    async def run(self) -> None:
        """Watch until SIGTERM or SIGINT."""
        self._save()
        secrets = {one.secret: one.name for one in self._config.expect}
        front = Front(secrets, self._take)
        host, port = self._config.host, self._config.port
        server = await asyncio.start_server(front.serve, host, port, limit=HEAD_LIMIT)
        say(f"Watching at http://{host}:{port}; pages after {self._after()}.")
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        tasks = [
            *(asyncio.create_task(self._ask(one)) for one in self._config.poll),
            *(asyncio.create_task(self._look_after(name)) for name in self._seen),
        ]
        async with server:
            tasks.append(asyncio.create_task(_told(stop)))
            done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in rest:
                task.cancel()
        for task in done:
            task.result()  # whatever ended it: whoever started us starts us again

    def _after(self) -> str:
        return f"{self._config.period_s + self._config.grace_s:g} s of silence"

    def _take(self, name: str, why: str | None) -> None:
        """A ping has come."""
        seen = self._seen[name]
        now = self._clock()
        self._set(name, heard(seen, now) if why is None else complained(seen, why))

    async def _ask(self, poll: Poll) -> None:
        while True:
            why = await self._teller.get(poll.url)
            if why is None:
                self._set(poll.name, heard(self._seen[poll.name], self._clock()))
            self._why[poll.name] = why or ""
            await asyncio.sleep(self._config.period_s)

    async def _look_after(self, name: str) -> None:
        """Tell people what is to be told of one that is watched."""
        every_s = min(LOOK_S, self._config.period_s)
        while True:
            said = word(self._seen[name], self._patience, self._clock())
            if said is not None and not await self._tell(name, said):
                await asyncio.sleep(AGAIN_S)
            await asyncio.sleep(every_s)

    async def _tell(self, name: str, said: Word) -> bool:
        page = self._page(name, said)
        outcomes = await self._teller.tell(page)
        for one in outcomes:
            say(f"{page.title}: {one.way}: {one.error or 'taken'}")
        if all(one.error for one in outcomes):
            return False
        self._set(name, told(self._seen[name], said, self._clock()))
        return True

    def _page(self, name: str, said: Word) -> Page:
        seen = self._seen[name]
        heard_at = f"{seen.heard_at:%Y-%m-%d %H:%M:%S} UTC"
        if said is Word.BACK:
            return Page(f"{name} is back", f"{name} was heard again at {heard_at}.")
        if said is Word.FAILS:
            return Page(
                f"{name} fails: {seen.failed}"[:200],
                f"{name} says that it fails: {seen.failed}\n\n{ADVICE}",
            )
        why = self._why.get(name)
        return Page(
            f"{name} is silent",
            f"{name} was heard last at {heard_at}."
            + (f" The last answer was: {why}." if why else "")
            + f"\n\n{ADVICE}",
        )

    def _set(self, name: str, seen: Seen) -> None:
        """Keep it; each change is a promise to whoever is paged, so it is on disk."""
        self._seen[name] = seen
        self._save()

    def _save(self) -> None:
        try:
            keeping.save(self._path, self._seen)
        except OSError as e:  # a full disk must not keep it from paging
            say(f"{self._path} cannot be written: {e.strerror}")


async def _told(stop: asyncio.Event) -> None:
    await stop.wait()


ADVICE = "PageFree may not be paging anybody. Look at your monitoring yourself, and bring it back."


async def check(config: Config, clock: Clock) -> bool:
    """Send a test page in every way; whether all were taken."""
    page = Page(
        f"Test of {config.name}",
        "This is a test: nothing is wrong. Real pages come when PageFree falls silent.",
    )
    outcomes = await Teller(config, clock).tell(page)
    for one in outcomes:
        say(f"{one.way}: {one.error or 'taken'}")
    return not any(one.error for one in outcomes)


def say(line: str) -> None:
    """A line for whoever runs it."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201 -- it has no logger
