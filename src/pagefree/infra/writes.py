"""Several statements in one round trip: each costs some 50 us at both ends, whatever it does."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pagefree.infra.db import Channel, Connection

_PARAMETER = re.compile(r"\$(\d+)")


@dataclass(frozen=True, slots=True)
class Write:
    """An INSERT, UPDATE or DELETE with its parameters, and whom to wake after it."""

    statement: str
    parameters: Sequence[object]
    wakes: Channel | None = None


async def write(connection: Connection, writes: Sequence[Write]) -> None:
    """Carry out `writes` as one statement, in no order.

    None of them sees what another does, so no two may touch the same row or the same
    unique key.
    """
    if not writes:
        return
    channels = [w.wakes.value for w in writes if w.wakes]
    parameters = [p for w in writes for p in w.parameters]
    shapes = tuple((w.statement, len(w.parameters)) for w in writes)
    await connection.execute(_together(shapes, len(channels)), *parameters, *channels)


@lru_cache
def _together(shapes: tuple[tuple[str, int], ...], channels: int) -> str:
    """One statement of several with as many parameters each, and notices at the end."""
    parts, first = [], 0
    for place, (statement, count) in enumerate(shapes):
        parts.append(f"write_{place} AS ({_shifted(statement, first)})")
        first += count
    notices = [f"pg_notify(${first + n}, '')" for n in range(1, channels + 1)]
    return f"WITH {', '.join(parts)} SELECT {', '.join(notices) or 'true'}"


def _shifted(statement: str, by: int) -> str:
    """`statement` with higher numbers of its parameters."""
    return _PARAMETER.sub(lambda found: f"${int(found[1]) + by}", statement)
