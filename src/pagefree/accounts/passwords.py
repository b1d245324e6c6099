"""Passwords: slow to guess, checked beside the event loop, the same for nobody."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

AT_ONCE = 4  # each takes the memory below; more at a time would only be slower


class Passwords:
    """Hashes and checks passwords with argon2id.

    The parameters are OWASP's: 19 MiB, two passes, one lane
    (https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html).
    """

    def __init__(self, *, memory_kib: int = 19_456, passes: int = 2) -> None:
        self._hasher = PasswordHasher(
            time_cost=passes, memory_cost=memory_kib, parallelism=1
        )
        self._nobody = self._hasher.hash("nobody's")
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def hash(self, password: str) -> str:
        """What to store of `password`."""
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, password_hash: str | None, password: str) -> bool:
        """Whether this is the password; for no hash the answer takes just as long."""
        async with self._turns:
            right = await asyncio.to_thread(
                self._verify, password_hash or self._nobody, password
            )
        return right and password_hash is not None

    def _verify(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerifyMismatchError, InvalidHashError):
            return False
