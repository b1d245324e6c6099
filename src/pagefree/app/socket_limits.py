"""How much a live connection may send: a warning near the limit, the end above it."""

from collections.abc import Awaitable, Callable

import socketio

from pagefree.infra.clock import Clock
from pagefree.infra.limits import Quota, Standing

WARN_AT = 0.8  # of the quota
SEEN = "pagefree.seen"  # in the session of an Engine.IO connection
CONNECT = "0"  # how the Socket.IO packet begins with which every connection begins
UNKNOWN = "not signed in"

Receive = Callable[[str, object], Awaitable[None]]


class SocketLimits:
    """Counts every packet of a client but its first; pings of the protocol come not by here.

    Stands before the library, so that also what it would throw away counts.
    """

    def __init__(
        self,
        server: socketio.AsyncServer,
        quota: Quota,
        clock: Clock,
        who: Callable[[str], str | None],
    ) -> None:
        self._server = server
        self._quota = quota
        self._clock = clock
        self._who = who  # the person behind a Socket.IO connection
        self._pass_on: Receive = server.eio.handlers["message"]
        server.eio.on("message", self._receive)

    async def _receive(self, connection: str, packet: object) -> None:
        try:
            session = await self._server.eio.get_session(connection)
        except KeyError:  # ended by us with some of its packets still here
            return
        is_first = not session.get(SEEN)
        session[SEEN] = True
        opens = is_first and isinstance(packet, str) and packet.startswith(CONNECT)
        if opens or await self._is_within(connection):
            await self._pass_on(connection, packet)

    async def _is_within(self, connection: str) -> bool:
        at = self._clock().timestamp()
        within = self._quota.take(connection, at)
        standing = self._quota.standing(connection, at)
        sid = self._server.manager.sid_from_eio_sid(connection, "/")
        if not within:
            self._quota.note((self._who(sid) if sid else None) or UNKNOWN)
            await self._tell(sid, "rate_limited", standing)
            await self._server.eio.disconnect(connection)
        elif standing.remaining == round(standing.amount * (1 - WARN_AT)):
            await self._tell(sid, "rate_limit_near", standing)
        return within

    async def _tell(self, sid: str | None, code: str, standing: Standing) -> None:
        if sid is None:
            return
        said = {
            "code": code,
            "limit": standing.amount,
            "window_s": standing.window_s,
            "remaining": standing.remaining,
            "retry_after": standing.wait_s,
        }
        await self._server.emit("limit", said, to=sid)
