"""GitLab pipelines at a tag whose commit is pinned.

https://docs.gitlab.com/api/pipelines/#create-a-new-pipeline .
"""

import json
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from pagefree.core.runbook_runs import Fate, RunState
from pagefree.targets.base import (
    Address,
    Commit,
    Hint,
    Launched,
    LaunchError,
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
    launched,
    line,
    listed,
    number_in,
    order,
    require_commit,
    since,
    tree,
)

NAME = "GitLab"
OUR_ID = "PAGEFREE_RUN_ID"
RECENT = 20
OVER = {"success", "failed", "canceled", "skipped", "manual"}
STATES = {
    "success": RunState.SUCCEEDED,
    "failed": RunState.FAILED,
    "skipped": RunState.FAILED,
    "canceled": RunState.CANCELLED,
}


class Connection(BaseModel):
    """A server and a token with the scope `api`."""

    model_config = ConfigDict(extra="forbid", title="GitLab")

    api_url: Address = Field("https://gitlab.com", title="Address")
    token: SecretStr = Field(title="Access token", min_length=1)


class Content(BaseModel):
    """Which project, at which tag, and the commit that the tag has to name."""

    model_config = ConfigDict(extra="forbid", title="GitLab")

    project: str = Field(
        title="Project", pattern=r"^[A-Za-z0-9._/-]{1,200}$", examples=["ops/restart"]
    )
    ref: Tag
    sha: Commit


async def launch(way: Way, what: Order) -> Launched:
    """Create a pipeline, if the tag still names the commit that was approved."""
    await _require_commit(way, what.content)
    values = {**what.parameters, OUR_ID: str(what.run_id)}
    variables = [
        {"key": name, "value": as_text(value)} for name, value in values.items()
    ]
    body = json.dumps({"ref": what.content.ref, "variables": variables}).encode()
    url = f"{_project(way, what.content)}/pipeline"
    reply = await order(way, url, _headers(way), body, NAME)
    found = _launched(tree(reply))
    if found is None or found.external_id is None:
        raise LaunchError("GitLab names no pipeline", Fate.LOST)
    if found.revision != what.content.sha:
        await cancel(way, Running(what.run_id, found.external_id, what.content))
        raise LaunchError("the tag was moved meanwhile; cancelled", Fate.REJECTED)
    return found


async def poll(way: Way, run: Running) -> Seen:
    """Read the pipeline, and how its jobs have ended."""
    url = f"{_project(way, run.content)}/pipelines/{run.external_id}"
    reply = await answered(way, "GET", url, _headers(way), NAME)
    found = tree(reply)
    if found.get("sha") != run.content.sha:
        await cancel(way, run)
        return Seen(RunState.FAILED, "GitLab runs a commit that was not approved")
    status = str(found.get("status"))
    jobs = listed(await ask(way, "GET", f"{url}/jobs", _headers(way)))
    jobs.sort(key=lambda job: str(job.get("finished_at")))
    lines, cursor = since(
        run, [_line(job) for job in jobs if job.get("status") in OVER]
    )
    return Seen(
        STATES.get(status, RunState.RUNNING),
        f"GitLab: {line(status)}",
        lines,
        cursor,
        run.content.sha,
        {"status": status},
    )


async def cancel(way: Way, run: Running) -> None:
    """Cancel the pipeline."""
    url = f"{_project(way, run.content)}/pipelines/{run.external_id}/cancel"
    await answered(way, "POST", url, _headers(way), NAME)


async def find(way: Way, what: Order) -> Launched | None:
    """The pipeline that carries our id among its variables."""
    root = f"{_project(way, what.content)}/pipelines"
    url = f"{root}?ref={quote(what.content.ref, safe='')}&per_page={RECENT}"
    reply = await answered(way, "GET", url, _headers(way), NAME)
    for found in listed(reply):
        if not isinstance(found.get("id"), int):
            continue
        url = f"{root}/{found['id']}/variables"
        variables = listed(await ask(way, "GET", url, _headers(way)))
        if any(_is_ours(one, what) for one in variables):
            return _launched(found)
    return None


async def check(way: Way) -> None:
    """Ask whose token it is."""
    url = f"{way.connection.api_url}/api/v4/user"
    await answered(way, "GET", url, _headers(way), NAME)


def receive(hint: Hint) -> str | None:
    """The pipeline in an event of that name."""
    return number_in(hint, "object_attributes", "id")


async def _require_commit(way: Way, content: Content) -> None:
    url = f"{_project(way, content)}/repository/commits/{quote(content.ref, safe='')}"
    reply = await asked_first(way, url, _headers(way), NAME)
    require_commit(tree(reply).get("id"), content.ref, content.sha)


def _launched(found: dict[str, Any]) -> Launched | None:
    return launched(found, "web_url", str(found.get("sha")))


def _is_ours(variable: dict[str, Any], what: Order) -> bool:
    return variable.get("key") == OUR_ID and variable.get("value") == str(what.run_id)


def _line(job: dict[str, Any]) -> str:
    return f"{line(job.get('stage'))} / {line(job.get('name'))}: {line(job['status'])}"


def _project(way: Way, content: Content) -> str:
    return f"{way.connection.api_url}/api/v4/projects/{quote(content.project, safe='')}"


def _headers(way: Way) -> dict[str, str]:
    return {"PRIVATE-TOKEN": way.connection.token.get_secret_value()}


TARGET = Target(
    title="GitLab",
    summary="A pipeline of a project, at a pinned tag.",
    Connection=Connection,
    Content=Content,
    launch=launch,
    check=check,
    poll=poll,
    cancel=cancel,
    find=find,
    receive=receive,
)
