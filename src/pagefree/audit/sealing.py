"""Sealing entries into the chain, walking along it, and cutting off what is old enough."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.audit import chain_queries as queries
from pagefree.audit.chain_queries import Chain
from pagefree.audit.queries import Note
from pagefree.audit.service import note
from pagefree.core.audit import HEAD_NOT_OURS, End, Walk, seal, signed
from pagefree.infra.crypto import Vault
from pagefree.infra.db import Tx, snapshot

AT_ONCE = 500
CUT_AT_ONCE = 5_000

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk along the whole chain has found."""

    chain: Chain
    count: int  # of the entries that are there
    waiting: int  # not sealed yet
    findings: tuple[str, ...]  # none: all is as it was sealed


async def seal_waiting(tx: Tx, vault: Vault, now: datetime) -> int:
    """Seal the next entries; how many. Nothing while another worker does so.

    Only sealers wait for each other: whoever adds entries never meets the lock.
    """
    if not await queries.waiting(tx):
        return 0
    chain = await queries.lock(tx)
    if chain is None:
        await queries.begin(tx)
        return 0
    if not _is_ours(vault, "head", chain.head, chain.mac):
        await _say_not_ours(tx, chain, now)
    sealed, previous = [], chain.head.hash
    for seq, entry in enumerate(
        await queries.list_waiting(tx, AT_ONCE), chain.head.seq + 1
    ):
        previous = seal(previous, seq, entry.content())
        sealed.append((entry.id, seq, previous))
    if not sealed:  # another worker was quicker
        return 0
    head = End(sealed[-1][1], previous)
    await queries.seal(tx, sealed, vault.mac(signed("head", head)), now)
    return len(sealed)


async def _say_not_ours(tx: Tx, chain: Chain, now: datetime) -> None:
    """Go on, but leave word of it in the chain: else our seal would make it ours."""
    log.error("audit.head_not_ours", seq=chain.head.seq)
    data = {"seq": chain.head.seq, "hash": chain.head.hash.hex()}
    await note(tx, Note(HEAD_NOT_OURS, "audit", data=data), now)


async def verify(engine: AsyncEngine, vault: Vault) -> Verdict:
    """Walk along the whole chain, in one snapshot of the database."""
    async with snapshot(engine) as tx:
        chain = await queries.get(tx)
        walk = Walk(chain.anchor)
        while links := await queries.list_links(tx, walk.at.seq, AT_ONCE):
            walk.over(links)
        waiting = await queries.count_waiting(tx)
    walk.end(chain.head)
    ends = (
        ("anchor", chain.anchor, chain.anchor_mac),
        ("head", chain.head, chain.mac),
    )
    foreign = [
        f"the {which} was not sealed with the key of this installation"
        for which, end, mac in ends
        if not _is_ours(vault, which, end, mac)
    ]
    return Verdict(chain, walk.count, waiting, (*walk.findings, *foreign))


async def cut_old(tx: Tx, vault: Vault, keep: timedelta, now: datetime) -> int:
    """Delete the oldest entries, if all before them are old too; how many."""
    chain = await queries.lock(tx)
    if chain is None:
        return 0
    after = chain.anchor.seq
    end = await queries.last_before(tx, now - keep, after, CUT_AT_ONCE)
    if end is None:
        return 0
    done = await queries.cut(tx, end, vault.mac(signed("anchor", end)), now)
    await note(tx, Note("audit.cut", "audit", data={"through": end.seq}), now)
    return done


async def sign_anew(tx: Tx, vault: Vault) -> bool:
    """Sign both ends of the chain with the first key; whether they were ours so far."""
    chain = await queries.lock(tx, wait=True)
    if chain is None:
        return True
    ends = (
        ("head", chain.head, chain.mac),
        ("anchor", chain.anchor, chain.anchor_mac),
    )
    if not all(_is_ours(vault, which, end, mac) for which, end, mac in ends):
        return False
    head, anchor = (
        vault.mac(signed(which, end)) if end.seq else b"" for which, end, _ in ends
    )
    await queries.sign(tx, head, anchor)
    return True


def _is_ours(vault: Vault, which: str, end: End, mac: bytes) -> bool:
    if end.seq == 0:  # nothing yet
        return mac == b""
    return vault.made(signed(which, end), mac)
