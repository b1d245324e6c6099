"""Comment on an issue in Jira."""

from collections.abc import Mapping
from urllib.parse import quote

from pydantic import Field

from pagefree.actions.base import Action, Call, Situation, Template
from pagefree.actions.jira_api import JiraForm, answered, document, jira
from pagefree.infra.http_connection import Reply


class Config(JiraForm):
    """The comment to write."""

    issue: Template = Field(title="Issue key", examples=["{{steps.ticket.key}}"])
    text: Template = Field(title="Text")


def call(config: Config, at: Situation) -> Call:
    """The comment."""
    path = f"/issue/{quote(config.issue, safe='')}/comment"
    body = {"body": document(config, config.text or "-")}
    return jira(config, at, "POST", path, body)


def read(_: Config, reply: Reply) -> Mapping[str, object]:
    """The new comment."""
    return {"id": str(answered(reply).get("id", ""))}


ACTION = Action(
    title="Comment on a Jira issue",
    summary="Adds a comment to an issue of Jira.",
    group="tickets",
    Config=Config,
    call=call,
    read=read,
    outputs={"id": "of the comment"},
)
