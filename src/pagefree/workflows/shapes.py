"""Requests and responses of the routes of workflows."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, JsonValue

from pagefree.core.workflow_graphs import NodeKind
from pagefree.infra.web import Shape
from pagefree.workflows.content import WorkflowContent
from pagefree.workflows.queries import Version, Workflow

Name = Annotated[str, Field(min_length=1, max_length=100)]
Note = Annotated[str, Field(max_length=500)]


class WorkflowTeam(Shape):
    """The team that a workflow belongs to."""

    id: UUID
    name: str


class WorkflowOut(Shape):
    """A workflow; without a team it belongs to the installation. `version` is what new runs take.

    No more than `most_per_hour` runs begin within an hour; `capped_at` is when that last
    kept one from beginning.
    """

    id: UUID
    team: WorkflowTeam | None
    name: str
    description: str
    enabled: bool
    version: int | None
    triggers: list[str]
    most_per_hour: int
    capped_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, found: Workflow) -> "WorkflowOut":
        """The workflow as the API shows it."""
        team = (
            WorkflowTeam(id=found.team_id, name=found.team_name or "")
            if found.team_id
            else None
        )
        return cls(
            id=found.id,
            team=team,
            name=found.name,
            description=found.description,
            enabled=found.enabled,
            version=found.version_number,
            triggers=list(found.triggers),
            most_per_hour=found.most_per_hour,
            capped_at=found.capped_at,
            created_at=found.created_at,
            updated_at=found.updated_at,
        )


class WorkflowIn(Shape):
    """A workflow to make; it begins switched off."""

    team_id: UUID | None = None
    name: Name
    description: str = Field("", max_length=2000)
    content: WorkflowContent
    note: Note = ""


class WorkflowChanges(Shape):
    """What to change; what is left out stays. The graph is changed by a new version."""

    name: Name | None = None
    description: str | None = Field(None, max_length=2000)
    enabled: bool | None = None
    most_per_hour: int | None = Field(None, ge=1, le=100_000)


class WorkflowVersionIn(Shape):
    """A new version, or with `back_to` one that is like an older one."""

    content: WorkflowContent | None = None
    back_to: int | None = None
    note: Note = ""


class WorkflowAuthor(Shape):
    """Who saved a version."""

    id: UUID
    name: str


class WorkflowVersionOut(Shape):
    """One version in the history of a workflow."""

    number: int
    note: str
    author: WorkflowAuthor | None
    created_at: datetime
    cursor_id: UUID

    @classmethod
    def of(cls, found: Version) -> "WorkflowVersionOut":
        """The version as the API shows it."""
        author = (
            WorkflowAuthor(id=found.author_id, name=found.author_name or "")
            if found.author_id
            else None
        )
        return cls(
            number=found.number,
            note=found.note,
            author=author,
            created_at=found.created_at,
            cursor_id=found.id,
        )


class WorkflowVersionDetail(Shape):
    """The graph of one version."""

    number: int
    content: WorkflowContent


class WorkflowEdgeChange(Shape):
    """A line that one version has and another has not."""

    source: str
    target: str
    port: str


class WorkflowComparison(Shape):
    """How two versions differ, by the ids of nodes."""

    added: list[str]
    removed: list[str]
    changed: list[str]
    edges_added: list[WorkflowEdgeChange]
    edges_removed: list[WorkflowEdgeChange]


class WorkflowCheckIn(Shape):
    """A graph to be checked before it is saved."""

    team_id: UUID | None = None
    content: WorkflowContent


class WorkflowProblem(Shape):
    """What keeps a graph from being saved, at a node and a field of its form if it can be told."""

    node: str | None
    field: str | None
    detail: str


class WorkflowCheckOut(Shape):
    """Everything that is wrong with a graph; nothing if it can be saved."""

    problems: list[WorkflowProblem]


class WorkflowYaml(Shape):
    """A workflow as a YAML file."""

    yaml: str = Field(max_length=200_000)


class WorkflowFileOut(Shape):
    """What a YAML file holds: to be looked at, changed and saved."""

    name: str
    description: str
    content: WorkflowContent


class WorkflowTemplateOut(Shape):
    """A workflow of the library, to begin with."""

    id: str
    group: str
    name: str
    description: str
    content: WorkflowContent


class WorkflowNodeType(Shape):
    """A kind of node with its form as JSON Schema.

    In the schema `template` marks texts with variables, `secret` names of secrets,
    `condition` CEL, and `pick` what to choose from a list.
    """

    kind: NodeKind
    type: str
    title: str
    summary: str
    group: str
    form: dict[str, Any]
    ports: list[str]
    outputs: dict[str, str]
    needs_incident: bool
    readme: str


class WorkflowVocabulary(Shape):
    """All that a canvas needs to know: kinds of nodes, variables, fields of conditions."""

    nodes: list[WorkflowNodeType]
    variables: dict[str, Any]
    condition_texts: list[str]
    condition_maps: list[str]


class WorkflowHookOut(Shape):
    """An address that starts a workflow; the key is only shown when it is made."""

    id: UUID
    prefix: str
    created_at: datetime
    used_at: datetime | None


class NewWorkflowHook(WorkflowHookOut):
    """The new address, with its key in it."""

    url: str


class WorkflowSecretIn(Shape):
    """A secret to keep; an older one of the same name is replaced."""

    team_id: UUID | None = None
    value: str = Field(min_length=1, max_length=10_000)


class WorkflowSecretOut(Shape):
    """A secret without its value, which is never shown again."""

    name: str
    team_id: UUID | None
    updated_at: datetime


class WorkflowTrialIn(Shape):
    """A dry run: what the graph would do for an incident of the past."""

    team_id: UUID | None = None
    content: WorkflowContent
    trigger: str | None = None
    incident_id: UUID | None = None
    outputs: dict[str, JsonValue] = Field(default_factory=dict)
    ports: dict[str, str] = Field(default_factory=dict)


class WorkflowTriedStep(Shape):
    """What a step would do; `shown` is the request that it would send, secrets masked."""

    node: str
    turn: int
    status: Literal["would_run", "skipped", "failed"]
    port: str | None
    shown: JsonValue
    error: str | None


class WorkflowTrialOut(Shape):
    """Every step of a dry run, in order."""

    steps: list[WorkflowTriedStep]


class WorkflowStatistics(Shape):
    """How the runs of the last 30 days went."""

    by_status: dict[str, int]
    median_s: float | None
    failing: list["WorkflowFailures"]


class WorkflowFailures(Shape):
    """How often one node failed."""

    node: str
    count: int
