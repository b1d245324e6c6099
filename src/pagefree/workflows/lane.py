"""The lane in which steps are done: many side by side, none of them holding up another."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.core.workflows import StepStatus
from pagefree.infra.db import Tx, is_down, transaction
from pagefree.infra.failpoints import failpoint
from pagefree.infra.queue import Context
from pagefree.workflows import run_queries, settling
from pagefree.workflows.performing import Outcome, instant, is_inside, perform
from pagefree.workflows.preparing import LEASE, Surroundings, Work, prepare
from pagefree.workflows.run_queries import Claimed

AT_ONCE = 100  # steps in hand
LOOK_S = 0.2  # how often others are looked for while some take long
GATHER_S = 0.005  # what settles together is stored together

log = structlog.get_logger()


class Lane:
    """What this process has in hand. Leases end, so whatever dies with it is done again."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._in_hand: set[asyncio.Task[Outcome]] = set()
        self._unsettled: list[Outcome] = []

    async def work(self, ctx: Context) -> None:
        """Do all that is due; returns once there is nothing left."""
        try:
            while await self._once(ctx):
                pass
        except asyncio.CancelledError:
            for task in self._in_hand:
                task.cancel()
            await asyncio.gather(*self._in_hand, return_exceptions=True)
            raise

    async def _once(self, ctx: Context) -> bool:
        self._collect()
        if self._unsettled:
            await self._settle(ctx)
        taken = await self._take(ctx)
        if not self._in_hand:
            return taken > 0
        await asyncio.wait(
            self._in_hand, timeout=LOOK_S, return_when=asyncio.FIRST_COMPLETED
        )
        await asyncio.sleep(GATHER_S)
        return True

    async def _settle(self, ctx: Context) -> None:
        """Store what is done; what cannot be stored fails alone."""
        try:
            failpoint("workflows.after_call")
            async with transaction(ctx.engine) as tx:
                await settling.settle(tx, self._unsettled, ctx.clock())
        except Exception as e:
            if is_down(e):
                raise
            log.exception("workflow.batch_broken", steps=len(self._unsettled))
            for outcome in self._unsettled:
                await _settle_alone(ctx, outcome)
        self._unsettled.clear()

    def _collect(self) -> None:
        done = {task for task in self._in_hand if task.done()}
        self._in_hand -= done
        self._unsettled += [task.result() for task in done]

    async def _take(self, ctx: Context) -> int:
        free = AT_ONCE - len(self._in_hand)
        if free <= 0:
            return 0
        async with transaction(ctx.engine) as tx:
            claimed = await run_queries.claim(tx, free, LEASE, ctx.clock())
        if not claimed:
            return 0
        failpoint("workflows.after_claim_commit")
        await self._begin(ctx, claimed)
        return len(claimed)

    async def _begin(self, ctx: Context, claimed: Sequence[Claimed]) -> None:
        now = ctx.clock()
        async with transaction(ctx.engine) as tx:
            work = await prepare(tx, claimed, self._around)
        thought = [(one, instant(one, now)) for one in work]
        self._unsettled += [outcome for _, outcome in thought if outcome]
        for one in (one for one, outcome in thought if outcome is None):
            if is_inside(one):
                await _inside(ctx.engine, one, now)
            else:
                task = asyncio.create_task(perform(self._around.transports, one, now))
                self._in_hand.add(task)


async def _settle_alone(ctx: Context, outcome: Outcome) -> None:
    bare = Outcome(
        outcome.work, StepStatus.FAILED, error="its result could not be stored"
    )
    for one in (outcome, bare):
        try:
            async with transaction(ctx.engine) as tx:
                await settling.settle(tx, [one], ctx.clock())
        except Exception as e:
            if is_down(e):
                raise
            log.exception("workflow.step_broken", node=outcome.work.node.id)
        else:
            return


async def _inside(engine: AsyncEngine, work: Work, now: datetime) -> None:
    """One transaction a step: it may lock an incident, and nobody waits in a circle."""
    try:
        async with transaction(engine) as tx:
            await settling.settle_inside(tx, work, now)
            failpoint("workflows.inside.before_commit")
    except Exception as e:
        if is_down(e):
            raise
        log.exception("workflow.step_broken", node=work.node.id)


async def run_due(tx: Tx, around: Surroundings, now: datetime) -> int:
    """Do what is due, one after the other, in one transaction: for tests of time."""
    claimed = await run_queries.claim(tx, AT_ONCE, LEASE, now)
    if not claimed:
        return 0
    for work in await prepare(tx, claimed, around):
        outcome = instant(work, now)
        if outcome is None and is_inside(work):
            await settling.settle_inside(tx, work, now)
            continue
        if outcome is None:
            outcome = await perform(around.transports, work, now)
        await settling.settle(tx, [outcome], now)
    return len(claimed)
