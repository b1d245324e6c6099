"""Workflows: which steps of a run start, are passed over, and when it has ended.

A run is decided from what has been settled, never from the order in which it was: the same
steps with the same results always lead on to the same next ones. An edge is live once the
step before it was left by the edge's port, dead once that cannot happen any more. A node
starts when all edges to it are decided and one of them is live, so every node with several
edges is a join that waits for all live branches; with only dead edges it is skipped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from pagefree.core.workflow_graphs import (
    DONE,
    EACH,
    FAILED,
    Edge,
    Graph,
    Maps,
    bodies,
    maps_of,
)

MOST_TURNS = 100  # of one loop, whatever its cap says
MOST_CHAIN = 5  # workflows that lead to each other
MOST_RUNS_AN_HOUR = 30  # of one workflow for one incident
AN_HOUR = timedelta(hours=1)
FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(minutes=10)
JITTER = 0.25  # of the wait, added or taken away


class StepStatus(StrEnum):
    """Where a step is."""

    DUE = "due"
    RUNNING = "running"
    WAITING = "waiting"  # for somebody's answer, or something's
    LOOPING = "looping"  # its turns are being gone through
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


class RunStatus(StrEnum):
    """Where a run is."""

    QUEUED = "queued"  # another one of its key comes first
    RUNNING = "running"
    PAUSED = "paused"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


SETTLED = frozenset(
    {
        StepStatus.SUCCEEDED,
        StepStatus.FAILED,
        StepStatus.SKIPPED,
        StepStatus.CANCELLED,
    }
)
ENDED = frozenset({RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.CANCELLED})
Key = tuple[str, int]  # the node, and the turn of its loop; 0 outside of loops


@dataclass(frozen=True, slots=True)
class Step:
    """What is known of a step: its status, the port it was left by, a loop's turns."""

    status: StepStatus
    port: str | None = None
    turns: int = 0  # of a loop


@dataclass(frozen=True, slots=True)
class Next:
    """What follows from what has been settled."""

    started: tuple[Key, ...] = ()
    skipped: tuple[Key, ...] = ()
    finished: tuple[Key, ...] = ()  # loops that have gone through all their turns
    failed_at: Key | None = None  # a failure that nothing catches: the run has failed
    ended: bool = False


# -- what follows ---------------------------------------------------------------------


def advance(graph: Graph, trigger: str, steps: Mapping[Key, Step]) -> Next:
    """What follows in a run that began with `trigger` and has come to `steps`.

    The graph has no faults. Whoever stores the answer and asks again gets nothing new
    before another step is settled.
    """
    walk = _Walk(graph, trigger, dict(steps))
    failed = walk.uncaught_failure()
    if failed is not None:
        return Next(failed_at=failed, ended=True)
    walk.go()
    ended = all(step.status in SETTLED for step in walk.steps.values())
    return Next(
        tuple(walk.started), tuple(walk.skipped), tuple(walk.finished), None, ended
    )


