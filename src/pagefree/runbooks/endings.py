"""Moving a run forward: the one place that changes its state."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pagefree.core import runbook_runs as core
from pagefree.core.runbook_runs import OVER, RunState
from pagefree.infra.db import Channel, Tx, notify
from pagefree.runbooks import run_queries as queries
from pagefree.runbooks.recording import record
from pagefree.runbooks.run_queries import Run
from pagefree.runbooks.service import about
from pagefree.timeline.service import SYSTEM, Cause

LONGEST_OUTCOME = 300
MOST_RESULT = 16 * 1024  # bytes as JSON; what is larger is not kept


@dataclass(frozen=True, slots=True)
class News:
    """What has become known of a run."""

    state: RunState
    outcome: str = ""
    result: Mapping[str, object] | None = None
    columns: Mapping[str, object] = field(default_factory=dict)
    cause: Cause = SYSTEM


async def apply(tx: Tx, run: Run, news: News, now: datetime) -> bool:
    """Move a locked run forward; false where that would be backward: nothing changes."""
    before = RunState(run.state)
    if not core.moves(before, news.state):
        return False
    values: dict[str, object] = {**news.columns, "state": news.state.value}
    outcome = news.outcome[:LONGEST_OUTCOME]
    if news.state in OVER:
        values |= {"finished_at": now, "due_at": None, "outcome": outcome}
        values["result"] = _capped(news.result)
    elif run.started_at is None:
        values["started_at"] = now
    await queries.update_run(tx, run.id, values)
    said = about(run, outcome=outcome, result=_capped(news.result))
    await record(tx, f"runbook_run.{news.state.value}", said, news.cause, now)
    await notify(tx, Channel.RUNS)
    return True


async def append_lines(
    tx: Tx,
    run: Run,
    source: str,
    texts: Sequence[str],
    secrets: Sequence[str],
    now: datetime,
) -> int:
    """Append to the output of a locked run; returns how many lines it then has."""
    kept = core.cut(texts, run.line_count, secrets)
    await queries.insert_lines(tx, run.id, run.line_count, source, kept, now)
    return run.line_count + len(kept)


def _capped(result: Mapping[str, object] | None) -> dict[str, object] | None:
    if not result or len(json.dumps(result)) > MOST_RESULT:
        return None
    return dict(result)
