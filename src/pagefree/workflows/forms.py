"""The forms of what is no action: what starts a workflow, conditions, delays, loops."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError
from pydantic import Field, field_validator

from pagefree.actions.base import Form
from pagefree.core.workflow_graphs import NodeKind

DAY_S = 24 * 3600
ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # to try expressions on


class Plain(Form):
    """Nothing to fill in."""


class OfIncidents(Form):
    """Which incidents it is about."""

    condition: str = Field(
        "",
        title="Only if",
        max_length=2000,
        description="A condition in CEL; empty: always.",
        json_schema_extra={"condition": True},
        examples=['severity == "critical" && service == "payments"'],
    )
    service_ids: list[UUID] = Field(
        [],
        title="Only of these services",
        max_length=50,
        json_schema_extra={"pick": "service"},
    )


class OpenFor(OfIncidents):
    """How long it has to be open."""

    minutes: int = Field(15, ge=1, le=7 * 24 * 60, title="Minutes")
    unless_acknowledged: bool = Field(
        default=True, title="Only if nobody has acknowledged it"
    )


class OnSchedule(Form):
    """When."""

    cron: str = Field(
        title="Cron expression", max_length=100, examples=["0 9 * * MON-FRI"]
    )
    time_zone: str = Field("UTC", title="Time zone", max_length=60)

    @field_validator("cron")
    @classmethod
    def _readable(cls, cron: str) -> str:
        if len(cron.split()) != 5:  # noqa: PLR2004 - seconds would come too often
            raise ValueError("five fields: minute, hour, day, month, day of the week")
        try:
            next(CronSim(cron, ANY_DAY))
        except (CronSimError, StopIteration) as e:
            raise ValueError(f"it is not a cron expression: {e}") from e
        return cron

    @field_validator("time_zone")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as e:
            raise ValueError(f"there is no time zone {name!r}") from e
        return name


class Condition(Form):
    """Which way to go."""

    condition: str = Field(
        title="Is it so that",
        min_length=1,
        max_length=2000,
        json_schema_extra={"condition": True},
    )


class Delay(Form):
    """How long to wait."""

    seconds: int = Field(300, ge=1, le=30 * DAY_S, title="Seconds")


class Loop(Form):
    """What to go through."""

    items: str = Field(
        title="List",
        pattern=r"^[A-Za-z_]\w*(\.[\w-]+)*$",
        max_length=300,
        description="Where the list is: steps.fetch.hosts",
    )
    most: int = Field(20, ge=1, le=100, title="At most")


@dataclass(frozen=True, slots=True)
class NodeType:
    """One kind of box besides actions."""

    kind: NodeKind
    name: str  # of the type; kept in versions: never renamed
    title: str
    summary: str
    Form: type[Form]


def _trigger(name: str, title: str, summary: str, form: type[Form]) -> NodeType:
    return NodeType(NodeKind.TRIGGER, name, title, summary, form)


TRIGGERS: dict[str, NodeType] = {
    one.name: one
    for one in (
        _trigger(
            "incident_opened", "Incident opened", "Somebody may be paged.", OfIncidents
        ),
        _trigger("acknowledged", "Acknowledged", "Somebody has it.", OfIncidents),
        _trigger(
            "escalated", "Escalated", "The next step of its policy pages.", OfIncidents
        ),
        _trigger("resolved", "Resolved", "It is over.", OfIncidents),
        _trigger("reopened", "Re-opened", "It was not over after all.", OfIncidents),
        _trigger(
            "priority_changed",
            "Priority changed",
            "Its priority is another one.",
            OfIncidents,
        ),
        _trigger("note_added", "Note added", "Somebody wrote a note.", OfIncidents),
        _trigger("open_for", "Open for a while", "It is still open then.", OpenFor),
        _trigger("schedule", "Schedule", "At times of the clock.", OnSchedule),
        _trigger("manual", "By hand", "Somebody presses a button.", Plain),
        _trigger("webhook", "Webhook", "Another system posts to an address.", Plain),
    )
}
OTHERS: dict[NodeKind, NodeType] = {
    one.kind: one
    for one in (
        NodeType(
            NodeKind.CONDITION, "", "Condition", "Goes one of two ways.", Condition
        ),
        NodeType(NodeKind.DELAY, "", "Delay", "Waits.", Delay),
        NodeType(NodeKind.LOOP, "", "Loop", "Goes through a list, one by one.", Loop),
        NodeType(NodeKind.JOIN, "", "Join", "Waits for all live branches.", Plain),
    )
}
