"""Which provider of a channel is asked, and what their failures in a row mean."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from pagefree.accounts import service as accounts
from pagefree.channels import all_channels
from pagefree.core.receipts import rests_until
from pagefree.core.words import DEFAULT, words_in
from pagefree.core.words.tables import NoticeWords
from pagefree.infra.db import Tx, driver
from pagefree.notifications import provider_queries as queries
from pagefree.notifications import readiness_queries as findings
from pagefree.notifications.delivery_queries import Outcome
from pagefree.notifications.provider_queries import Doubted, Provider
from pagefree.notifications.readiness_queries import NewFinding
from pagefree.schedules.notices import Listener, tell

BROKEN = "channel_broken"


async def learn(tx: Tx, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Open and close circuit breakers; tell platform admins of a provider that refuses us.

    Only of channels with an account of ours: the address of a webhook is its own provider.
    """
    connection = await driver(tx)
    ours = [o for o in outcomes if o.outcome and _has_account(o.claimed.channel)]
    failed = [o for o in ours if o.broken or o.doubted]
    worked = {_of(o) for o in ours if o.outcome == "accepted"}
    if worked:
        await queries.forget_failures(connection, sorted(worked))
        await findings.end_these(connection, BROKEN, [_key(of) for of in worked], now)
    counts = Counter(_of(o) for o in failed if _of(o) not in worked)
    broken = {_of(o): o for o in failed if o.broken and _of(o) in counts}
    if not counts:
        return
    reasons = {of: o.error for of, o in broken.items()}
    in_a_row = await queries.add_failures(
        connection, {of: (n, reasons.get(of)) for of, n in counts.items()}, now
    )
    until = {of: rests_until(failures, now) for of, failures in in_a_row.items()}
    resting = {of: at for of, at in until.items() if at is not None}
    if resting:
        await queries.rest(connection, resting)
    await _tell(tx, broken, now)


async def probed(
    tx: Tx, doubted: Doubted, now: datetime, *, works: bool | None
) -> None:
    """Write down what a provider has answered when it was asked without a message.

    One that works is asked like any other. None: it cannot be told; the next message will.
    """
    connection = await driver(tx)
    of = doubted.channel, doubted.provider
    if works:
        await queries.forget_failures(connection, [of])
        await findings.end_these(connection, BROKEN, [_key(of)], now)
        return
    if works is None:
        await queries.rest(connection, {of: now})
        return
    failures = (await queries.add_failures(connection, {of: (1, None)}, now))[of]
    await queries.rest(connection, {of: rests_until(failures, now) or now})


async def set_up_anew(tx: Tx, channel: str, now: datetime) -> None:
    """What its providers said of other credentials counts no longer."""
    connection = await driver(tx)
    doubted = await queries.forget_channel(connection, channel)
    await findings.end_these(connection, BROKEN, [_key(of) for of in doubted], now)


async def _tell(tx: Tx, broken: Mapping[Provider, Outcome], now: datetime) -> None:
    """Once, for as long as it lasts."""
    connection = await driver(tx)
    for of, outcome in broken.items():

        def said(to: Listener, of: Provider = of, lost: Outcome = outcome) -> str:
            return _refuses(to.words, of, lost)

        detail = _refuses(words_in(DEFAULT).notices, of, outcome)
        new = NewFinding(BROKEN, _key(of), detail, channel=of[0])
        if await findings.insert_finding(connection, new, now):
            await tell(tx, await accounts.platform_admins(tx), said, now)


def _refuses(words: NoticeWords, of: Provider, outcome: Outcome) -> str:
    title, name = all_channels()[of[0]].title, of[1]
    channel = f"{title} ({name})" if name else title
    return words.refuses.format(channel=channel, error=outcome.error)


def _key(of: Provider) -> str:
    return "/".join(of)


def _of(outcome: Outcome) -> Provider:
    return outcome.claimed.channel, outcome.provider


def _has_account(kind: str) -> bool:
    channel = all_channels()[kind]
    return channel.Config is not None or channel.uses_smtp
