"""Open an incident on a status page."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from pagefree.actions.base import (
    Action,
    ActionError,
    Done,
    Form,
    Situation,
    Template,
    one_line,
)
from pagefree.core.status_pages import Impact, State
from pagefree.infra.db import Tx
from pagefree.status_pages import telling
from pagefree.status_pages.telling import NewIncident, NewUpdate


class Config(Form):
    """What to tell on which page."""

    page_id: UUID = Field(
        title="Status page", json_schema_extra={"pick": "status_page"}
    )
    name: Template = Field(title="Title", examples=["Payments are failing"])
    body: Template = Field("We are looking into it.", title="Text")
    status: Literal["investigating", "identified", "monitoring"] = Field(
        "investigating", title="Status"
    )
    impact: Impact | None = Field(None, title="Impact")
    components: dict[UUID, State] = Field(
        {}, title="Components and their states", max_length=50
    )
    quiet: bool = Field(default=False, title="On the page only: no mail, no message")


async def apply(tx: Tx, config: Config, at: Situation) -> Done:
    """Tell it at once, with the rights of whoever saved the workflow."""
    if at.author is None:
        raise ActionError("whoever saved the workflow has left", permanent=True)
    update = NewUpdate(config.status, config.body, quiet=config.quiet)
    new = NewIncident(
        name=one_line(config.name, 200) or "Incident",
        update=update,
        impact=config.impact,
        incident_id=at.incident_id,
        components=config.components,
    )
    opened = await telling.open_incident(tx, config.page_id, new, at.author, at.now)
    return Done({"id": str(opened.id)})


ACTION = Action(
    title="Open a status-page incident",
    summary="Tells about it on a status page, and to its subscribers.",
    group="chat",
    Config=Config,
    apply=apply,
    outputs={"id": "of the status incident"},
    needs_people=True,
)
