"""Live updates: tells signed-in browsers which ids are stale; they refetch through the API."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from typing import Any
from uuid import UUID

import socketio
import structlog
from socketio.exceptions import ConnectionRefusedError as Refused
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import cookie_parser

from pagefree.accounts import authentication
from pagefree.accounts import service as accounts
from pagefree.app import queries
from pagefree.app.follower import Apart, Follower, Key, Stale
from pagefree.app.socket_limits import SocketLimits
from pagefree.infra import metrics
from pagefree.infra.clock import Clock
from pagefree.infra.db import Channel, Tx, is_down, transaction
from pagefree.infra.limits import Quota
from pagefree.infra.listen import Listener

log = structlog.get_logger()

Work = Callable[[], Awaitable[None]]
Told = tuple[set[UUID], tuple[Key, ...]]  # whom to tell what

STAFF = "staff"  # everybody who is signed in
POLL_S = 1.0
BEHIND = (
    500  # events; ids are given out before commit, so the newest few may be missing
)
LEAST_GAP_S = 0.1  # at most ten messages a second
MOVED_ON: dict[Channel, Key] = {  # runs that went on: no event tells of each step
    Channel.STEPS: ("workflow-runs",),
    Channel.RUNS: ("runbook-runs",),
}
# whoever is called for one incident of a hidden team is told of no other
OF_THE_CALLED: tuple[Key, ...] = (("incidents",), ("incident",), ("alerts",))
MOVED_ON_GAP_S = 0.5
RECHECK_S = 60.0
ADMIT = timedelta(seconds=10)  # whoever has not said who they are by then is closed
MESSAGE_LIMIT = 64 * 1024
CONNECTION_LIMIT = 5000  # of this process
CONNECTIONS_PER_USER = 50
RETRY_AFTER_S = 10


@dataclass(frozen=True, slots=True)
class Admitted:
    """A connection that has shown whose it is."""

    session_id: UUID
    user_id: UUID


class Realtime:
    """The Socket.IO server. Rooms are joined only after the session was found good.

    Nothing is ever sent to the whole namespace: a connection that is still being
    checked would hear it.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        clock: Clock,
        listener: Listener,
        *,
        origins: Sequence[str],
        secure: bool,
        quota: Quota,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._listener = listener
        self._secure = secure
        self._admitted: dict[str, Admitted] = {}
        self._strangers: dict[str, datetime] = {}  # since when
        self._company = asyncio.Event()  # somebody is admitted
        self._seq = 0  # the newest event that was told of
        self._server = socketio.AsyncServer(
            async_mode="asgi",
            cors_allowed_origins=list(origins),
            max_http_buffer_size=MESSAGE_LIMIT,
        )
        self._server.on("connect", self._connect)
        self._server.on("disconnect", self._disconnect)
        SocketLimits(self._server, quota, clock, self._who)
        self.asgi = socketio.ASGIApp(self._server)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Follow the timeline and the sessions for as long as the block runs."""
        follows = [partial(self._follow_runs, channel) for channel in MOVED_ON]
        works: list[Work] = [self._follow, self._recheck, *follows]
        tasks = [asyncio.create_task(_forever(work)) for work in works]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def close(self) -> None:
        """End all connections; browsers come back by themselves, to whoever answers then."""
        for sid in list(self._server.eio.sockets):
            await self._server.eio.disconnect(sid)

    async def _connect(
        self, sid: str, environ: dict[str, Any], auth: object = None
    ) -> None:
        # Only a refusal refuses: after any other exception the client would hang.
        try:
            admitted = await self._admit(environ, auth)
        except Refused:
            raise
        except Exception as e:
            if not is_down(e):
                log.exception("realtime.connect")
            raise _refusal("unavailable", "try again in a moment") from e
        self._admitted[sid] = admitted
        self._company.set()
        metrics.SOCKETS.set(len(self._admitted))
        await self._server.enter_room(sid, STAFF)
        await self._server.enter_room(sid, f"user:{admitted.user_id}")

    async def _admit(self, environ: dict[str, Any], auth: object) -> Admitted:
        if isinstance(auth, dict) and "token" in auth:
            # the older way; the page that sends it has to be loaded anew anyway
            raise _refusal(
                "sign_in", "tokens are not taken here any more: sign in again"
            )
        token = authentication.session_token(
            cookie_parser(environ.get("HTTP_COOKIE", "")), secure=self._secure
        )
        if not token:
            raise _refusal("sign_in", "sign in first")
        async with transaction(self._engine) as tx:
            found = await accounts.session_actor(tx, token, self._clock())
        if found is None:
            raise _refusal("sign_in", "the session has ended: sign in again")
        session_id, actor = found
        mine = Counter(one.user_id for one in self._admitted.values())[actor.user_id]
        if len(self._admitted) >= CONNECTION_LIMIT or mine >= CONNECTIONS_PER_USER:
            raise _refusal("busy", "too many connections")
        return Admitted(session_id, actor.user_id)

    async def _disconnect(self, sid: str, reason: str) -> None:
        del reason
        self._admitted.pop(sid, None)
        if not self._admitted:
            self._company.clear()
        metrics.SOCKETS.set(len(self._admitted))

    def _who(self, sid: str) -> str | None:
        admitted = self._admitted.get(sid)
        return str(admitted.user_id) if admitted else None

    async def _follow(self) -> None:
        """Tell everybody what has become stale, at most ten times a second.

        Where nobody is there to be told, nothing is read: a storm has a lot to read.
        """
        while True:
            await self._company.wait()
            async with transaction(self._engine) as tx:
                newest = await queries.newest_event(tx)
            follower = Follower(max(0, newest - BEHIND))
            self._seq = follower.seq
            while self._admitted:
                await self._listener.wait(Channel.EVENTS, POLL_S)
                async with transaction(self._engine) as tx:
                    stale = await follower.look(tx, self._clock())
                    told = [await _told(tx, one) for one in follower.apart]
                if stale:
                    self._seq = stale.seq
                    await self._server.emit("stale", asdict(stale), to=STAFF)
                    await self._tell_apart(chain.from_iterable(told))
                await asyncio.sleep(LEAST_GAP_S)

    async def _tell_apart(self, told: Iterable[Told]) -> None:
        """Tell these people alone: who sees a hidden team is looked up each time."""
        here = {one.user_id for one in self._admitted.values()}
        for users, keys in told:
            stale = asdict(Stale(keys, self._seq, self._seq))
            for user_id in users & here:
                await self._server.emit("stale", stale, to=f"user:{user_id}")

    async def _follow_runs(self, channel: Channel) -> None:
        """Tell everybody that some run has gone on, at most twice a second."""
        moved = self._listener.subscribe(channel)
        while True:
            await moved.wait()
            moved.clear()
            if self._admitted:
                stale = Stale((MOVED_ON[channel],), self._seq, self._seq)
                await self._server.emit("stale", asdict(stale), to=STAFF)
            await asyncio.sleep(MOVED_ON_GAP_S)

    async def _recheck(self) -> None:
        """Close connections whose session has ended, and those that never showed one."""
        while True:
            now = self._clock()
            async with transaction(self._engine) as tx:
                await self._close_ended(tx, now)
            await self._close_strangers(now)
            await self._listener.wait(Channel.SESSIONS, RECHECK_S)

    async def _close_ended(self, tx: Tx, now: datetime) -> None:
        ids = {one.session_id for one in self._admitted.values()}
        live = await accounts.live_sessions(tx, ids, now) if ids else set()
        for sid, one in list(self._admitted.items()):
            if one.session_id in ids - live:
                await self._server.disconnect(sid)

    async def _close_strangers(self, now: datetime) -> None:
        known = {
            self._server.manager.eio_sid_from_sid(sid, "/") for sid in self._admitted
        }
        self._strangers = {
            sid: self._strangers.get(sid, now)
            for sid in set(self._server.eio.sockets) - known
        }
        for sid, since in self._strangers.items():
            if now > since + ADMIT:
                await self._server.eio.disconnect(sid)


async def _told(tx: Tx, apart: Apart) -> list[Told]:
    """Whom to tell what of a hidden team."""
    see = await queries.who_sees(tx, apart.team_id)
    called = await queries.who_is_called(tx, apart.incident_ids)
    return [(see, apart.keys), (called - see, OF_THE_CALLED)]


async def _forever(work: Work) -> None:
    """Begin again after a failure: live updates never stop for good."""
    while True:
        try:
            await work()
        except Exception as e:
            if not is_down(e):
                log.exception("realtime.failed")
        await asyncio.sleep(POLL_S)


def _refusal(code: str, message: str) -> Refused:
    data: dict[str, object] = {"code": code}
    if code != "sign_in":
        data["retry_after"] = RETRY_AFTER_S
    return Refused(message, data)
