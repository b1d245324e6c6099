"""What runners call back with: recorded always, applied only where it may count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hmac import compare_digest
from uuid import UUID

from pagefree.core.errors import NotFound, PageFreeError
from pagefree.core.runbook_runs import OVER, RunState
from pagefree.infra.crypto import token_hash
from pagefree.infra.db import Channel, Tx, notify
from pagefree.runbooks import connection_queries, contents, queries
from pagefree.runbooks import run_queries as runs
from pagefree.runbooks.endings import News, append_lines, apply
from pagefree.runbooks.run_queries import Run
from pagefree.targets.base import Hint
from pagefree.timeline.service import Cause, CauseKind

MOST = 2000  # are recorded of one run; whoever knows no token soon fills nobody's disk
MOST_FORGED = 100
LONGEST_BODY = 2000
RUNNER = Cause(CauseKind.SYSTEM, None, "Runner")


class Verdict(StrEnum):
    """What came of a callback."""

    APPLIED = "applied"
    NOTED = "noted"  # its lines are kept, its result is read at the target
    REPEATED = "repeated"
    LATE = "late"
    FORGED = "forged"


@dataclass(frozen=True, slots=True)
class Callback:
    """What a runner says."""

    token: str
    event_id: str | None  # the same in every attempt
    state: RunState | None  # running, succeeded or failed
    outcome: str = ""
    lines: Sequence[str] = ()
    result: Mapping[str, object] = field(default_factory=dict)
    body: str = ""  # as it came


async def receive(tx: Tx, run_id: UUID, said: Callback, now: datetime) -> Verdict:
    """Record it, and apply it if it is genuine, new and in time. Raises NotFound."""
    run = await runs.lock_run(tx, run_id)
    if run is None:
        raise NotFound("no such run")
    verdict = await _verdict(tx, run, said, now)
    most = MOST_FORGED if verdict is Verdict.FORGED else MOST
    if run.callback_count >= most:
        return verdict if verdict is Verdict.FORGED else Verdict.LATE
    forged = verdict is Verdict.FORGED
    values = {
        "verdict": verdict.value,
        "event_id": None if forged else said.event_id,
        "body": said.body[:LONGEST_BODY],
    }
    new = await runs.insert_callback(tx, run_id, values, now)
    await runs.update_run(tx, run_id, {"callback_count": run.callback_count + 1})
    if not new:
        return Verdict.REPEATED
    if verdict in {Verdict.APPLIED, Verdict.NOTED}:
        await _apply(tx, run, said, verdict, now)
    return verdict


async def _verdict(tx: Tx, run: Run, said: Callback, now: datetime) -> Verdict:
    given = token_hash(said.token)
    if run.token_hash is None or not compare_digest(given, run.token_hash):
        return Verdict.FORGED
    if RunState(run.state) in OVER or now >= run.ends_at:
        return Verdict.LATE
    return Verdict.NOTED if await _is_asked(tx, run) else Verdict.APPLIED


async def _is_asked(tx: Tx, run: Run) -> bool:
    """Whether the target itself says how it ends."""
    version = await queries.get_version_by_id(tx, run.version_id)
    if version is None:
        return True
    try:
        target = contents.target_of(str(version.content.get("target")))
    except PageFreeError:
        return True
    return target.poll is not None


async def _apply(
    tx: Tx, run: Run, said: Callback, verdict: Verdict, now: datetime
) -> None:
    await append_lines(tx, run, "runner", said.lines, [said.token], now)
    if verdict is Verdict.NOTED:
        await runs.hasten(tx, run.id, now)
        await notify(tx, Channel.RUNS)
    elif said.state is not None:
        columns: dict[str, object] = {}
        if said.state is RunState.RUNNING:
            columns["due_at"] = run.ends_at
        news = News(said.state, said.outcome, said.result, columns, RUNNER)
        await apply(tx, run, news, now)


async def hint(tx: Tx, connection_id: UUID, heard: Hint, now: datetime) -> None:
    """A target's own request: whichever run it names is looked at now; nothing is believed."""
    connection = await connection_queries.get_connection(tx, connection_id)
    if connection is None:
        raise NotFound("no such connection")
    read = contents.target_of(connection.kind).receive
    external_id = read(heard) if read else None
    if external_id is None:
        return
    for run_id in await runs.list_by_external_id(tx, connection_id, external_id):
        await runs.hasten(tx, run_id, now)
    await notify(tx, Channel.RUNS)
