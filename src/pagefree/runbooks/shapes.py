"""What the routes of runbooks take and answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from pagefree.core.runbook_runs import RunState
from pagefree.core.runbooks import RunClass, VersionState
from pagefree.infra.web import Shape
from pagefree.runbooks.contents import RunbookContent

Name = Annotated[str, Field(min_length=1, max_length=100)]
Text = Annotated[str, Field(max_length=2000)]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class RunbookRef(Shape):
    """A team or a person to link to."""

    id: UUID
    name: str


# -- targets and connections ---------------------------------------------------------


class RunbookTarget(Shape):
    """A kind of system that runs something for us; its forms are JSON Schema."""

    kind: str
    title: str
    summary: str
    connection_schema: dict[str, Any]
    content_schema: dict[str, Any]
    can_cancel: bool
    calls_back: bool  # only the runner knows how it ends
    readme: str  # Markdown


class ConnectionChanges(Shape):
    """A connection as a whole; a secret that is left out stays as it was."""

    name: Name
    values: dict[str, Any]
    team_ids: list[UUID] = Field(default_factory=list, max_length=100)
    networks: list[Annotated[str, Field(max_length=50)]] = Field(
        default_factory=list, max_length=20
    )


class ConnectionIn(ConnectionChanges):
    """A connection to make; without a team it is the whole installation's."""

    kind: Annotated[str, Field(max_length=40)]
    team_id: UUID | None = None


class Connection(Shape):
    """How a system outside is reached; its secrets are never shown."""

    id: UUID
    kind: str
    name: str
    team: RunbookRef | None
    team_ids: list[UUID]
    networks: list[str]
    values: dict[str, Any]
    can_edit: bool
    created_at: datetime
    updated_at: datetime
    tested_at: datetime
    hint_path: str | None  # where its own notifications may go


# -- the library ----------------------------------------------------------------------


class RunbookIn(Shape):
    """A runbook to write; without a team it is the whole installation's."""

    team_id: UUID | None = None
    content: RunbookContent
    note: Text = ""


class VersionIn(Shape):
    """The next version as a whole."""

    content: RunbookContent
    note: Text = ""


class LastRun(Shape):
    """How a runbook did when it ran last."""

    id: UUID
    state: RunState
    at: datetime


class RunbookSummary(Shape):
    """A runbook in the library."""

    id: UUID
    team: RunbookRef | None
    name: str
    description: str
    run_class: RunClass
    target: str
    auto_safe: bool
    latest: int
    latest_state: VersionState
    approved: int | None  # the version that runs
    stopped_at: datetime | None
    stopped_reason: str | None
    created_at: datetime
    last_run: LastRun | None


class VersionSummary(Shape):
    """One version in the history of a runbook."""

    number: int
    state: VersionState
    content_hash: str
    note: str
    author: RunbookRef
    created_at: datetime
    submitted_at: datetime | None
    deprecated_at: datetime | None


class RunbookDetail(RunbookSummary):
    """A runbook with the history of its versions, newest first."""

    versions: list[VersionSummary]
    can_write: bool


class ApprovalOut(Shape):
    """Somebody's yes to one content."""

    approver: RunbookRef
    comment: str
    content_hash: str
    at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class CommentOut(Shape):
    """What somebody said about a version."""

    id: UUID
    author: RunbookRef
    text: str
    at: datetime


class VersionOut(VersionSummary):
    """A version with its content and what was decided about it."""

    content: RunbookContent
    approvals: list[ApprovalOut]
    approvals_needed: int
    comments: list[CommentOut]
    may_approve: bool


class Difference(Shape):
    """One part of the content that differs; null where there is nothing."""

    path: str
    before: Any
    after: Any


class VersionDiff(Shape):
    """What an approver is shown: all that differs from the version before."""

    against: int | None
    content_hash: str
    differences: list[Difference]


class ApprovalIn(Shape):
    """Yes to the content with this hash: the one that was shown."""

    content_hash: Hash
    comment: Text = ""


