"""GitHub Actions: a workflow with `workflow_dispatch`, at a tag whose commit is pinned.

https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event . Since
2026 the answer names the run where it is asked to; before, the run is found by our id,
which the workflow shows in its `run-name`.
"""

import json
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from pagefree.core.runbook_runs import RunState
from pagefree.targets.base import (
    Address,
    Commit,
    Hint,
    Launched,
    Order,
    Running,
    Seen,
    Tag,
    Target,
    Way,
    answered,
    as_text,
    ask,
    asked_first,
    bearer,
    launched,
    line,
    listed,
    number_in,
    order,
    require_commit,
    since,
    text_in,
    tree,
)

NAME = "GitHub"
OUR_ID = "pagefree_run_id"
VERSION = "2022-11-28"
RECENT = 50
SLUG = r"^[A-Za-z0-9._-]{1,100}$"
CONCLUSIONS = {
    "success": RunState.SUCCEEDED,
    "neutral": RunState.SUCCEEDED,
    "cancelled": RunState.CANCELLED,
    "timed_out": RunState.TIMED_OUT,
}


class Connection(BaseModel):
    """A token with the permission Actions: write."""

    model_config = ConfigDict(extra="forbid", title="GitHub Actions")

    api_url: Address = Field("https://api.github.com", title="Address of the API")
    token: SecretStr = Field(title="Token", min_length=1)


class Content(BaseModel):
    """Which workflow, at which tag, and the commit that the tag has to name."""

    model_config = ConfigDict(extra="forbid", title="GitHub Actions")

    owner: str = Field(title="Owner", pattern=SLUG)
    repository: str = Field(title="Repository", pattern=SLUG)
    workflow: str = Field(title="Workflow", pattern=SLUG, examples=["restart.yml"])
    ref: Tag
    sha: Commit


async def launch(way: Way, what: Order) -> Launched:
    """Dispatch it, if the tag still names the commit that was approved."""
    await _require_commit(way, what.content)
    inputs = {name: as_text(value) for name, value in what.parameters.items()}
    body = {
        "ref": what.content.ref,
        "inputs": {**inputs, OUR_ID: str(what.run_id)},
        "return_run_details": True,
    }
    url = f"{_workflow(way, what.content)}/dispatches"
    reply = await order(way, url, _headers(way), json.dumps(body).encode(), NAME)
    details = tree(reply)
    run_id = details.get("workflow_run_id")
    return Launched(
        str(run_id) if isinstance(run_id, int) else None,  # else it is found by our id
        text_in(details, "html_url"),
        what.content.sha,
    )


async def poll(way: Way, run: Running) -> Seen:
    """Read the run, and how far its steps are."""
    url = f"{_repository(way, run.content)}/actions/runs/{run.external_id}"
    reply = await answered(way, "GET", url, _headers(way), NAME)
    found = tree(reply)
    sha = str(found.get("head_sha"))
    if sha != run.content.sha:
        await cancel(way, run)
        why = f"GitHub runs commit {line(sha)}, not the one that was approved"
        return Seen(RunState.FAILED, why, revision=line(sha))
    lines, cursor = await _steps(way, url, run)
    conclusion = found.get("conclusion")
    state = RunState.RUNNING
    if found.get("status") == "completed":
        state = CONCLUSIONS.get(str(conclusion), RunState.FAILED)
    return Seen(
        state,
        f"GitHub: {line(conclusion or found.get('status'))}",
        lines,
        cursor,
        sha,
        {"status": found.get("status"), "conclusion": conclusion},
        text_in(found, "html_url"),
    )


async def cancel(way: Way, run: Running) -> None:
    """Cancel the run."""
    url = f"{_repository(way, run.content)}/actions/runs/{run.external_id}/cancel"
    await answered(way, "POST", url, _headers(way), NAME)


async def find(way: Way, what: Order) -> Launched | None:
    """The run that shows our id in its name."""
    url = (
        f"{_workflow(way, what.content)}/runs?event=workflow_dispatch&per_page={RECENT}"
    )
    reply = await answered(way, "GET", url, _headers(way), NAME)
    for found in listed(reply, "workflow_runs"):
        ours = launched(found, "html_url")
        if ours and str(what.run_id) in str(found.get("display_title")):
            return ours
    return None


async def check(way: Way) -> None:
    """Ask what the token may still ask."""
    url = f"{way.connection.api_url}/rate_limit"
    await answered(way, "GET", url, _headers(way), NAME)


def receive(hint: Hint) -> str | None:
    """The run in a `workflow_run` event."""
    return number_in(hint, "workflow_run", "id")


async def _require_commit(way: Way, content: Content) -> None:
    url = f"{_repository(way, content)}/commits/{content.ref}"
    reply = await asked_first(way, url, _headers(way), NAME)
    require_commit(tree(reply).get("sha"), content.ref, content.sha)


async def _steps(way: Way, url: str, run: Running) -> tuple[Sequence[str], str]:
    """A line for each step that has ended since the last look."""
    reply = await ask(way, "GET", f"{url}/jobs", _headers(way))
    return since(run, [text for job in listed(reply, "jobs") for text in _ended(job)])


def _ended(job: dict[str, Any]) -> list[str]:
    steps = job.get("steps")
    return [
        f"{line(job.get('name'))} / {line(step.get('name'))}: {line(step['conclusion'])}"
        for step in (steps if isinstance(steps, list) else [])
        if isinstance(step, dict) and step.get("conclusion")
    ]


def _repository(way: Way, content: Content) -> str:
    return f"{way.connection.api_url}/repos/{content.owner}/{content.repository}"


def _workflow(way: Way, content: Content) -> str:
    return f"{_repository(way, content)}/actions/workflows/{content.workflow}"


def _headers(way: Way) -> dict[str, str]:
    return {
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": VERSION,
        **bearer(way.connection.token),
    }


TARGET = Target(
    title="GitHub Actions",
    summary="A workflow of a repository, at a pinned tag.",
    Connection=Connection,
    Content=Content,
    launch=launch,
    check=check,
    poll=poll,
    cancel=cancel,
    find=find,
    receive=receive,
)
