"""GitHub as https://docs.github.com/en/rest/actions/workflows describes it."""

import re
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.http_server import NOT_FOUND, Answer, Asked

TOKEN = "github-token"
SHA = "b" * 40
ROOT = "/repos/acme/ops"
RUN = re.compile(ROOT + r"/actions/runs/(\d+)(/jobs|/cancel)?")
MOST_INPUTS = 25


@dataclass(slots=True)
class GitHub:
    """One repository with one workflow and one tag."""

    names_run: bool = True  # answers 200 with the run, as since 2026; else 204
    tag_sha: str = SHA
    run_sha: str | None = None  # what really runs, where the tag was moved meanwhile
    refusals: list[int] = field(default_factory=list)
    loses_answer: bool = False
    runs: dict[int, dict[str, Any]] = field(default_factory=dict)
    steps: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    launches: int = 0

    def handle(self, asked: Asked) -> Answer:
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return Answer(401, {"message": "Bad credentials"})
        assert asked.headers["accept"] == "application/vnd.github+json"
        assert asked.headers["x-github-api-version"] == "2022-11-28"
        assert asked.headers["user-agent"]  # refused without one
        if asked.path == "/rate_limit":
            return Answer(200, {"resources": {}})
        if asked.path == f"{ROOT}/commits/v1":
            return Answer(200, {"sha": self.tag_sha})
        if asked.path == f"{ROOT}/actions/workflows/restart.yml/dispatches":
            return self._dispatch(asked)
        if asked.path == f"{ROOT}/actions/workflows/restart.yml/runs":
            assert asked.query["event"] == "workflow_dispatch"
            found = list(self.runs.values())
            return Answer(200, {"total_count": len(found), "workflow_runs": found})
        if found_run := RUN.fullmatch(asked.path):
            return self._run(asked, int(found_run[1]), found_run[2])
        return NOT_FOUND

    def _dispatch(self, asked: Asked) -> Answer:
        assert asked.method == "POST"
        if self.refusals:
            return Answer(self.refusals.pop(0), {"message": "slow down"})
        body = asked.json()
        assert set(body) <= {"ref", "inputs", "return_run_details"}
        assert body["ref"] == "v1"
        inputs = body["inputs"]
        assert isinstance(inputs, dict)
        assert len(inputs) <= MOST_INPUTS
        assert all(isinstance(value, str) for value in inputs.values())
        self.launches += 1
        run_id = 9000 + self.launches
        page = f"https://github.com/acme/ops/actions/runs/{run_id}"
        self.runs[run_id] = {
            "id": run_id,
            "status": "queued",
            "conclusion": None,
            "head_sha": self.run_sha or self.tag_sha,
            "display_title": f"Restart {inputs['pagefree_run_id']}",
            "html_url": page,
        }
        self.steps[run_id] = []
        if self.loses_answer:
            self.loses_answer = False
            return Answer(lost=True)
        if not (self.names_run and body.get("return_run_details")):
            return Answer(204)
        return Answer(200, {"workflow_run_id": run_id, "html_url": page})

    def _run(self, asked: Asked, run_id: int, what: str | None) -> Answer:
        if run_id not in self.runs:
            return NOT_FOUND
        if what == "/cancel":
            assert asked.method == "POST"
            self.runs[run_id] |= {"status": "completed", "conclusion": "cancelled"}
            return Answer(202, {})
        if what == "/jobs":
            jobs = [{"name": "restart", "steps": self.steps[run_id]}]
            return Answer(200, {"total_count": 1, "jobs": jobs})
        return Answer(200, self.runs[run_id])