class EmergencyIn(Shape):
    """Why the content with this hash has to run at once, for which incident."""

    content_hash: Hash
    incident_id: UUID
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class EmergencyConfirmation(Shape):
    """Yes to the content with this hash: the one that was shown."""

    content_hash: Hash


class EmergencyReview(Shape):
    """What came of looking back at it."""

    text: Annotated[str, Field(min_length=1, max_length=2000)]


class EmergencyOut(Shape):
    """What one asked to let run without an approval, and another confirmed."""

    id: UUID
    content_hash: str
    incident_id: UUID
    incident_number: int
    reason: str
    asked_by_id: UUID
    asked_by: str
    asked_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None
    expires_at: datetime
    reviewed_by: str | None
    reviewed_at: datetime | None
    review: str | None


class CommentIn(Shape):
    """What to say about a version."""

    text: Annotated[str, Field(min_length=1, max_length=2000)]


class StopIn(Shape):
    """Why nothing may run."""

    reason: Annotated[str, Field(min_length=1, max_length=200)]


class RunbookSettingsOut(Shape):
    """What holds for all runbooks; while a reason is given, nothing runs."""

    approval_days: int
    stopped_at: datetime | None
    stopped_reason: str | None


class RunbookSettingsIn(Shape):
    """What is to hold for all runbooks."""

    approval_days: int = Field(90, ge=1, le=730)
    stopped_reason: Annotated[str, Field(min_length=1, max_length=200)] | None = None


class RunbookApprover(Shape):
    """Somebody who may approve what is a team's without being its admin."""

    user: RunbookRef
    given_at: datetime


# -- runs ----------------------------------------------------------------------------


class RunFormOut(Shape):
    """What to show before a run: the form, filled in from the incident."""

    runbook_id: UUID
    version: int
    name: str
    description: str
    run_class: RunClass
    target: str
    parameters: dict[str, Any]  # JSON Schema
    values: dict[str, Any]
    connections: list[RunbookRef]
    confirmation: str | None  # to be typed in, where it is destructive
    may_run: bool
    why_not: str | None


class RunIn(Shape):
    """A run to start."""

    version: int | None = None  # none: the newest that is approved
    parameters: dict[str, Any] = Field(default_factory=dict, max_length=40)
    incident_id: UUID | None = None
    connection_id: UUID | None = None
    confirmation: Annotated[str, Field(max_length=100)] | None = None


class RunOut(Shape):
    """One run; every text of it may come from outside."""

    id: UUID
    runbook_id: UUID
    name: str
    version: int
    content_hash: str
    run_class: RunClass
    state: RunState
    team_id: UUID | None  # the runbook's; none: the installation's
    incident_id: UUID | None
    connection_id: UUID
    parameters: dict[str, Any]
    automatic: bool
    emergency_id: UUID | None  # what two people let run without an approval
    started_by: str
    started_by_id: UUID | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    ends_at: datetime
    cancelling: bool
    outcome: str
    result: dict[str, Any] | None
    external_url: str | None
    external_revision: str | None
    line_count: int


class RunLine(Shape):
    """One line of output, to be shown as plain text."""

    number: int
    source: str
    text: str
    at: datetime


class RunLines(Shape):
    """Some of the output; ask again after the last number while the run is not over."""

    items: list[RunLine]
    state: RunState


class CallbackIn(Shape):
    """What a runner tells of its run."""

    id: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    state: Literal["running", "succeeded", "failed"] | None = None
    outcome: Annotated[str, Field(max_length=300)] = ""
    lines: list[Annotated[str, Field(max_length=16_384)]] = Field(
        default_factory=list, max_length=200
    )
    result: dict[str, Any] = Field(default_factory=dict, max_length=100)


class CallbackOut(Shape):
    """What came of it."""

    verdict: str


class AuditOut(Shape):
    """Who did what, and what came back; each hash covers the one before."""

    id: int
    at: datetime
    kind: str
    runbook_id: UUID | None
    version_id: UUID | None
    run_id: UUID | None
    team_id: UUID | None
    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    data: Mapping[str, Any]
    previous_hash: str
    hash: str
