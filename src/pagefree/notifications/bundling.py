"""Which leased pages leave as messages of their own, which in one message, which later."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from pagefree.channels import all_channels
from pagefree.core.bundles import Lately, Page, Spread, newest_causes_first, spread
from pagefree.core.notifications import Kind
from pagefree.infra.db import Connection
from pagefree.notifications import bundle_queries as queries
from pagefree.notifications.delivery_queries import Claimed, claim_waiting

BUNDLED = frozenset(
    {Kind.PAGE, Kind.MORE, Kind.FALLBACK}
)  # the others were asked for by name
MOST_TOGETHER = 1000  # in one message


@dataclass(slots=True)
class Bundling:
    """What leaves now: each list is one message, and its first is what it is about."""

    messages: list[list[Claimed]] = field(default_factory=list)
    absorbed: list[Claimed] = field(default_factory=list)  # that were leased on top
    together: list[tuple[UUID, UUID]] = field(default_factory=list)
    later: list[tuple[UUID, datetime]] = field(default_factory=list)


async def bundle(
    connection: Connection, wanted: Sequence[Claimed], until: datetime, now: datetime
) -> Bundling:
    """Decide for all pages that an address is to get now, beyond those that were leased.

    What was absorbed has to be looked at once more by whoever sends it.
    """
    by_method: dict[UUID, list[Claimed]] = {}
    found = Bundling()
    for one in wanted:
        if one.method_id is not None and _may_wait(one):
            by_method.setdefault(one.method_id, []).append(one)
        else:
            found.messages.append([one])
    if not by_method:
        return found
    owners = {method: ours[0].user_id for method, ours in by_method.items()}
    ids = [one.id for ours in by_method.values() for one in ours]
    lately = await queries.list_lately(connection, owners, ids, now)
    for method_id, ours in by_method.items():
        plan = spread([_page(one) for one in ours], lately[method_id], now)
        rest: list[Claimed] = []
        if plan.together or plan.later:
            rest = await claim_waiting(connection, ours[0], MOST_TOGETHER, until, now)
            plan = _with(plan, [_page(one) for one in rest], lately[method_id])
        _add(found, plan, ours, rest)
    await queries.keep_together(connection, found.together)
    await queries.postpone(connection, found.later)
    return found


def _add(
    found: Bundling, plan: Spread, ours: Sequence[Claimed], rest: Sequence[Claimed]
) -> None:
    by_id = {one.id: one for one in (*ours, *rest)}
    found.messages += [[by_id[page.id]] for page in plan.alone]
    if plan.together:
        first, *_ = ordered = newest_causes_first(plan.together)
        found.messages.append([by_id[page.id] for page in ordered])
        found.together += [(page.id, first.id) for page in ordered]
        found.absorbed += rest
    if plan.again_at is not None:
        found.later += [(page.id, plan.again_at) for page in plan.later]


def _may_wait(one: Claimed) -> bool:
    return (
        all_channels()[one.channel].bundles
        and one.kind in BUNDLED
        and one.incident is not None
    )


def _page(one: Claimed) -> Page:
    if one.incident is None:
        raise ValueError("a page is about an incident")
    return Page(one.id, one.incident.service_id, one.incident.opened_at)


def _with(plan: Spread, more: Sequence[Page], lately: Lately) -> Spread:
    """`plan` with what waits for the same address besides."""
    if plan.together:
        return Spread(plan.alone, (*plan.together, *more))
    heard = lately.causes | {page.cause for page in plan.alone}
    if any(page.cause not in heard for page in more):
        return Spread(plan.alone, (*plan.later, *more))
    return Spread(plan.alone, (), (*plan.later, *more), plan.again_at)
