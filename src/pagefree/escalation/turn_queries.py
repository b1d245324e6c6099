"""Statements on whose turn it is in the round robin steps of policies."""

from collections.abc import Collection, Sequence
from uuid import UUID

from pagefree.infra.db import Connection

# Policies in the order of their ids: two sweeps that want the same wait for each other,
# but not in a circle. Editing a policy waits too; using one in a service does not.
LOCK = """
SELECT id FROM escalation_policies WHERE id = ANY ($1::uuid[])
ORDER BY id FOR NO KEY UPDATE
"""
LIST = """
SELECT policy_id, step, user_id, turn FROM round_robin_turns
WHERE policy_id = ANY ($1::uuid[])
"""
SAVE = """
INSERT INTO round_robin_turns (policy_id, step, user_id, turn)
SELECT * FROM unnest($1::uuid[], $2::int[], $3::uuid[], $4::bigint[])
ON CONFLICT (policy_id, step, user_id) DO UPDATE SET turn = EXCLUDED.turn
"""

PolicyTurns = dict[UUID, dict[int, dict[UUID, int]]]  # policy, step, person: turn


async def lock_turns(
    connection: Connection, policy_ids: Collection[UUID]
) -> PolicyTurns:
    """The turns of these policies, which nobody else takes until the transaction ends."""
    await connection.fetch(LOCK, sorted(policy_ids))
    return await list_turns(connection, policy_ids)


async def list_turns(
    connection: Connection, policy_ids: Collection[UUID]
) -> PolicyTurns:
    """The turns of these policies, as they are now."""
    found: PolicyTurns = {policy_id: {} for policy_id in policy_ids}
    for row in await connection.fetch(LIST, list(policy_ids)):
        had = found[row["policy_id"]].setdefault(row["step"], {})
        had[row["user_id"]] = row["turn"]
    return found


async def save_turns(
    connection: Connection, taken: Sequence[tuple[UUID, int, UUID, int]]
) -> None:
    """Store (policy, step, person, turn), no person of a step twice."""
    await connection.execute(SAVE, *zip(*taken, strict=True))
