"""Linear as its GraphQL API behaves: errors come with 200, ids may be the client's own.

Shapes: https://github.com/linear/linear/blob/master/packages/sdk/src/schema.graphql
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tests.fakes.http_server import NOT_FOUND, Answer, Asked

ISSUE_INPUT = {
    *("id", "teamId", "title", "description", "priority", "labelIds"),
    *("assigneeId", "stateId", "projectId"),
}


@dataclass(slots=True)
class Linear:
    """One workspace."""

    limited: int = 0  # how many of the next requests are too many
    loses_answer: bool = False
    issues: dict[str, dict[str, Any]] = field(default_factory=dict)
    comments: dict[str, dict[str, Any]] = field(default_factory=dict)

    def handle(self, asked: Asked) -> Answer:
        if asked.path != "/graphql" or asked.method != "POST":
            return NOT_FOUND
        if asked.headers.get("authorization") != "lin_api_token":  # never "Bearer"
            return _refused("Authentication required", "AUTHENTICATION_ERROR", 401)
        if self.limited:
            self.limited -= 1
            return _refused("Too many requests", "RATELIMITED", 400)
        body: dict[str, Any] = asked.json()
        query, given = body["query"], body["variables"]
        if "issueCreate" in query:
            return self._create(given["input"])
        if "commentCreate" in query:
            return self._comment(given["input"])
        issue = self.issues.get(given["id"])
        if issue is None:
            return _refused("Entity not found: Issue", "INPUT_ERROR", 200)
        return Answer(200, {"data": {"issue": issue}})

    def _create(self, given: dict[str, Any]) -> Answer:
        unknown = set(given) - ISSUE_INPUT
        if unknown or not given.get("title") or given["priority"] not in range(5):
            return _refused(f"Argument Validation Error {unknown}", "INPUT_ERROR", 200)
        UUID(given["teamId"])
        if given["id"] in self.issues:
            return _refused("Entity with that id already exists", "INPUT_ERROR", 200)
        key = f"OPS-{len(self.issues) + 1}"
        url = f"https://linear.app/acme/issue/{key}"
        made = {"id": given["id"], "identifier": key, "url": url}
        self.issues[given["id"]] = made
        lost, self.loses_answer = self.loses_answer, False
        answer = {"data": {"issueCreate": {"success": True, "issue": made}}}
        return Answer(200, answer, lost=lost)

    def _comment(self, given: dict[str, Any]) -> Answer:
        if given["issueId"] not in self.issues:
            return _refused("Entity not found: Issue", "INPUT_ERROR", 200)
        self.comments[given["id"]] = given
        made = {"commentCreate": {"success": True, "comment": {"id": given["id"]}}}
        return Answer(200, {"data": made})


def _refused(said: str, code: str, status: int) -> Answer:
    error = {"message": said, "extensions": {"code": code}}
    return Answer(status, {"errors": [error]})
