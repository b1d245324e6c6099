"""Ansible AWX, Tower and Automation Platform: job templates.

https://docs.ansible.com/automation-controller/latest/html/controllerapi/ . A launch takes
whatever it is given and silently drops what the template does not ask for, naming it in
`ignored_fields`: such a job is cancelled, as it is not the one that was approved.
"""

import json
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from pagefree.core.runbook_runs import Fate, RunState
from pagefree.targets.base import (
    Address,
    Hint,
    Launched,
    LaunchError,
    Order,
    Path,
    Running,
    Seen,
    Target,
    TargetError,
    Way,
    answered,
    ask,
    bearer,
    line,
    listed,
    number_in,
    order,
    tree,
)

NAME = "AWX"
OUR_ID = "pagefree_run_id"
PAGE = 200
STATES = {
    "successful": RunState.SUCCEEDED,
    "failed": RunState.FAILED,
    "error": RunState.FAILED,
    "canceled": RunState.CANCELLED,
}


class Connection(BaseModel):
    """A controller and an OAuth token that may launch there."""

    model_config = ConfigDict(extra="forbid", title="Ansible AWX")

    api_url: Address = Field(title="Address", examples=["https://awx.example.org"])
    api_path: Path = Field(
        "/api/v2",
        title="Path of the API",
        description="`/api/controller/v2` for Automation Platform 2.5 and newer.",
    )
    token: SecretStr = Field(title="OAuth token", min_length=1)


class Content(BaseModel):
    """Which job template, and in which revision of its project."""

    model_config = ConfigDict(extra="forbid", title="Ansible AWX")

    template_id: int = Field(title="Job template", ge=1, description="Its number.")
    limit: str | None = Field(
        None, title="Limit", pattern=r"^[A-Za-z0-9_.:,-]+$", max_length=200
    )
    revision: str | None = Field(
        None,
        title="Revision of the project",
        description="Refuse to run anything else.",
        pattern=r"^[0-9a-f]{7,40}$",
    )


async def launch(way: Way, what: Order) -> Launched:
    """Launch it, and cancel it again if AWX has left anything out."""
    if what.content.revision:
        await _require_revision(way, what.content)
    variables = {**what.parameters, OUR_ID: str(what.run_id)}
    asked: dict[str, object] = {"extra_vars": variables}
    if what.content.limit:
        asked["limit"] = what.content.limit
    url = f"{_root(way)}/job_templates/{what.content.template_id}/launch/"
    reply = await order(way, url, _headers(way), json.dumps(asked).encode(), NAME)
    job = tree(reply)
    job_id = job.get("job") or job.get("id")
    if not isinstance(job_id, int):
        raise LaunchError("AWX names no job", Fate.LOST)
    ignored = job.get("ignored_fields")
    if ignored:
        await _stop(way, job_id)
        names = ", ".join(sorted(map(str, _names(ignored))))
        raise LaunchError(
            f"AWX has left out {line(names)}: let the template ask for it",
            Fate.REJECTED,
        )
    return Launched(str(job_id), _page(way, job_id), job.get("scm_revision") or None)


async def poll(way: Way, run: Running) -> Seen:
    """Read the job back, and what it has printed since the last look."""
    url = f"{_root(way)}/jobs/{run.external_id}/"
    job = tree(await answered(way, "GET", url, _headers(way), NAME))
    revision = job.get("scm_revision") or None
    pinned = run.content.revision
    if pinned and revision and not str(revision).startswith(pinned):
        await _stop(way, int(run.external_id))
        why = f"AWX runs revision {line(revision)}, not the one that was approved"
        return Seen(RunState.FAILED, why, revision=line(revision))
    if not _is_ours(job, run):
        return Seen(RunState.FAILED, "AWX has given the job other variables")
    lines, cursor = await _printed(way, run)
    status = str(job.get("status"))
    return Seen(
        STATES.get(status, RunState.RUNNING),
        f"AWX: {line(status)}",
        lines,
        cursor,
        line(revision) if revision else None,
        {"status": status, "elapsed_s": job.get("elapsed")},
    )


