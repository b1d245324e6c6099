"""Create an issue in Linear."""

from collections.abc import Mapping
from uuid import UUID

from pydantic import Field

from pagefree.actions.base import (
    TICKET,
    Action,
    Call,
    Situation,
    Template,
    object_of,
    one_line,
)
from pagefree.actions.linear_api import LinearForm, answered, linear
from pagefree.infra.http_connection import Reply

CREATE = (
    "mutation($input: IssueCreateInput!) { issueCreate(input: $input)"
    " { success issue { id identifier url } } }"
)
LOOK = "query($id: String!) { issue(id: $id) { id identifier url } }"


class Config(LinearForm):
    """The issue to create."""

    team_id: UUID = Field(title="Team id")
    issue_title: Template = Field(title="Title", examples=["{{incident.title}}"])
    description: Template = Field("{{incident.url}}", title="Description, Markdown")
    priority: int = Field(0, ge=0, le=4, title="Priority: 1 urgent to 4 low, 0 none")
    label_ids: list[UUID] = Field([], title="Label ids")


def call(config: Config, at: Situation) -> Call:
    """The issue under an id of ours, so that a second attempt makes no second one."""
    wanted: dict[str, object] = {
        "id": str(at.key),
        "teamId": str(config.team_id),
        "title": one_line(config.issue_title) or "Incident",
        "description": config.description,
        "priority": config.priority,
    }
    if config.label_ids:
        wanted["labelIds"] = [str(one) for one in config.label_ids]
    return linear(config, at, CREATE, {"input": wanted})


def look(config: Config, at: Situation) -> Call:
    """Whether an attempt before has created it."""
    return linear(config, at, LOOK, {"id": str(at.key)})


def found(_: Config, __: Situation, reply: Reply) -> Mapping[str, object] | None:
    """The issue that is already there."""
    data = object_of(reply).get("data")
    issue = data.get("issue") if isinstance(data, dict) else None
    return _issue(issue) if isinstance(issue, dict) else None


def read(_: Config, reply: Reply) -> Mapping[str, object]:
    """The new issue."""
    made = answered(reply).get("issueCreate")
    issue = made.get("issue") if isinstance(made, dict) else None
    return _issue(issue if isinstance(issue, dict) else {})


def _issue(issue: Mapping[str, object]) -> Mapping[str, object]:
    key = str(issue.get("identifier", ""))
    return {
        "id": str(issue.get("id", "")),
        "key": key,
        "url": str(issue.get("url", "")),
    }


ACTION = Action(
    title="Create a Linear issue",
    summary="Opens an issue in a team of Linear, once.",
    group="tickets",
    Config=Config,
    call=call,
    read=read,
    look=look,
    found=found,
    outputs=TICKET,
)
