"""Whose rights a step has: who saved the version, and who said yes on the way to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from pagefree.accounts import service as accounts
from pagefree.core.access import Actor
from pagefree.core.errors import NotFound
from pagefree.core.workflow_graphs import Graph, upstream
from pagefree.infra.db import Tx
from pagefree.workflows import queries
from pagefree.workflows.run_queries import Run, StepRow


@dataclass(frozen=True, slots=True)
class People:
    """Both with the rights that they have today; none: nobody, or they have left."""

    author: Actor | None = None
    approved_by: Actor | None = None


NOBODY = People()


async def people_of(
    tx: Tx, run: Run, graph: Graph, node: str, steps: Sequence[StepRow]
) -> People:
    """Only a yes on a way that leads to this node counts, and the newest of them."""
    authors: Mapping[UUID, UUID | None] = await queries.authors(tx, [run.version_id])
    before = upstream(graph, node)
    answered = [
        step.answered_by_id
        for step in steps
        if step.port == "approved" and step.node in before and step.answered_by_id
    ]
    approver = answered[-1] if answered else None
    return People(
        await _actor(tx, authors.get(run.version_id)), await _actor(tx, approver)
    )


async def _actor(tx: Tx, user_id: UUID | None) -> Actor | None:
    if user_id is None or user_id not in await accounts.active_users(tx, [user_id]):
        return None
    try:
        user = await accounts.require_user(tx, user_id)
    except NotFound:
        return None
    roles = {one.team.id: one.role for one in user.teams}
    return Actor(user.id, user.name, user.platform_admin, roles)