async def cancel(way: Way, run: Running) -> None:
    """Ask AWX to cancel the job."""
    await _stop(way, int(run.external_id))


async def find(way: Way, what: Order) -> Launched | None:
    """The job that carries our id."""
    url = f"{_root(way)}/jobs/?extra_vars__icontains={what.run_id}"
    reply = await answered(way, "GET", url, _headers(way), NAME)
    for job in listed(reply, "results"):
        if isinstance(job.get("id"), int):
            return Launched(str(job["id"]), _page(way, job["id"]))
    return None


async def check(way: Way) -> None:
    """Ask whose token it is."""
    await answered(way, "GET", f"{_root(way)}/me/", _headers(way), NAME)


def receive(hint: Hint) -> str | None:
    """The job in a notification: nobody signs those, so that is all that is believed."""
    return number_in(hint, "id")


async def _require_revision(way: Way, content: Content) -> None:
    """Raise LaunchError unless the template's project is at the revision approved."""
    try:
        url = f"{_root(way)}/job_templates/{content.template_id}/"
        template = tree(await ask(way, "GET", url, _headers(way)))
        url = f"{_root(way)}/projects/{int(template.get('project') or 0)}/"
        project = tree(await ask(way, "GET", url, _headers(way)))
    except TargetError as e:
        raise LaunchError(str(e), Fate.REFUSED) from e
    except (TypeError, ValueError) as e:
        raise LaunchError("AWX does not name the project", Fate.REJECTED) from e
    revision = str(project.get("scm_revision") or "")
    if not revision.startswith(content.revision or ""):
        raise LaunchError(
            f"the project is at {line(revision) or 'no revision'}, not at the one approved",
            Fate.REJECTED,
        )


async def _printed(way: Way, run: Running) -> tuple[list[str], str | None]:
    after = int(run.cursor or 0)
    url = (
        f"{_root(way)}/jobs/{run.external_id}/job_events/"
        f"?counter__gt={after}&order_by=counter&page_size={PAGE}"
    )
    reply = await ask(way, "GET", url, _headers(way))
    lines: list[str] = []
    for event in listed(reply, "results"):
        counter = event.get("counter")
        if isinstance(counter, int):
            after = max(after, counter)
        text = event.get("stdout")
        if isinstance(text, str) and text:
            lines += text.splitlines()
    return lines, str(after)


def _is_ours(job: dict[str, Any], run: Running) -> bool:
    """Whether the job carries the id that it was launched with."""
    given = job.get("extra_vars")
    return isinstance(given, str) and str(run.run_id) in given


async def _stop(way: Way, job_id: int) -> None:
    await ask(way, "POST", f"{_root(way)}/jobs/{job_id}/cancel/", _headers(way))


def _names(ignored: object) -> list[object]:
    """`ignored_fields` nests what was dropped of `extra_vars`."""
    if not isinstance(ignored, dict):
        return [ignored]
    inner = ignored.get("extra_vars")
    rest = [name for name in ignored if name != "extra_vars"]
    return [*rest, *(inner if isinstance(inner, dict) else [])] or ["extra_vars"]


def _root(way: Way) -> str:
    return f"{way.connection.api_url}{way.connection.api_path.rstrip('/')}"


def _page(way: Way, job_id: int) -> str:
    return f"{way.connection.api_url}/#/jobs/{job_id}"


def _headers(way: Way) -> dict[str, str]:
    return bearer(way.connection.token)


TARGET = Target(
    title="Ansible AWX",
    summary="A job template of AWX, Tower or Automation Platform.",
    Connection=Connection,
    Content=Content,
    launch=launch,
    check=check,
    poll=poll,
    cancel=cancel,
    find=find,
    receive=receive,
)
