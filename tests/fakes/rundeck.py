"""Rundeck as https://docs.rundeck.com/docs/api/ describes it, version 41."""

import re
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.http_server import NOT_FOUND, Answer, Asked

TOKEN = "rundeck-token"
JOB_ID = "0f5b0b9c-8d2c-4f0e-9d2a-6a1f4f6f2b11"
JOB = re.compile(rf"/api/41/job/{JOB_ID}(/run|/executions)?")
EXECUTION = re.compile(r"/api/41/execution/(\d+)(/output|/abort)?")
RUN_FIELDS = {"argString", "options", "loglevel", "asUser", "filter", "runAtTime"}
DEFINITION = b"- name: Restart\n  id: restart\n"


@dataclass(slots=True)
class Rundeck:
    """One server with one job."""

    refusals: list[int] = field(default_factory=list)
    loses_answer: bool = False
    executions: dict[int, dict[str, Any]] = field(default_factory=dict)
    output: dict[int, list[str]] = field(default_factory=dict)
    definition: bytes = DEFINITION
    launches: int = 0

    def handle(self, asked: Asked) -> Answer:
        if asked.headers.get("x-rundeck-auth-token") != TOKEN:
            return Answer(403, {"error": True, "message": "Not authorized"})
        if asked.path == "/api/41/system/info":
            return Answer(200, {"system": {"rundeck": {"version": "5.0.0"}}})
        if found := JOB.fullmatch(asked.path):
            return self._job(asked, found[1])
        if found := EXECUTION.fullmatch(asked.path):
            return self._execution(asked, int(found[1]), found[2])
        return NOT_FOUND

    def _job(self, asked: Asked, what: str | None) -> Answer:
        if what is None:
            assert asked.query == {"format": "yaml"}
            return Answer(200, self.definition)
        if what == "/executions":
            assert 1 <= int(asked.query["max"]) <= 100
            return Answer(200, {"executions": list(self.executions.values())})
        assert asked.method == "POST"
        if self.refusals:
            return Answer(self.refusals.pop(0), {"error": True})
        body = asked.json()
        assert set(body) <= RUN_FIELDS
        options = body["options"]
        assert isinstance(options, dict)
        assert all(isinstance(value, str) for value in options.values())
        self.launches += 1
        execution_id = 500 + self.launches
        self.executions[execution_id] = {
            "id": execution_id,
            "permalink": f"https://rundeck.example.org/execution/show/{execution_id}",
            "status": "running",
            "job": {"id": JOB_ID, "options": options},
        }
        self.output[execution_id] = []
        if self.loses_answer:
            self.loses_answer = False
            return Answer(lost=True)
        return Answer(200, self.executions[execution_id])

    def _execution(self, asked: Asked, execution_id: int, what: str | None) -> Answer:
        if execution_id not in self.executions:
            return NOT_FOUND
        if what == "/abort":
            assert asked.method == "POST"
            self.executions[execution_id]["status"] = "aborted"
            return Answer(200, {"abort": {"status": "pending"}})
        if what == "/output":
            after = int(asked.query["offset"])
            texts = self.output[execution_id]
            entries = [{"log": text} for text in texts[after:]]
            return Answer(200, {"offset": str(len(texts)), "entries": entries})
        return Answer(200, self.executions[execution_id])
