"""Whose flight it is, how it went, and telling the watchdog."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

import structlog

from pagefree.canary import queries
from pagefree.canary.flight import CAUSE, Flight
from pagefree.canary.queries import Key
from pagefree.core import canary as core
from pagefree.core.canary import Run
from pagefree.core.operations import SILENT
from pagefree.incidents import automation
from pagefree.infra.crypto import Unsealable, Vault, token_hash
from pagefree.infra.db import Channel, Tx, notify, transaction
from pagefree.infra.http import GuardedClient, Unreachable
from pagefree.infra.ids import new_id
from pagefree.infra.queue import Context
from pagefree.integrations.base import KeyShape
from pagefree.invariants import queries as invariants
from pagefree.services import routing_keys

SEALED_FOR = "canary"
# no incident is stuck, and nothing that is due waits for more than 30 seconds
CLEAN = {"I-4": "an incident does not escalate", "I-5": "due work waits"}
ANYWHERE = ("0.0.0.0/0", "::/0")  # both addresses are the operator's own

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Means:
    """What it needs to fly."""

    http: GuardedClient
    vault: Vault
    address: str  # where it sends its events, without a slash at the end
    watchdog: str | None  # who is told that all is well, or why not


@dataclass(frozen=True, slots=True)
class NewKey:
    """A routing key made just now."""

    plain: str
    stored: Key


def means_of(
    http: GuardedClient, vault: Vault, address: str, watchdog: str | None
) -> Means:
    """Ways to addresses that the operator has given, wherever they are."""
    return Means(http.also(ANYWHERE), vault, address.rstrip("/"), watchdog)


async def take_turn(tx: Tx, vault: Vault, now: datetime) -> tuple[str | None, datetime]:
    """The routing key to fly with if it is the caller's turn, and when it may be it again.

    Nobody flies while a release is rolled out or back: one from before the canary takes its
    policy for one that reaches nobody, and would page every platform admin.
    """
    due = await queries.due_at(tx)
    if due is None:
        new = _new_key(vault)
        due = now + core.SETTLING
        if await queries.insert(tx, new.stored.sealed, due):
            await _set_up(tx, new, now)
        return None, due
    if due > now:
        return None, due
    then = core.next_due(due, now)
    if not await queries.claim(tx, due, then):
        return None, then
    if await queries.are_mixed(tx, now - SILENT):
        log.info("canary.waits", why="processes of another release are running")
        return None, then
    return await _key(tx, vault, now), then


async def _key(tx: Tx, vault: Vault, now: datetime) -> str:
    try:
        return vault.open(await queries.get_sealed(tx), SEALED_FOR).decode()
    except Unsealable:  # the key of the installation is another one
        new = _new_key(vault)
        await _set_up(tx, new, now)
        return new.plain


async def _set_up(tx: Tx, new: NewKey, now: datetime) -> None:
    await queries.set_up(tx, new.stored, now)
    await notify(tx, Channel.CONFIG)


def _new_key(vault: Vault) -> NewKey:
    plain = routing_keys.make(KeyShape.PREFIXED)
    sealed = vault.seal(plain.encode(), SEALED_FOR)
    return NewKey(plain, Key(routing_keys.shown(plain), token_hash(plain), sealed))


async def fly(ctx: Context, means: Means, key: str) -> Run:
    """Fly once, look whether all else is well, keep how it went and tell the watchdog."""
    started_at = ctx.clock()
    try:
        run = await _flown(ctx, means, key)
    except Exception as e:
        log.exception("canary.failed")
        why = f"the canary itself failed: {type(e).__name__}"
        run = Run(started_at, ctx.clock() - started_at, why)
    await _tell(means, run)
    async with transaction(ctx.engine) as tx:
        await queries.insert_run(tx, run)
    return run


async def _flown(ctx: Context, means: Means, key: str) -> Run:
    async with transaction(ctx.engine) as tx:
        for incident_id in await queries.list_left_open(tx):
            await automation.resolve(tx, incident_id, "", CAUSE, ctx.clock())
    started_at = ctx.clock()
    name = f"canary-{new_id()}"
    flight = Flight(ctx.engine, means.http, means.address, key, name, ctx.clock)
    lost = await flight.lost()
    took = ctx.clock() - started_at
    findings = [] if lost else await _findings(ctx)
    return Run(started_at, took, core.verdict(lost, took, findings))


async def _findings(ctx: Context) -> list[str]:
    now = ctx.clock()
    async with transaction(ctx.engine) as tx:
        await invariants.allow_long_statements(tx)
        return [
            f"{what}: {violation.says}"
            for name, what in CLEAN.items()
            for violation in await invariants.list_violations(tx, name, 1, now)
        ]


async def _tell(means: Means, run: Run) -> None:
    """Say so; if the watchdog cannot be reached, it will notice."""
    log.log(20 if run.ok else 40, "canary.flown", why=run.why, seconds=_seconds(run))
    if means.watchdog is None:
        return
    url = means.watchdog if run.ok else with_suffix(means.watchdog, "fail")
    body = f"The loop took {_seconds(run)} s." if run.ok else (run.why or "")
    try:
        reply = await means.http.post(
            url, body.encode(), {"Content-Type": "text/plain"}
        )
        if reply.status >= 400:  # noqa: PLR2004 -- a code of HTTP
            log.warning("canary.watchdog_refuses", status=reply.status)
    except Unreachable as e:
        log.warning("canary.watchdog_silent", why=str(e))


def _seconds(run: Run) -> float:
    return round(run.took.total_seconds(), 3)


def with_suffix(url: str, suffix: str) -> str:
    """The address for another signal, as Healthchecks has it: `/fail` after the path.

    https://healthchecks.io/docs/signaling_failures/
    """
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{suffix}"))
