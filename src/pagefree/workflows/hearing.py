"""What workflows hear of the timeline: what starts them, and what they wait for."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pagefree.core.runbook_runs import OVER, RunState
from pagefree.core.workflows import StepStatus
from pagefree.infra.db import Tx
from pagefree.timeline.listening import Event, Listener
from pagefree.workflows import queries, run_queries, settling
from pagefree.workflows.facts import kept
from pagefree.workflows.starting import KINDS, on_events

RUNBOOK_RUN = "runbook_run."
ENDS = frozenset(f"{RUNBOOK_RUN}{state.value}" for state in OVER)


async def _wanted(tx: Tx) -> bool:
    return await queries.any_enabled(tx) or await run_queries.any_waiting(tx)


async def _hear(tx: Tx, events: Sequence[Event], now: datetime) -> None:
    ended = {
        UUID(str(event.data["run_id"])): event
        for event in events
        if event.kind in ENDS and "run_id" in event.data
    }
    await _go_on_after(tx, ended, now)
    await on_events(tx, [e for e in events if e.kind in KINDS], now)


LISTENER = Listener("workflows", frozenset(KINDS) | ENDS, _hear, _wanted)


async def _go_on_after(tx: Tx, ended: dict[UUID, Event], now: datetime) -> None:
    """Steps that wait for runs of runbooks go on; any end but success fails them."""
    if not ended:
        return
    waiting = await run_queries.find_waiting(tx, ended)
    for runbook_run_id, (run_id, step_id) in sorted(waiting.items(), key=str):
        event = ended[runbook_run_id]
        state = event.kind.removeprefix(RUNBOOK_RUN)
        outcome = str(event.data.get("outcome") or "")
        fine = state == RunState.SUCCEEDED.value
        status = StepStatus.SUCCEEDED if fine else StepStatus.FAILED
        values = {
            "status": status.value,
            "port": "out" if fine else None,
            "error": None if fine else f"the runbook has {state}: {outcome}"[:500],
            "output": kept(
                {
                    "run_id": str(runbook_run_id),
                    "state": state,
                    "outcome": outcome,
                    "result": event.data.get("result"),
                }
            ),
        }
        await settling.answer(tx, run_id, step_id, values, now)
