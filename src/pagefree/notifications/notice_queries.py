"""Statements on what people are to be told, and nobody has planned yet."""

from dataclasses import dataclass
from uuid import UUID

from pagefree.infra.db import Connection

TAKE = """
WITH taken AS (
    DELETE FROM shift_notices WHERE id = ANY (ARRAY(
        SELECT id FROM shift_notices ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
    ))
    RETURNING id, user_id, text
)
SELECT user_id, text FROM taken ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What somebody is to be told."""

    user_id: UUID
    text: str


async def take(connection: Connection, limit: int) -> list[Waiting]:
    """Take what waits, the oldest first; it is gone once the transaction commits.

    What another worker is taking is skipped, not waited for.
    """
    return [Waiting(*row) for row in await connection.fetch(TAKE, limit)]
