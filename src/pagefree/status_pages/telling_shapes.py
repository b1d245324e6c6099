"""What the API of incidents and planned work on status pages takes and answers."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from pagefree.core.status_pages import Impact, Stage, State, WorkStatus
from pagefree.core.status_views import ToldTo
from pagefree.infra.web import Shape
from pagefree.status_pages.shapes import (
    Link,
    Name,
    Seconds,
    Several,
    StatusPageRef,
    Text,
)

Body = Annotated[str, Field(min_length=1, max_length=10_000)]


class TouchedComponent(Shape):
    """A component with the state that something gives it."""

    component_id: UUID
    name: str
    state: State


class UpdateCorrection(Shape):
    """What an update said before it was corrected."""

    before: dict[str, str]
    reason: str
    corrected_by: StatusPageRef | None
    corrected_at: datetime


class StatusUpdate(Shape):
    """One thing that was told, or will be at `publish_at`."""

    id: UUID
    status: str
    body: str
    told_to: ToldTo
    quiet: bool
    components: dict[UUID, State]
    display_at: datetime
    publish_at: datetime
    published_at: datetime | None
    created_by: StatusPageRef | None
    corrections: list[UpdateCorrection]


class StatusUpdateIn(Shape):
    """Something to tell: now, at `publish_at`, or dated back to `display_at`.

    Of an incident, `components` are all that it touches from then on; null: as before.
    """

    status: Stage
    body: Body
    told_to: ToldTo = ToldTo.EVERYONE
    quiet: bool = False
    components: Annotated[dict[UUID, State], Field(max_length=500)] | None = None
    publish_at: AwareDatetime | None = None
    display_at: AwareDatetime | None = None


class WorkUpdateIn(Shape):
    """Something to tell about planned work."""

    status: WorkStatus
    body: Body
    told_to: ToldTo = ToldTo.EVERYONE
    quiet: bool = False
    publish_at: AwareDatetime | None = None
    display_at: AwareDatetime | None = None


class CorrectionIn(Shape):
    """A correction; what was published stays on record with the reason.

    `publish_at` moves what has not been told yet.
    """

    body: Body | None = None
    status: Annotated[str, Field(max_length=20)] | None = None
    display_at: AwareDatetime | None = None
    publish_at: AwareDatetime | None = None
    reason: Name


class StatusIncident(Shape):
    """What is told about an incident; updates newest first."""

    id: UUID
    page_id: UUID
    url: str
    incident: StatusPageRef | None
    name: str
    chosen_impact: Impact | None
    postmortem_url: str | None
    status: Stage
    started_at: datetime
    resolved_at: datetime | None
    created_by: StatusPageRef | None
    created_at: datetime
    updated_at: datetime
    components: list[TouchedComponent]
    updates: list[StatusUpdate]


class StatusIncidentIn(Shape):
    """An incident to tell about, with the first thing to tell."""

    name: Name
    update: StatusUpdateIn
    impact: Impact | None = None
    incident_id: UUID | None = None
    components: Annotated[dict[UUID, State], Field(max_length=500)] = Field(
        default_factory=dict
    )
    started_at: AwareDatetime | None = None


class StatusIncidentChanges(Shape):
    """What may be changed; what is not sent stays."""

    name: Name | None = None
    impact: Impact | None = None
    postmortem_url: Link | None = None
    components: Annotated[dict[UUID, State], Field(max_length=500)] | None = None


class PlannedMaintenance(Shape):
    """Planned work; `rrule` is the rule of its series while that goes on."""

    id: UUID
    page_id: UUID
    url: str
    series_id: UUID | None
    rrule: str | None
    name: str
    body: str
    status: WorkStatus
    scheduled_for: datetime
    scheduled_until: datetime
    automatic: bool
    remind_s: int | None
    started_at: datetime | None
    completed_at: datetime | None
    components: list[StatusPageRef]
    updates: list[StatusUpdate]


class PlannedMaintenanceIn(Shape):
    """Work to announce; `rrule` (RFC 5545) has it come again and again."""

    name: Name
    body: Text = ""
    scheduled_for: AwareDatetime
    scheduled_until: AwareDatetime
    component_ids: Several = Field(default_factory=list)
    automatic: bool = True
    remind_s: Seconds | None = None
    rrule: Annotated[str, Field(max_length=300)] | None = None
    time_zone: Annotated[str, Field(max_length=100)] | None = None


class PlannedMaintenanceChanges(Shape):
    """What may be changed; what is not sent stays. A later end extends the work."""

    name: Name | None = None
    body: Text | None = None
    scheduled_for: AwareDatetime | None = None
    scheduled_until: AwareDatetime | None = None
    component_ids: Several | None = None
    automatic: bool | None = None
    remind_s: Seconds | None = None


class MaintenanceStatusIn(Shape):
    """What planned work becomes."""

    status: WorkStatus


class StatusTemplateIn(Shape):
    """Words to keep: Handlebars with `components`, `page`, `status` and `time`."""

    name: Name
    title: Annotated[str, Field(min_length=1, max_length=500)]
    body: Annotated[str, Field(min_length=1, max_length=2000)]
    status: Stage = Stage.INVESTIGATING


class StatusTemplate(StatusTemplateIn):
    """Words that are kept."""

    id: UUID


class ProposalIn(Shape):
    """What to fill in: a template or words of one's own, about an incident of ours."""

    template_id: UUID | None = None
    title: Annotated[str, Field(max_length=500)] | None = None
    body: Annotated[str, Field(max_length=2000)] | None = None
    status: Stage | None = None
    incident_id: UUID | None = None
    components: Annotated[dict[UUID, State], Field(max_length=500)] | None = None


class StatusProposal(Shape):
    """What would be told: for a person to read before it is."""

    name: str
    body: str
    status: Stage
    components: dict[UUID, State]


def seconds(length: timedelta | None) -> int | None:
    """A length in seconds."""
    return None if length is None else int(length.total_seconds())
