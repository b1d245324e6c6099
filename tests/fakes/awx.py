"""AWX as its API behaves: what a template does not ask for is dropped without an error.

Shapes: https://docs.ansible.com/automation-controller/latest/html/controllerapi/ ; the names
in `ignored_fields` and the nesting under `extra_vars` are those of AWX's own serializers.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.http_server import NOT_FOUND, Answer, Asked

TOKEN = "awx-token"
LAUNCH = re.compile(r"/api/v2/job_templates/(\d+)/launch/")
TEMPLATE = re.compile(r"/api/v2/job_templates/(\d+)/")
PROJECT = re.compile(r"/api/v2/projects/(\d+)/")
JOB = re.compile(r"/api/v2/jobs/(\d+)/(cancel/|job_events/)?")
TAKEN = {  # what a launch may carry at all
    *("extra_vars", "limit", "inventory", "job_tags", "skip_tags", "scm_branch"),
    *("credentials", "execution_environment", "labels", "forks", "timeout"),
    *("verbosity", "diff_mode", "job_type", "job_slice_count", "instance_groups"),
}


@dataclass(slots=True)
class Awx:
    """One controller with one template."""

    asks_variables: bool = True  # ask_variables_on_launch
    survey: tuple[str, ...] = ()  # else these alone are taken
    revision: str = "a" * 40
    refusals: list[int] = field(default_factory=list)  # of the next launches
    loses_answer: bool = False  # of the next launch
    jobs: dict[int, dict[str, Any]] = field(default_factory=dict)
    events: dict[int, list[str]] = field(default_factory=dict)
    launches: int = 0
    asked: list[Asked] = field(default_factory=list)

    def handle(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return Answer(
                401, {"detail": "Authentication credentials were not provided."}
            )
        if asked.path == "/api/v2/me/":
            return Answer(200, {"count": 1, "results": [{"username": "pagefree"}]})
        if LAUNCH.fullmatch(asked.path) and asked.method == "POST":
            return self._launch(asked)
        if TEMPLATE.fullmatch(asked.path):
            return Answer(200, {"id": 7, "name": "Restart", "project": 3})
        if PROJECT.fullmatch(asked.path):
            return Answer(200, {"id": 3, "scm_revision": self.revision})
        if asked.path == "/api/v2/jobs/":
            return self._search(asked.query["extra_vars__icontains"])
        if found := JOB.fullmatch(asked.path):
            return self._job(asked, int(found[1]), found[2])
        return NOT_FOUND

    def _launch(self, asked: Asked) -> Answer:
        if self.refusals:
            return Answer(self.refusals.pop(0), {"detail": "not now"})
        body = asked.json()
        assert set(body) <= TAKEN, set(body) - TAKEN
        assert asked.headers["content-type"] == "application/json"
        variables = body.get("extra_vars", {})
        assert isinstance(variables, dict)
        kept = {
            name: value
            for name, value in variables.items()
            if self.asks_variables or name in self.survey
        }
        dropped = {n: v for n, v in variables.items() if n not in kept}
        self.launches += 1
        job_id = 100 + self.launches
        self.jobs[job_id] = {
            "id": job_id,
            "job": job_id,
            "status": "pending",
            "extra_vars": json.dumps(kept),
            "scm_revision": self.revision,
            "elapsed": 0.0,
        }
        self.events[job_id] = []
        if self.loses_answer:
            self.loses_answer = False
            return Answer(lost=True)
        ignored = {"extra_vars": dropped} if dropped else {}
        return Answer(201, {**self.jobs[job_id], "ignored_fields": ignored})

    def _search(self, text: str) -> Answer:
        found = [job for job in self.jobs.values() if text in job["extra_vars"]]
        return Answer(200, {"count": len(found), "results": found})

    def _job(self, asked: Asked, job_id: int, what: str | None) -> Answer:
        if job_id not in self.jobs:
            return NOT_FOUND
        if what == "cancel/":
            assert asked.method == "POST"
            self.jobs[job_id]["status"] = "canceled"
            return Answer(202)
        if what == "job_events/":
            after = int(asked.query["counter__gt"])
            texts = list(enumerate(self.events[job_id], 1))[after:]
            results = [{"counter": n, "stdout": text} for n, text in texts]
            return Answer(200, {"count": len(results), "results": results})
        return Answer(200, self.jobs[job_id])
