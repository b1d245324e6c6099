"""What the routes of postmortems take and answer."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, HttpUrl, StringConstraints

from pagefree.core.action_items import ItemStatus
from pagefree.core.postmortems import PostmortemMove, PostmortemState
from pagefree.infra.web import Shape
from pagefree.postmortems.contents import Line, PostmortemContent

Body = Annotated[str, Field(max_length=60_000)]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)
]


class PostmortemRef(Shape):
    """A team or a person to link to."""

    id: UUID
    name: str


class PostmortemIncident(Shape):
    """An incident that a postmortem is about."""

    id: UUID
    number: int
    title: str


class PostmortemSummary(Shape):
    """A postmortem in the list."""

    id: UUID
    title: str
    summary: str
    state: PostmortemState
    team: PostmortemRef
    tags: list[str]
    incidents: list[PostmortemIncident]
    started_at: datetime
    resolved_at: datetime | None
    updated_at: datetime
    published_at: datetime | None
    item_count: int
    open_item_count: int


class PostmortemLock(Shape):
    """Who writes at the moment, and until when if nothing is saved."""

    holder: PostmortemRef
    until: datetime


class PostmortemDetail(PostmortemSummary):
    """A postmortem with all that is in it."""

    version: int
    content: PostmortemContent
    url: str  # to hand on: whoever opens it signs in, and sees it if they may
    created_at: datetime
    created_by: PostmortemRef
    updated_by: PostmortemRef
    submitted_at: datetime | None
    submitted_by: PostmortemRef | None
    published_by: PostmortemRef | None
    lock: PostmortemLock | None
    can_write: bool
    can_remove: bool
    moves: list[PostmortemMove]  # what you may do with it now


class PostmortemIn(Shape):
    """Which incidents it is about, and what it begins as: `standard`, `short`, …, or an id."""

    incident_ids: list[UUID] = Field(min_length=1, max_length=20)
    template: Annotated[str, Field(max_length=40)] = "standard"


class PostmortemContentIn(Shape):
    """A save, and the version that it was written on."""

    based_on: int = Field(ge=1, le=2_000_000_000)
    content: PostmortemContent


class PostmortemSaved(Shape):
    """What a save has become."""

    version: int
    saved_at: datetime
    locked_until: datetime


class PostmortemLockIn(Shape):
    """Write alone; `take_over` from whoever does already, who is told."""

    take_over: bool = False


class PostmortemVersion(Shape):
    """What somebody saved; saves shortly after each other are one version."""

    number: int
    author: PostmortemRef
    began_at: datetime
    saved_at: datetime
    note: str


class PostmortemVersionDetail(PostmortemVersion):
    """A version with what it holds."""

    content: PostmortemContent


# -- action items -----------------------------------------------------------------------


class ActionItemIn(Shape):
    """What is to be done."""

    text: Line
    owner_id: UUID | None = None
    due_on: date | None = None


class ActionItemChanges(Shape):
    """What is left out stays as it is."""

    text: Line | None = None
    owner_id: UUID | None = None
    due_on: date | None = None
    status: ItemStatus | None = None
    ticket_url: HttpUrl | None = None


class ActionItemOut(Shape):
    """An action item; its owner is reminded at `remind_at`."""

    id: UUID
    postmortem_id: UUID
    postmortem_title: str
    text: str
    owner: PostmortemRef | None
    due_on: date | None
    status: ItemStatus
    ticket_url: str | None
    ticket_key: str | None
    created_at: datetime
    closed_at: datetime | None
    remind_at: datetime | None


# -- images and templates ---------------------------------------------------------------


class PostmortemImage(Shape):
    """An image to show in the text as `![what it is](url)`."""

    id: UUID
    name: str
    content_type: str
    size: int
    url: str
    added_at: datetime


class PostmortemTemplateChanges(Shape):
    """A template as a whole."""

    name: Name
    body: Body


class PostmortemTemplateIn(PostmortemTemplateChanges):
    """A template to add; without a team it is for all."""

    team_id: UUID | None = None


class PostmortemTemplate(Shape):
    """What a postmortem may begin as; `key` names it when one is begun."""

    key: str
    id: UUID | None  # none: it comes with PageFree
    team_id: UUID | None
    name: str
    means: str
    body: str
