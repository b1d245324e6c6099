"""What keeps a workflow from feeding itself: counted before runs begin, told once an hour."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.core.workflows import is_capped, is_told_again, refusal
from pagefree.infra.db import Tx
from pagefree.schedules.notices import Listener, tell
from pagefree.timeline.service import Cause, CauseKind, Entry
from pagefree.workflows import queries, queue_queries, run_queries
from pagefree.workflows.queries import Startable

HOUR = timedelta(hours=1)
BUSY = "a run with the same key is going on"


@dataclass(frozen=True, slots=True)
class Asked:
    """A run that is asked for, as far as a guard looks at it."""

    workflow: Startable
    incident_id: UUID | None
    chain: Sequence[UUID]
    key: str | None
    skips: bool  # does not wait for a run of the same key


@dataclass(slots=True)
class Guards:
    """What has run lately and runs now; what is let in counts at once."""

    of_incident: Counter[tuple[UUID, UUID]]
    of_workflow: Counter[UUID]
    busy: set[tuple[UUID, str]]
    capped: dict[UUID, Startable] = field(default_factory=dict)

    def is_busy(self, one: Asked) -> bool:
        """Whether another run has its key."""
        return one.key is not None and (one.workflow.id, one.key) in self.busy

    def why_not(self, one: Asked) -> str | None:
        """Why it must not begin; none: it may."""
        workflow, about = one.workflow, one.incident_id
        count = self.of_incident[workflow.id, about] if about else 0
        why = refusal(workflow.id, one.chain, count)
        if why is not None:
            return why
        if self.is_busy(one) and one.skips:
            return BUSY
        if is_capped(self.of_workflow[workflow.id], workflow.most_per_hour):
            self.capped[workflow.id] = workflow
            return f"it has run {workflow.most_per_hour} times within an hour"
        return None

    def let_in(self, one: Asked) -> None:
        """It begins, or waits for its key."""
        self.of_workflow[one.workflow.id] += 1
        if one.incident_id:
            self.of_incident[one.workflow.id, one.incident_id] += 1
        if one.key is not None:
            self.busy.add((one.workflow.id, one.key))


async def guards_of(tx: Tx, asked: Collection[Asked], now: datetime) -> Guards:
    """The guards that these runs have to pass."""
    pairs = {(a.workflow.id, a.incident_id) for a in asked if a.incident_id}
    keys = {(a.workflow.id, a.key) for a in asked if a.key}
    since = now - HOUR
    most = max((a.workflow.most_per_hour for a in asked), default=0)
    ids = {a.workflow.id for a in asked}
    return Guards(
        Counter(await run_queries.recent_runs(tx, pairs, since)),
        Counter(await run_queries.runs_since(tx, ids, most, since)),
        await queue_queries.busy_keys(tx, keys) if keys else set(),
    )


async def tell_capped(
    tx: Tx, capped: Mapping[UUID, Startable], now: datetime
) -> list[Entry]:
    """Tell whoever keeps these workflows, unless they just were; what the timeline says."""
    news = [one for one in capped.values() if is_told_again(one.capped_at, now)]
    if not news:
        return []
    await queries.set_capped(tx, [one.id for one in news], now)
    for one in news:
        await tell(tx, await queries.list_keepers(tx, one), _said(one), now)
    return [entry_of(one, "capped", {"most": one.most_per_hour}) for one in news]


def entry_of(
    workflow: Startable,
    what: str,
    data: Mapping[str, object],
    incident_id: UUID | None = None,
) -> Entry:
    """What the timeline says of a workflow that does not begin."""
    cause = Cause(CauseKind.SYSTEM, None, f"Workflow “{workflow.name}”")
    named = {"id": str(workflow.id), "name": workflow.name}
    shown = {"workflow": named, **data}
    return Entry(f"workflow.{what}", cause, incident_id, workflow.team_id, shown)


def _said(workflow: Startable) -> Callable[[Listener], str]:
    def words(_: Listener) -> str:
        return (
            f"The workflow “{workflow.name}” is held back: it has run"
            f" {workflow.most_per_hour} times within an hour, which is all it may."
            " If it feeds itself, switch it off; if it is right, raise the number"
            " in its settings."
        )

    return words
