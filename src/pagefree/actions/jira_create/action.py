"""Create an issue in Jira."""

from collections.abc import Mapping

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
from pagefree.actions.jira_api import JiraForm, answered, document, jira
from pagefree.infra.http_connection import Reply


class Config(JiraForm):
    """The issue to create."""

    project: str = Field(title="Project key", examples=["OPS"])
    issue_type: str = Field("Incident", title="Issue type")
    summary: Template = Field(title="Summary", examples=["{{incident.title}}"])
    description: Template = Field("{{incident.url}}", title="Description")
    labels: list[str] = Field([], title="Labels")
    priority: Template = Field("", title="Priority, by name")


def marker(at: Situation) -> str:
    """A label by which the issue is found again: Jira knows no idempotency."""
    return f"pagefree-{at.key}"


def call(config: Config, at: Situation) -> Call:
    """The issue, with a label of ours."""
    fields: dict[str, object] = {
        "project": {"key": config.project},
        "issuetype": {"name": config.issue_type},
        "summary": one_line(config.summary) or "Incident",
        "description": document(config, config.description),
        "labels": [*config.labels, marker(at)],
    }
    if config.priority:
        fields["priority"] = {"name": config.priority}
    return jira(config, at, "POST", "/issue", {"fields": fields})


def look(config: Config, at: Situation) -> Call:
    """Whether an attempt before has created it; the index of Jira lags by seconds."""
    body = {
        "jql": f'project = "{config.project}" AND labels = "{marker(at)}"',
        "fields": ["summary"],
        "maxResults": 1,
    }
    path = "/search/jql" if config.flavour == "cloud" else "/search"
    return jira(config, at, "POST", path, body)


def found(config: Config, _: Situation, reply: Reply) -> Mapping[str, object] | None:
    """The issue that is already there."""
    issues = object_of(reply).get("issues")
    return _issue(config, issues[0]) if isinstance(issues, list) and issues else None


def read(config: Config, reply: Reply) -> Mapping[str, object]:
    """The new issue."""
    return _issue(config, answered(reply))


def _issue(config: Config, issue: Mapping[str, object]) -> Mapping[str, object]:
    key = str(issue.get("key", ""))
    url = f"{config.site.rstrip('/')}/browse/{key}"
    return {"id": str(issue.get("id", "")), "key": key, "url": url}


ACTION = Action(
    title="Create a Jira issue",
    summary="Opens an issue in a project of Jira, once, with a link back.",
    group="tickets",
    Config=Config,
    call=call,
    read=read,
    look=look,
    found=found,
    outputs=TICKET,
)