@dataclass(slots=True)
class _Walk:
    """One pass over the graph, until nothing more follows."""

    graph: Graph
    trigger: str
    steps: dict[Key, Step]
    started: list[Key] = field(default_factory=list)
    skipped: list[Key] = field(default_factory=list)
    finished: list[Key] = field(default_factory=list)
    maps: Maps = field(init=False)
    loop_of: dict[str, str] = field(init=False)  # of the nodes inside
    inside: dict[str, frozenset[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.maps = maps_of(self.graph)
        self.inside = bodies(self.graph)
        self.loop_of = {n: loop for loop, body in self.inside.items() for n in body}

    def uncaught_failure(self) -> Key | None:
        """The first step that failed with no edge to catch it."""
        failed = sorted(
            key
            for key, step in self.steps.items()
            if step.status is StepStatus.FAILED and not self._caught(key[0])
        )
        return failed[0] if failed else None

    def _caught(self, node: str) -> bool:
        return any(edge.port == FAILED for edge in self.maps.after[node])

    def go(self) -> None:
        """Start, skip and finish until nothing follows from that."""
        moved = True
        while moved:
            moved = self._finish_loops()
            for node in self.graph.nodes:
                turn = self._turn(node.id)
                if turn is not None and (node.id, turn) not in self.steps:
                    moved |= self._decide(node.id, turn)

    def _turn(self, node: str) -> int | None:
        """The turn in which `node` is to be looked at; none: not now."""
        if self._is_trigger(node):
            return None
        loop = self.loop_of.get(node)
        if loop is None:
            return 0
        step = self.steps.get((loop, 0))
        if step is None or step.status is not StepStatus.LOOPING:
            return None
        turn = self._turns_done(loop)
        return turn if turn < step.turns else None

    def _turns_done(self, loop: str) -> int:
        """How many turns are over; a loop goes through its list one by one."""
        turn = 0
        while self.inside[loop] and all(
            (found := self.steps.get((node, turn))) and found.status in SETTLED
            for node in self.inside[loop]
        ):
            turn += 1
        return turn

    def _finish_loops(self) -> bool:
        done = [
            loop
            for loop, body in self.inside.items()
            if (step := self.steps.get((loop, 0)))
            and step.status is StepStatus.LOOPING
            and (not body or self._turns_done(loop) >= step.turns)
        ]
        for loop in done:
            turns = self.steps[loop, 0].turns
            self.steps[loop, 0] = Step(StepStatus.SUCCEEDED, DONE, turns)
            self.finished.append((loop, 0))
        return bool(done)

    def _decide(self, node: str, turn: int) -> bool:
        """Start or skip a node whose edges are all decided; whether that happened."""
        verdicts = [self._is_live(edge, turn) for edge in self.maps.before[node]]
        if any(verdict is None for verdict in verdicts):
            return False
        if any(verdicts):
            self.steps[node, turn] = Step(StepStatus.DUE)
            self.started.append((node, turn))
        else:
            self.steps[node, turn] = Step(StepStatus.SKIPPED)
            self.skipped.append((node, turn))
        return True

    def _is_live(self, edge: Edge, turn: int) -> bool | None:
        """Whether the edge was taken; none: that is not decided yet."""
        if self._is_trigger(edge.source):
            return edge.source == self.trigger
        if edge.port == EACH and edge.source in self.inside:
            return True  # asked only while the loop goes round
        in_turn = turn if edge.source in self.loop_of else 0
        step = self.steps.get((edge.source, in_turn))
        if step is None or step.status not in SETTLED:
            return None
        if step.status is StepStatus.FAILED:
            return edge.port == FAILED
        return step.status is StepStatus.SUCCEEDED and step.port == edge.port

    def _is_trigger(self, node: str) -> bool:
        return not self.maps.before[node]


# -- retries ----------------------------------------------------------------------------


def retry_at(
    step_id: UUID, attempts: int, retry_after_s: int | None, now: datetime
) -> datetime:
    """When a step that has failed `attempts` times is tried again.

    Waits twice as long each time. The jitter is made from the step's id, so that many steps
    that failed together do not come back together, and a test always sees the same.
    """
    wait = min(FIRST_RETRY * (1 << min(attempts - 1, 10)), LONGEST_RETRY)
    drawn = sha256(step_id.bytes + attempts.to_bytes(4)).digest()
    share = int.from_bytes(drawn[:4]) / 0xFFFFFFFF  # 0 to 1
    wait *= 1 + JITTER * (2 * share - 1)
    asked = timedelta(seconds=min(retry_after_s or 0, 3600))
    return now + max(wait, asked)


# -- guards -----------------------------------------------------------------------------


def refusal(workflow_id: UUID, chain: Sequence[UUID], recent_runs: int) -> str | None:
    """Why a workflow must not be started once more; none: it may.

    `chain` are the workflows whose runs have led to this one, the oldest first.
    """
    if workflow_id in chain:
        return "it would start itself again"
    if len(chain) >= MOST_CHAIN:
        return f"{MOST_CHAIN} workflows have already started each other"
    if recent_runs >= MOST_RUNS_AN_HOUR:
        return f"it has run {MOST_RUNS_AN_HOUR} times for this incident within an hour"
    return None


def is_capped(runs_in_hour: int, most: int) -> bool:
    """Whether a workflow has run as often as it may within an hour, whatever started it.

    Only this ends a circle through a system outside, in which every run looks like news.
    """
    return runs_in_hour >= most


def is_told_again(told_at: datetime | None, now: datetime) -> bool:
    """Whether people hear (again) that a workflow is held back: once an hour at most."""
    return told_at is None or now - told_at >= AN_HOUR


def capped(items: Sequence[object], most: int) -> list[object]:
    """The items that a loop goes through."""
    return list(items[: min(most, MOST_TURNS)])
