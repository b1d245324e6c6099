"""Requests and responses of the routes of runs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field, JsonValue

from pagefree.core.workflows import RunStatus, StepStatus
from pagefree.infra.web import Shape
from pagefree.workflows.content import WorkflowContent, action_of
from pagefree.workflows.run_queries import Run, StepRow


class WorkflowRef(Shape):
    """The workflow of a run, and the version that it keeps."""

    id: UUID
    name: str
    version: int


class WorkflowRunIn(Shape):
    """What to start a workflow for."""

    incident_id: UUID | None = None


class WorkflowRunStarted(Shape):
    """The run that was started."""

    id: UUID


class WorkflowRunOut(Shape):
    """One run of a workflow."""

    id: UUID
    workflow: WorkflowRef
    status: RunStatus
    trigger: str
    trigger_kind: str
    incident_id: UUID | None
    started_by: str
    concurrency_key: str | None
    error: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None

    @classmethod
    def of(cls, run: Run) -> "WorkflowRunOut":
        """The run as the API shows it."""
        return cls(**_of_run(run))


class WorkflowStepOut(Shape):
    """One step of a run: what it was given, what it put out, how long it took."""

    id: UUID
    node: str
    turn: int
    status: StepStatus
    due_at: datetime | None
    attempts: int
    possible_duplicate: bool  # it was attempted again, and may have been done before
    port: str | None
    input: JsonValue
    output: JsonValue
    error: str | None
    answered_by: str | None
    started_at: datetime | None
    ended_at: datetime | None

    @classmethod
    def of(cls, row: StepRow, content: WorkflowContent) -> "WorkflowStepOut":
        """The step as the API shows it."""
        return cls(
            id=row.id,
            node=row.node,
            turn=row.turn,
            status=row.status,
            due_at=row.due_at,
            attempts=row.attempts,
            possible_duplicate=row.in_doubt
            and row.attempts > 1
            and _may_repeat(row.node, content),
            port=row.port,
            input=row.input,
            output=row.output,
            error=row.error,
            answered_by=row.answered_by_name,
            started_at=row.started_at,
            ended_at=row.ended_at,
        )


class WorkflowRunDetail(WorkflowRunOut):
    """One run with its steps and the graph that it follows."""

    content: WorkflowContent
    steps: list[WorkflowStepOut]

    @classmethod
    def with_steps(
        cls, run: Run, content: WorkflowContent, steps: Sequence[StepRow]
    ) -> "WorkflowRunDetail":
        """The run as the API shows it."""
        shown = [WorkflowStepOut.of(row, content) for row in steps]
        return cls(**_of_run(run), content=content, steps=shown)


class WorkflowSummary(Shape):
    """How a workflow that ran in the last 30 days is doing, and its newest run."""

    workflow_id: UUID
    runs: int
    failed: int
    last_id: UUID
    last_status: RunStatus
    last_at: datetime


class WorkflowAnswerIn(Shape):
    """Yes or no to a step that waits for approval."""

    approved: bool
    comment: str = Field("", max_length=1000)


def _may_repeat(node_id: str, content: WorkflowContent) -> bool:
    """Whether the action is one that cannot tell whether it was done before."""
    actions = (action_of(node) for node in content.nodes if node.id == node_id)
    return any(action is not None and action.may_repeat for action in actions)


def _of_run(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "workflow": WorkflowRef(
            id=run.workflow_id, name=run.workflow_name, version=run.version_number
        ),
        "status": run.status,
        "trigger": run.trigger,
        "trigger_kind": run.trigger_kind,
        "incident_id": run.incident_id,
        "started_by": run.cause_name,
        "concurrency_key": run.concurrency_key,
        "error": run.error,
        "created_at": run.created_at,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
    }
