"""Open an issue on GitHub."""

from collections.abc import Mapping
from dataclasses import replace

from pydantic import Field

from pagefree.actions.base import (
    Action,
    Call,
    Situation,
    Template,
    json_of,
    object_of,
    one_line,
)
from pagefree.actions.github_api import GitHubForm, accept, github
from pagefree.infra.http_connection import Reply


class Config(GitHubForm):
    """The issue to open."""

    issue_title: Template = Field(title="Title", examples=["{{incident.title}}"])
    body: Template = Field("{{incident.url}}", title="Text, Markdown")
    labels: list[str] = Field([], title="Labels")


def marker(at: Situation) -> str:
    """What nobody sees, and by which the issue is found again."""
    return f"<!-- pagefree:{at.key} -->"


def call(config: Config, at: Situation) -> Call:
    """The issue."""
    body = {
        "title": one_line(config.issue_title) or "Incident",
        "body": f"{config.body}\n\n{marker(at)}",
        "labels": config.labels,
    }
    return github(config, at, "POST", "/issues", body)


def look(config: Config, at: Situation) -> Call:
    """The newest issues: whether an attempt before has opened it."""
    path = "/issues?state=all&sort=created&direction=desc&per_page=30"
    return replace(github(config, at, "GET", path, None), body=b"")


def read(_: Config, reply: Reply) -> Mapping[str, object]:
    """The new issue."""
    accept(reply)
    return _issue(object_of(reply))


def found(_: Config, at: Situation, reply: Reply) -> Mapping[str, object] | None:
    """The issue that is already there."""
    issues = json_of(reply)
    for issue in issues if isinstance(issues, list) else []:
        if marker(at) in str(issue.get("body", "")):
            return _issue(issue)
    return None


def _issue(issue: Mapping[str, object]) -> Mapping[str, object]:
    return {"number": issue.get("number"), "url": str(issue.get("html_url", ""))}


ACTION = Action(
    title="Open a GitHub issue",
    summary="Opens an issue in a repository.",
    group="tickets",
    Config=Config,
    call=call,
    read=read,
    look=look,
    found=found,
    outputs={"number": "of the issue", "url": "of the issue"},
)
