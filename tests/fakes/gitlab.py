"""GitLab as https://docs.gitlab.com/api/pipelines/ describes it."""

import re
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.http_server import NOT_FOUND, Answer, Asked

TOKEN = "gitlab-token"
SHA = "c" * 40
ROOT = "/api/v4/projects/acme/ops"  # the slash was %2F
PIPELINE = re.compile(ROOT + r"/pipelines/(\d+)(/jobs|/variables|/cancel)?")


@dataclass(slots=True)
class GitLab:
    """One project with one tag."""

    tag_sha: str = SHA
    run_sha: str | None = None
    refusals: list[int] = field(default_factory=list)
    loses_answer: bool = False
    pipelines: dict[int, dict[str, Any]] = field(default_factory=dict)
    variables: dict[int, list[dict[str, str]]] = field(default_factory=dict)
    jobs: dict[int, list[dict[str, str]]] = field(default_factory=dict)
    launches: int = 0

    def handle(self, asked: Asked) -> Answer:
        if asked.headers.get("private-token") != TOKEN:
            return Answer(401, {"message": "401 Unauthorized"})
        if asked.path == "/api/v4/user":
            return Answer(200, {"id": 1, "username": "pagefree"})
        if asked.path == f"{ROOT}/repository/commits/v1":
            return Answer(200, {"id": self.tag_sha})
        if asked.path == f"{ROOT}/pipeline":
            return self._create(asked)
        if asked.path == f"{ROOT}/pipelines":
            assert asked.query["ref"] == "v1"
            return Answer(200, list(self.pipelines.values()))
        if found := PIPELINE.fullmatch(asked.path):
            return self._pipeline(asked, int(found[1]), found[2])
        return NOT_FOUND

    def _create(self, asked: Asked) -> Answer:
        assert asked.method == "POST"
        if self.refusals:
            return Answer(self.refusals.pop(0), {"message": "slow down"})
        body = asked.json()
        assert set(body) <= {"ref", "variables", "inputs"}
        variables = body["variables"]
        assert isinstance(variables, list)
        assert all(set(one) == {"key", "value"} for one in variables)
        assert all(isinstance(one["value"], str) for one in variables)
        self.launches += 1
        pipeline_id = 40 + self.launches
        self.pipelines[pipeline_id] = {
            "id": pipeline_id,
            "sha": self.run_sha or self.tag_sha,
            "ref": "v1",
            "status": "created",
            "web_url": f"https://gitlab.com/acme/ops/-/pipelines/{pipeline_id}",
        }
        self.variables[pipeline_id] = variables
        self.jobs[pipeline_id] = []
        if self.loses_answer:
            self.loses_answer = False
            return Answer(lost=True)
        return Answer(201, self.pipelines[pipeline_id])

    def _pipeline(self, asked: Asked, pipeline_id: int, what: str | None) -> Answer:
        if pipeline_id not in self.pipelines:
            return NOT_FOUND
        if what == "/cancel":
            assert asked.method == "POST"
            self.pipelines[pipeline_id]["status"] = "canceled"
        if what == "/jobs":
            return Answer(200, self.jobs[pipeline_id])
        if what == "/variables":
            return Answer(200, self.variables[pipeline_id])
        return Answer(200, self.pipelines[pipeline_id])
