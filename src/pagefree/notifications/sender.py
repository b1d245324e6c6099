"""Sending: keeps every slot busy while anything is due, and sleeps when nothing is."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from math import inf

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.channels import all_channels
from pagefree.infra.db import is_down, transaction
from pagefree.infra.failpoints import failpoint
from pagefree.infra.listen import wait_for
from pagefree.notifications import delivery
from pagefree.notifications.delivery import Assignment, Gateway
from pagefree.notifications.delivery_queries import Outcome
from pagefree.notifications.lanes import Lane

POLL_S = 0.5  # a lost notice costs no more than this
GATHER_S = 0.02  # under load: claim for all slots that become free meanwhile
SETTLE_S = 0.01  # write down together what ends within it
SETTLE_BUSY_S = 0.05  # the same under load: a transaction costs as much as ten outcomes
SLICE = 5  # sends begun before others, above all the sweep, get their turn
BATCH = 500  # outcomes written at a time
TROUBLE_S = 0.5  # after a failed statement
FINISH_S = 12.0  # for what is being sent when told to stop; an attempt takes at most 10

log = structlog.get_logger()


class Sender:
    """Sends what is due through every channel, each with a number of slots of its own.

    A slow channel fills only its own slots. A slot that becomes free takes what was leased
    for it meanwhile, without waiting for a claim or the rest of its batch. Outcomes are
    written in batches, beside the sending.
    """

    def __init__(
        self, engine: AsyncEngine, gateway: Gateway, due: asyncio.Event
    ) -> None:
        self._engine = engine
        self._gateway = gateway
        self._due = due  # set when something may be due
        self._lanes = {
            kind: Lane(channel.at_once) for kind, channel in all_channels().items()
        }
        self._tasks: set[asyncio.Task[None]] = set()
        self._outcomes: list[Outcome] = []
        self._finished = asyncio.Event()
        self._writing = asyncio.Lock()
        self._backlog = False  # more was due than there were slots

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop` is set, then finish what was begun."""
        writer = asyncio.create_task(self._write_outcomes())
        try:
            while not stop.is_set():
                self._due.clear()
                await self._fill_or_wait()
                if self._backlog:
                    await wait_for(self._due, POLL_S)
                    await asyncio.sleep(GATHER_S)
                else:
                    await wait_for(self._due, POLL_S)
            await self._finish()
        finally:
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)

    async def _fill_or_wait(self) -> None:
        try:
            await self._fill()
        except Exception as e:
            if not is_down(e):
                log.exception("sender.claim_failed")
            await asyncio.sleep(TROUBLE_S)

    async def _fill(self) -> None:
        await self._give_back(self._now_s())
        free = {
            kind: room for kind, lane in self._lanes.items() if (room := lane.room())
        }
        if not free:
            self._backlog = True
            return
        async with transaction(self._engine) as tx:
            batch = await delivery.claim(tx, free, self._gateway.clock())
            if batch.assignments:
                failpoint("sender.before_claim_commit")
        if batch.assignments:
            failpoint("sender.after_claim_commit")
        taken = batch.taken
        self._backlog = any(taken[kind] >= free.get(kind, 0) for kind in self._lanes)
        await self._start(batch.assignments)
        self._keep(batch.skipped)
        if self._backlog and len(batch.assignments) < taken.total():
            self._due.set()  # skipped ones have left slots free: look again at once

    async def _give_back(self, now_s: float) -> None:
        """Let go of what waits behind something slow: it may be unwanted by now."""
        stale = [one for lane in self._lanes.values() for one in lane.take_stale(now_s)]
        if stale:
            async with transaction(self._engine) as tx:
                await delivery.give_back(tx, stale, self._gateway.clock())

    async def _start(self, assignments: Iterable[Assignment]) -> None:
        at_s, started = self._now_s(), 0
        for assignment in assignments:
            kind = assignment.claimed.channel
            self._lanes[kind].add(assignment, at_s)
            started += self._start_next(kind)
            if started >= SLICE:
                started = 0
                await asyncio.sleep(0)

    def _start_next(self, kind: str) -> int:
        """Fill the free slots of a channel from what waits for them; how many it were."""
        started = 0
        while assignment := self._lanes[kind].begin(self._now_s()):
            task = asyncio.create_task(self._send(assignment))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            started += 1
        return started

    async def _send(self, assignment: Assignment) -> None:
        """Send it, and then in the same slot whatever waits for one."""
        kind = assignment.claimed.channel
        lane = self._lanes[kind]
        following: Assignment | None = assignment
        while following is not None:
            try:
                self._keep(await delivery.attempt(self._gateway, following))
            finally:
                lane.end()
                if self._backlog:
                    self._due.set()
            await asyncio.sleep(0)  # where nothing leaves, nothing is waited for
            following = lane.begin(self._now_s())

    def _now_s(self) -> float:
        return asyncio.get_running_loop().time()

    def _keep(self, outcomes: list[Outcome]) -> None:
        if outcomes:
            self._outcomes += outcomes
            self._finished.set()

    async def _write_outcomes(self) -> None:
        while True:
            await self._finished.wait()
            await asyncio.sleep(SETTLE_BUSY_S if self._backlog else SETTLE_S)
            self._finished.clear()
            await self._flush()

    async def _flush(self) -> None:
        """Write every outcome there is; what cannot be written is sent again later."""
        async with self._writing:
            while self._outcomes:
                batch, self._outcomes = self._outcomes[:BATCH], self._outcomes[BATCH:]
                await self._write_or_keep(batch)

    async def _write_or_keep(self, batch: list[Outcome]) -> None:
        now = self._gateway.clock()
        try:
            await self._write(batch, now)
        except Exception as e:
            if is_down(e):
                self._outcomes = [*batch, *self._outcomes]
                await asyncio.sleep(TROUBLE_S)
            else:
                log.exception("sender.outcomes_failed", count=len(batch))
                await self._write_one_by_one(batch, now)

    async def _write(self, batch: list[Outcome], now: datetime) -> None:
        async with transaction(self._engine) as tx:
            await delivery.settle(tx, batch, now)
            failpoint("sender.before_commit")
        failpoint("sender.after_commit")

    async def _write_one_by_one(self, batch: list[Outcome], now: datetime) -> None:
        for outcome in batch:
            try:
                await self._write([outcome], now)
            except Exception:
                # its lease ends, and it is sent again as a possible duplicate
                log.exception("sender.outcome_lost", id=str(outcome.claimed.id))

    async def _finish(self) -> None:
        """Let attempts that have begun come to an end; others may take what has not."""
        try:
            async with asyncio.timeout(FINISH_S):
                await self._give_back(inf)
        except Exception as e:
            if not isinstance(e, TimeoutError) and not is_down(e):
                log.exception(
                    "sender.give_back_failed"
                )  # their leases end by themselves
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=FINISH_S)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        try:
            async with asyncio.timeout(FINISH_S):
                await self._flush()
        except TimeoutError:
            log.warning("sender.outcomes_left", count=len(self._outcomes))
