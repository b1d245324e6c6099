"""Jira as its REST API behaves: version 3 for Cloud, version 2 for Data Center.

Shapes: https://developer.atlassian.com/cloud/jira/platform/rest/v3/ ; what it refuses here
it refuses there: a summary of several lines, an empty text node, an unknown field.
"""

import base64
import re
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.http_server import NOT_FOUND, Answer, Asked

CLOUD = "Basic " + base64.b64encode(b"bot@example.org:jira-token").decode()
PATH = re.compile(r"/rest/api/([23])/(.+)")
FIELDS = {"project", "issuetype", "summary", "description", "labels", "priority"}


@dataclass(slots=True)
class Jira:
    """One site with one project, OPS."""

    refusals: list[int] = field(default_factory=list)  # of the next requests
    loses_answer: bool = False  # of the next request that creates
    issues: list[dict[str, Any]] = field(default_factory=list)
    comments: list[tuple[str, object]] = field(default_factory=list)
    moved: list[tuple[str, str]] = field(default_factory=list)

    def handle(self, asked: Asked) -> Answer:
        if asked.headers.get("authorization") not in {CLOUD, "Bearer jira-token"}:
            return Answer(401, {"errorMessages": ["You are not signed in."]})
        if self.refusals:
            return Answer(self.refusals.pop(0), {"errorMessages": ["Not now."]})
        found = PATH.fullmatch(asked.path)
        if found is None or asked.method != "POST":
            return NOT_FOUND
        version, rest = found[1], found[2]
        if rest == "issue":
            return self._create(version, asked.json())
        if rest == ("search/jql" if version == "3" else "search"):
            return self._search(str(asked.json()["jql"]))
        return self._on_issue(version, rest, asked.json())

    def _create(self, version: str, body: dict[str, Any]) -> Answer:
        fields = body["fields"]
        errors = {
            name: f"Field '{name}' cannot be set." for name in set(fields) - FIELDS
        }
        if "\n" in fields["summary"] or len(fields["summary"]) > 255:
            errors["summary"] = "The summary is invalid."
        if not _is_text(version, fields["description"]):
            errors["description"] = "Operation value must be an Atlassian Document"
        if fields["project"] != {"key": "OPS"}:
            errors["project"] = "valid project is required"
        if errors:
            return Answer(400, {"errorMessages": [], "errors": errors})
        key = f"OPS-{len(self.issues) + 1}"
        self.issues.append({"id": "100", "key": key, "fields": fields})
        lost, self.loses_answer = self.loses_answer, False
        return Answer(201, {"id": "100", "key": key, "self": "x"}, lost=lost)

    def _search(self, jql: str) -> Answer:
        label = re.search(r'labels = "([\w-]+)"', jql)
        assert label
        found = [i for i in self.issues if label[1] in i["fields"]["labels"]]
        return Answer(200, {"issues": found})

    def _on_issue(self, version: str, rest: str, body: dict[str, Any]) -> Answer:
        _, key, what = rest.split("/")
        if key not in {issue["key"] for issue in self.issues}:
            return Answer(404, {"errorMessages": ["Issue does not exist"]})
        if what == "transitions":
            self.moved.append((key, body["transition"]["id"]))
            return Answer(204)
        if not _is_text(version, body["body"]):
            return Answer(400, {"errorMessages": ["Comment body is not valid!"]})
        self.comments.append((key, body["body"]))
        return Answer(201, {"id": "7"})


def _is_text(version: str, value: Any) -> bool:
    if version == "2":
        return isinstance(value, str)
    if not isinstance(value, dict) or value.get("type") != "doc":
        return False
    texts = [t for paragraph in value["content"] for t in paragraph["content"]]
    return value["version"] == 1 and all(text["text"] for text in texts)
