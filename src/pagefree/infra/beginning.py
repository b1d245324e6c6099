"""A transaction that begins only when something needs it: one statement is one by itself."""

from types import TracebackType
from typing import Self

from asyncpg.transaction import Transaction

from pagefree.infra.db import Connection


class Beginning:
    """Around statements of which the last may be the only one that changes or locks.

    Whoever has another one asks to `begin` before it. To begin and to commit are two round
    trips, in which whoever decides what to write waits for those who answer requests.
    Inside a transaction of somebody else's, it has begun.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._own: Transaction | None = None

    async def begin(self) -> bool:
        """Begin; false if that was done before. What was read until now is not locked."""
        if self._connection.is_in_transaction():
            return False
        own = self._connection.transaction()
        await own.start()
        self._own = own  # only what has begun is to be ended
        return True

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._own is None:
            return
        if kind is None:
            await self._own.commit()
        else:
            await self._own.rollback()
