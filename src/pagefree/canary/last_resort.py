"""Without a database: tell those who are on call, from what was kept of them on this machine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.accounts import channel_configs
from pagefree.accounts.contacts import secret_purpose
from pagefree.canary import resort_queries as queries
from pagefree.canary.black_box import BlackBox, Contents
from pagefree.canary.resort_queries import Method
from pagefree.channels import all_channels
from pagefree.channels.base import Delivery, Message, Rendered, Transports
from pagefree.core.last_resort import Limits, Word, after, word
from pagefree.infra.clock import Clock
from pagefree.infra.crypto import Vault
from pagefree.infra.db import create_engine, is_down, transaction
from pagefree.infra.ids import new_id
from pagefree.schedules import service as schedules

CHANNELS = ("email", "ntfy", "webhook", "sms")  # that need nothing of ours to be sent
ASK_S = 5.0
PATIENCE_S = 20.0  # for one message
URGENT = 5  # ntfy's
LOOKS = 6  # within the time that the database may be gone
TITLES = {
    Word.DOWN: "PageFree cannot page: its database is gone",
    Word.BACK: "PageFree pages again: its database is back",
}
TEXTS = {
    Word.DOWN: (
        "Alerts are not taken in, and nobody is paged, until it is back. Senders that try"
        " again will deliver what they have kept. Look at your monitoring yourself.\n\n"
        "You get this because you were on call when PageFree could last look."
    ),
    Word.BACK: "Whatever was kept back is worked on now, and people are paged as always.",
}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class LastResort:
    """What it needs; all of it works without a database."""

    box: BlackBox
    transports: Transports
    vault: Vault
    base_url: str
    limits: Limits
    refresh: timedelta


@asynccontextmanager
async def standing_by(
    resort: LastResort | None, database_url: str, clock: Clock
) -> AsyncIterator[None]:
    """Look after the database for as long as the block runs; whoever stops tells nobody."""
    if resort is None:
        yield
        return
    # of its own: when all others are busy, the database is not gone
    engine = create_engine(database_url, pool_size=1)
    task = asyncio.create_task(_stand_by(resort, engine, clock), name="last_resort")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await engine.dispose()


async def _stand_by(resort: LastResort, engine: AsyncEngine, clock: Clock) -> None:
    gone_since: datetime | None = None
    pause_s = min(ASK_S, resort.limits.after.total_seconds() / LOOKS)
    while True:
        try:
            gone_since = await _gone_since(resort, engine, gone_since, clock)
            await _tell_if_needed(resort, gone_since, clock)
        except Exception:
            log.exception("last_resort.failed")
        await asyncio.sleep(pause_s)


async def _gone_since(
    resort: LastResort, engine: AsyncEngine, before: datetime | None, clock: Clock
) -> datetime | None:
    """Since when the database has not answered; keeps the file up to date while it does."""
    begun = clock()
    try:
        async with asyncio.timeout(ASK_S):
            await queries.answers(engine)
    except Exception as e:
        if not is_down(e):
            raise
        return before or begun
    kept = resort.box.read()
    if kept is None or clock() - kept.written_at >= resort.refresh:
        await refresh(resort, engine, clock())
    return None


async def refresh(resort: LastResort, engine: AsyncEngine, now: datetime) -> None:
    """Write the file anew: who is on call at `now`; platform admins where nobody ever is."""
    async with transaction(engine) as tx:
        board = await schedules.board(tx, now)
        on_call = {user for held in board for user in held.standing.people}
        methods = await queries.list_methods(tx, on_call, CHANNELS)
        stored = await channel_configs.standing(tx)
    configs = {k: stored[k].sealed for k in CHANNELS if k in stored}
    sealed = {kind: one for kind, one in configs.items() if one is not None}
    resort.box.write(Contents(now, tuple(methods), sealed))


async def _tell_if_needed(
    resort: LastResort, gone_since: datetime | None, clock: Clock
) -> None:
    if word(resort.box.told(), resort.limits, gone_since, clock()) is None:
        return
    with resort.box.turn() as ours:
        before = resort.box.told()  # another process may just have told
        said = word(before, resort.limits, gone_since, clock())
        contents = resort.box.read()
        if not ours or said is None or contents is None:
            return
        # first: whoever dies half-way must not be followed by a dozen that begin again
        resort.box.keep_told(after(before, said, clock()))
        if not await _tell(resort, contents, said, clock()):
            resort.box.keep_told(before)


async def _tell(
    resort: LastResort, contents: Contents, said: Word, now: datetime
) -> bool:
    """Whether anybody could be told."""
    sent = (_send(resort, contents, method, said, now) for method in contents.methods)
    done = await asyncio.gather(*sent)
    log.error("last_resort.told", word=said.value, sent=sum(done), of=len(done))
    return any(done)


async def _send(
    resort: LastResort, contents: Contents, method: Method, said: Word, now: datetime
) -> bool:
    try:
        async with asyncio.timeout(PATIENCE_S):
            delivery = _delivery(resort, contents, method, said, now)
            await all_channels()[method.channel].send(resort.transports, delivery)
    except Exception as e:  # noqa: BLE001 -- one way must not keep the others from trying
        log.warning("last_resort.not_sent", channel=method.channel, error=repr(e))
        return False
    return True


def _delivery(
    resort: LastResort, contents: Contents, method: Method, said: Word, now: datetime
) -> Delivery:
    vault, channel = resort.vault, all_channels()[method.channel]
    title, words = TITLES[said], TEXTS[said]
    payload: dict[str, object] = {
        "title": title,
        "priority": URGENT,
        "type": f"pagefree.{said.value}",
        "data": {"title": title, "text": words},
    }
    if method.channel == "ntfy":
        payload = {k: payload[k] for k in ("title", "priority")}
    message = Message(new_id(), "notice", title, method.name, None, resort.base_url)
    config = contents.configs.get(method.channel)
    text = title if method.channel == "sms" else words
    secret = method.secret and vault.open(method.secret, secret_purpose(method.id))
    return Delivery(
        message,
        Rendered(title, text, payload=payload),
        channel.Address.model_validate(method.address),
        secret.decode() if secret else None,
        now,
        config=channel_configs.unseal(vault, method.channel, config),
        callback_url=resort.base_url,
    )
