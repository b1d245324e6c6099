"""Which provider of a channel is asked, and what their failures in a row mean."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from pagefree.channels import all_channels
from pagefree.core.receipts import rests_until
from pagefree.infra.db import Connection
from pagefree.notifications import provider_queries as queries
from pagefree.notifications.delivery_queries import Outcome
from pagefree.notifications.provider_queries import Provider


async def learn(
    connection: Connection, outcomes: Sequence[Outcome], now: datetime
) -> list[Outcome]:
    """Open and close circuit breakers; answers one outcome of each provider that refuses us.

    Only of channels with an account of ours: the address of a webhook is its own provider.
    """
    ours = [o for o in outcomes if o.outcome and _has_account(o.claimed.channel)]
    failed = [o for o in ours if o.broken or o.doubted]
    worked = {_of(o) for o in ours if o.outcome == "accepted"}
    if worked:
        await queries.forget_failures(connection, sorted(worked))
    counts = Counter(_of(o) for o in failed if _of(o) not in worked)
    broken = {_of(o): o for o in failed if o.broken and _of(o) in counts}
    if not counts:
        return []
    reasons = {of: o.error for of, o in broken.items()}
    in_a_row = await queries.add_failures(
        connection, {of: (n, reasons.get(of)) for of, n in counts.items()}, now
    )
    until = {of: rests_until(failures, now) for of, failures in in_a_row.items()}
    resting = {of: at for of, at in until.items() if at is not None}
    if resting:
        await queries.rest(connection, resting)
    return list(broken.values())


def _of(outcome: Outcome) -> Provider:
    return outcome.claimed.channel, outcome.provider


def _has_account(kind: str) -> bool:
    channel = all_channels()[kind]
    return channel.Config is not None or channel.uses_smtp
