"""What the management API of status pages takes and answers."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Base64Bytes, Field

from pagefree.core.status_pages import State
from pagefree.infra.web import Shape
from pagefree.status_pages.uptimes import Uptime

Name = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(max_length=2000)]
Link = Annotated[str, Field(max_length=2000)]
Rules = Annotated[dict[str, State], Field(max_length=20)]
Several = Annotated[list[UUID], Field(max_length=500)]
Seconds = Annotated[int, Field(ge=60, le=30 * 86400)]


class StatusPageRef(Shape):
    """Something to link to."""

    id: UUID
    name: str


class PageTexts(Shape):
    """A page's own texts in a further language; what is empty stays as it is."""

    name: str = Field("", max_length=200)
    description: str = Field("", max_length=2000)
    footer: str = Field("", max_length=2000)


class StatusPageChanges(Shape):
    """What may be changed about a page; what is not sent stays."""

    name: Name | None = None
    slug: Annotated[str, Field(max_length=63)] | None = None
    domain: Annotated[str, Field(max_length=253)] | None = None
    description: Text | None = None
    footer: Text | None = None
    support_url: Link | None = None
    translations: Annotated[dict[str, PageTexts], Field(max_length=20)] | None = None
    time_zone: Annotated[str, Field(max_length=100)] | None = None
    languages: Annotated[list[str], Field(max_length=20)] | None = None
    colour: str | None = None
    theme: Literal["auto", "light", "dark"] | None = None
    rules: Rules | None = None
    uptime_shown: bool | None = None
    visibility: Literal["public", "private"] | None = None
    signed_in: bool | None = None
    partners: bool | None = None
    networks: Annotated[list[str], Field(max_length=100)] | None = None


class StatusPageIn(StatusPageChanges):
    """A page to set up; without a team it is the whole installation's."""

    name: Name
    slug: Annotated[str, Field(max_length=63)]
    team_id: UUID | None = None


class ComponentGroup(Shape):
    """A heading over components."""

    id: UUID
    name: str
    description: str
    position: int
    collapsed: bool


class ComponentGroupIn(Shape):
    """A heading to add."""

    name: Name
    description: Text = ""
    collapsed: bool = False


class ComponentGroupChanges(Shape):
    """What may be changed about a heading; what is not sent stays."""

    name: Name | None = None
    description: Text | None = None
    collapsed: bool | None = None


class Component(Shape):
    """A line of a page: how it is, and what decides that."""

    id: UUID
    group_id: UUID | None
    name: str
    description: str
    position: int
    state: State
    services: list[StatusPageRef]
    condition: str
    rules: dict[str, State] | None
    showcase: bool
    only_show_if_degraded: bool
    started_on: date | None
    override_state: State | None
    override_until: datetime | None
    override_by: StatusPageRef | None


class ComponentChanges(Shape):
    """What may be changed about a component; what is not sent stays.

    `condition` is CEL on open alerts; `rules` say what an incident of a priority or a
    severity does to it (null: as the page says).
    """

    name: Name | None = None
    description: Text | None = None
    group_id: UUID | None = None
    service_ids: Several | None = None
    condition: Annotated[str, Field(max_length=2000)] | None = None
    rules: Rules | None = None
    showcase: bool | None = None
    only_show_if_degraded: bool | None = None
    started_on: date | None = None


class ComponentIn(ComponentChanges):
    """A component to add at the end of its group."""

    name: Name


class ComponentOverride(Shape):
    """What somebody says by hand, until then or until they end it."""

    state: State
    until: AwareDatetime | None = None


class ComponentPlace(Shape):
    """Where a component stands."""

    component_id: UUID
    group_id: UUID | None = None


class PageLayout(Shape):
    """Every group and every component of a page, in order."""

    group_ids: Several
    components: Annotated[list[ComponentPlace], Field(max_length=500)]


class UptimeDay(Shape):
    """A day by the clocks of the page; without a state where nothing was recorded."""

    on: date
    worst: State | None
    down_s: int


class ComponentUptime(Shape):
    """A component's last 90 days; `uptime` in hundredths of a per cent, rounded down."""

    component_id: UUID
    name: str
    uptime: int | None
    days: list[UptimeDay]


class StatusPageSummary(Shape):
    """A page in a list: the worst state of its components, what is open and planned."""

    id: UUID
    team: StatusPageRef | None
    name: str
    slug: str
    url: str
    visibility: Literal["public", "private"]
    state: State
    open_incidents: int
    planned_works: int


class StatusPage(Shape):
    """A page as it is set up; `url` is where it is served."""

    id: UUID
    team: StatusPageRef | None
    name: str
    slug: str
    url: str
    domain: str | None
    description: str
    footer: str
    support_url: str | None
    translations: dict[str, PageTexts]
    time_zone: str
    languages: list[str]
    colour: str
    theme: Literal["auto", "light", "dark"]
    has_logo: bool
    has_favicon: bool
    rules: dict[str, State]
    uptime_shown: bool
    visibility: Literal["public", "private"]
    has_password: bool
    signed_in: bool
    partners: bool
    networks: list[str]
    created_at: datetime
    version: int
    groups: list[ComponentGroup]
    components: list[Component]


class PagePassword(Shape):
    """What opens a private page."""

    password: str = Field(min_length=8, max_length=200)


class PagePicture(Shape):
    """A picture in Base64: PNG, JPEG, WebP or ICO, at most 200 kB."""

    content: Base64Bytes


class PageTokenIn(Shape):
    """A token to make."""

    name: Name
    expires_at: AwareDatetime | None = None


class PageToken(Shape):
    """A token, without its secret."""

    id: UUID
    name: str
    prefix: str
    created_at: datetime
    expires_at: datetime | None


class NewPageToken(PageToken):
    """A token with its secret, which is shown this once."""

    secret: str


def uptime_of(found: Uptime) -> ComponentUptime:
    """What was recorded of a component, as the API tells it."""
    return ComponentUptime(
        component_id=found.component.id,
        name=found.component.name,
        uptime=found.share,
        days=[
            UptimeDay(
                on=day.on,
                worst=day.worst if day.known else None,
                down_s=int(day.down.total_seconds()),
            )
            for day in found.days
        ],
    )
