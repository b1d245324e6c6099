"""Move an issue in Jira to another status."""

from collections.abc import Mapping
from urllib.parse import quote

from pydantic import Field

from pagefree.actions.base import Action, Call, Situation, Template
from pagefree.actions.jira_api import JiraForm, answered, jira
from pagefree.infra.http_connection import Reply


class Config(JiraForm):
    """The way to send the issue."""

    issue: Template = Field(title="Issue key", examples=["{{steps.ticket.key}}"])
    transition: str = Field(
        title="Transition id",
        pattern=r"^\d{1,10}$",
        description="Its number in the workflow of the project.",
        examples=["31"],
    )


def call(config: Config, at: Situation) -> Call:
    """The transition."""
    path = f"/issue/{quote(config.issue, safe='')}/transitions"
    body = {"transition": {"id": config.transition}}
    return jira(config, at, "POST", path, body)


def read(_: Config, reply: Reply) -> Mapping[str, object]:
    """Jira answers nothing more than that it is done."""
    answered(reply)
    return {}


ACTION = Action(
    title="Move a Jira issue",
    summary="Takes an issue of Jira through a transition, e.g. to Done.",
    group="tickets",
    Config=Config,
    call=call,
    read=read,
)
