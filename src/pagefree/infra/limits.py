"""Limits: who asks how often, counted in memory, and shared through Redis where there is one."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from math import ceil

import structlog
from limits import RateLimitItem
from limits.aio.storage import RedisStorage
from limits.errors import StorageError
from redis.asyncio import Redis
from redis.asyncio.connection import ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from pagefree.core.errors import TooManyRequests
from pagefree.infra import metrics
from pagefree.infra.clock import Clock

MOST_SUBJECTS = 20_000  # of one quota; then those that have all of it are forgotten
MOST_NOTED = 1_000
OTHERS = "others"
SHARE_S = 1.0
REDIS_TIMEOUT_S = 1.0
WORTH_SHARING = 20  # a twentieth of the quota
MOST_SHARED = 500  # subjects of one quota, a round

Subject = str | bytes

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody has left of a quota."""

    name: str
    amount: int
    window_s: int
    remaining: int
    full_in_s: int  # until all of it is there again
    wait_s: int  # until one more request is taken; 0: now


@dataclass(slots=True)
class _Level:
    tokens: float
    at: float  # seconds of the epoch
    unshared: int = 0  # taken here since the others were told
    window: int = -1  # the one that `total` is of
    total: int = 0  # taken by all processes in that window, as last heard


class Quota:
    """So many requests a window, for each subject apart.

    A bucket that holds the whole amount and refills evenly: all of it may come at once
    after a quiet window, and the amount a window is what can be kept up. Nothing here
    waits, so it is fit for the hot path.
    """

    def __init__(self, name: str, item: RateLimitItem) -> None:
        self.name = name
        self.item = item
        self.amount = item.amount
        self.window_s = item.get_expiry()
        self._rate = self.amount / self.window_s
        self._levels: dict[Subject, _Level] = {}
        self._noted: dict[str, int] = {}
        self._over = metrics.LIMITED.labels(name)

    def take(self, subject: Subject, at: float) -> bool:
        """Whether one more is within the quota; it counts only if it is."""
        level = self._levels.get(subject)
        if level is None:
            level = self._new(subject, at)
        # as in _refilled(), which would cost as much as all the rest: four a request
        tokens = level.tokens
        if at > level.at:
            tokens += (at - level.at) * self._rate
            tokens = min(tokens, self.amount)
            level.at = at
        if tokens < 1:
            level.tokens = tokens
            return False
        level.tokens = tokens - 1
        level.unshared += 1
        return True

    def attempt(self, subject: str, now: datetime) -> None:
        """Take one, noting whoever has none left. Raises TooManyRequests."""
        at = now.timestamp()
        if not self.take(subject, at):
            self.note(subject)
            raise TooManyRequests(
                "too many attempts; wait a little and try again",
                retry_after_s=self.standing(subject, at).wait_s,
            )

    def standing(self, subject: Subject, at: float) -> Standing:
        """What is left, without taking any."""
        level = self._levels.get(subject)
        tokens = self.amount if level is None else self._refilled(level, at)
        return Standing(
            self.name,
            self.amount,
            self.window_s,
            int(tokens),
            ceil((self.amount - tokens) / self._rate),
            max(0, ceil((1 - tokens) / self._rate)),
        )

    def forget(self, subject: Subject) -> None:
        """Give back all that was taken."""
        level = self._levels.get(subject)
        if level is not None:
            level.tokens = self.amount
            level.unshared = -level.total

    def drop(self, subject: Subject) -> None:
        """The subject is gone for good."""
        self._levels.pop(subject, None)

    def note(self, subject: str) -> None:
        """Count that `subject` wanted more than it has, for people to see."""
        if len(self._noted) >= MOST_NOTED and subject not in self._noted:
            subject = OTHERS
        self._noted[subject] = self._noted.get(subject, 0) + 1
        self._over.inc()

    def noted(self) -> dict[str, int]:
        """What was noted since the last time."""
        noted, self._noted = self._noted, {}
        return noted

    def unshared(self) -> list[tuple[Subject, int]]:
        """What the other processes should hear of."""
        enough = max(1, self.amount // WORTH_SHARING)
        levels = self._levels.items()
        worth = ((s, one.unshared) for s, one in levels if one.unshared)
        return [pair for pair in worth if abs(pair[1]) >= enough][:MOST_SHARED]

    def learn(self, subject: Subject, shared: int, total: int, at: float) -> None:
        """All processes have taken `total` in this window, `shared` of it just told by us.

        A process that hears of a subject for the first time in a window cannot know how
        much of it has refilled since, and takes none of it for refilled.
        """
        level = self._levels.get(subject)
        if level is None:
            return
        window = self.window_at(at)
        known = level.total if level.window == window else 0
        elsewhere = total - shared - known
        level.window, level.total = window, total
        level.unshared -= shared
        level.tokens = min(self.amount, max(0.0, level.tokens - elsewhere))

    def keep_to_itself(self) -> None:
        """Nobody will be told what was taken until now."""
        for level in self._levels.values():
            level.unshared = 0

    def window_at(self, at: float) -> int:
        """The number of the window that `at` is in."""
        return int(at // self.window_s)

    def _refilled(self, level: _Level, at: float) -> float:
        if at > level.at:
            tokens = level.tokens + (at - level.at) * self._rate
            level.tokens = min(tokens, self.amount)
            level.at = at
        return level.tokens

    def _new(self, subject: Subject, at: float) -> _Level:
        if len(self._levels) >= MOST_SUBJECTS:
            self._make_room(at)
        level = self._levels[subject] = _Level(self.amount, at)
        return level

    def _make_room(self, at: float) -> None:
        """Forget who has everything; if that does not help, whoever came first."""
        for subject, level in list(self._levels.items()):
            if self._refilled(level, at) >= self.amount:
                del self._levels[subject]
        too_many = max(0, len(self._levels) - MOST_SUBJECTS // 2)
        for subject in list(self._levels)[:too_many]:
            del self._levels[subject]


class Sharing:
    """Tells other processes through Redis or Valkey what was taken here, and hears of theirs.

    Beside the requests, never in their way: without Redis each process counts for itself.
    """

    def __init__(
        self,
        url: str,
        quotas: Sequence[Quota],
        clock: Clock,
        *,
        pause_s: float = SHARE_S,
    ) -> None:
        self._pause_s = pause_s
        self._url = url
        self._quotas = quotas
        self._clock = clock

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Share for as long as the block runs."""
        task = asyncio.create_task(self._share(), name="limits.sharing")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _share(self) -> None:
        pool = _pool(self._url)
        storage = RedisStorage(
            "redis://",
            wrap_exceptions=True,
            implementation="redispy",
            key_prefix="pagefree",
            connection_pool=pool,  # type: ignore[arg-type]
        )
        works, this = True, asyncio.current_task()
        try:
            # the libraries below may take being cancelled for an error
            while this is None or not this.cancelling():
                works = await self._exchanged(storage, worked=works)
                metrics.LIMITS_SHARED.set(works)
                await asyncio.sleep(self._pause_s)
        finally:
            await pool.disconnect()

    async def _exchanged(self, storage: RedisStorage, *, worked: bool) -> bool:
        try:
            await self.exchange(storage)
        except (StorageError, OSError) as e:
            for quota in self._quotas:
                quota.keep_to_itself()
            if worked:
                log.warning("limits.not_shared", error=repr(e))
            return False
        if not worked:
            log.info("limits.shared_again")
        return True

    async def exchange(self, storage: RedisStorage) -> None:
        """One round. Raises StorageError."""
        if not await storage.check():
            raise StorageError(ConnectionError("no answer"))
        for quota in self._quotas:
            for subject, taken in quota.unshared():
                at = self._clock().timestamp()
                window = str(quota.window_at(at))
                key = quota.item.key_for(quota.name, _digest(subject), window)
                total = await storage.incr(key, 2 * quota.window_s, taken)
                quota.learn(subject, taken, total, at)


async def redis_answers(url: str) -> bool:
    """Whether there is a Redis or Valkey that lets us in."""
    client = Redis(connection_pool=_pool(url))
    try:
        return bool(await client.ping())
    except (RedisError, OSError):
        return False
    finally:
        await client.connection_pool.disconnect()


def _digest(subject: Subject) -> str:
    """A subject may be somebody's address: Redis need not know it."""
    named = subject.encode() if isinstance(subject, str) else subject
    return blake2b(named, digest_size=16).hexdigest()


def _pool(url: str) -> ConnectionPool:
    """Connections to Redis or Valkey, which speak the same language."""
    scheme, _, rest = url.partition("://")
    scheme = "rediss" if scheme in {"rediss", "valkeys"} else "redis"
    return ConnectionPool.from_url(
        f"{scheme}://{rest}",
        socket_connect_timeout=REDIS_TIMEOUT_S,
        socket_timeout=REDIS_TIMEOUT_S,
        retry=Retry(NoBackoff(), 0),  # the next round is one
    )
