"""Rundeck jobs: https://docs.rundeck.com/docs/api/ , version 41 and newer.

Its notifications are signed by a digest that leaves out their body, so nothing of them is
believed but which execution to look at.
"""

import hashlib
import json

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from pagefree.core.runbook_runs import Fate, RunState
from pagefree.targets.base import (
    Address,
    Hint,
    Launched,
    LaunchError,
    Order,
    Running,
    Seen,
    Target,
    TargetError,
    Way,
    answered,
    ask,
    asked_first,
    launched,
    line,
    listed,
    order,
    tree,
)

NAME = "Rundeck"
RECENT = 50
MOST_DIGITS = 20
STATES = {
    "succeeded": RunState.SUCCEEDED,
    "failed": RunState.FAILED,
    "failed-with-retry": RunState.FAILED,
    "aborted": RunState.CANCELLED,
    "timedout": RunState.TIMED_OUT,
}


class Connection(BaseModel):
    """A server and a token that may run jobs there."""

    model_config = ConfigDict(extra="forbid", title="Rundeck")

    api_url: Address = Field(title="Address", examples=["https://rundeck.example.org"])
    api_version: int = Field(41, title="API version", ge=41, le=99)
    token: SecretStr = Field(title="API token", min_length=1)


class Content(BaseModel):
    """Which job, and how it is known to be the one approved."""

    model_config = ConfigDict(extra="forbid", title="Rundeck")

    job_id: str = Field(
        title="Job", pattern=r"^[0-9a-fA-F-]{36}$", description="Its UUID."
    )
    definition_sha256: str | None = Field(
        None,
        title="SHA-256 of the definition",
        description="Of the job's YAML export. Refuse to run anything else.",
        pattern=r"^[0-9a-f]{64}$",
    )
    run_id_option: str | None = Field(
        None,
        title="Option for the id of the run",
        description="With it, a run whose answer was lost is found again.",
        pattern=r"^[A-Za-z0-9_.-]{1,60}$",
    )


async def launch(way: Way, what: Order) -> Launched:
    """Run the job with the parameters as its options."""
    if what.content.definition_sha256:
        await _require_definition(way, what.content)
    options = {name: _option(value) for name, value in what.parameters.items()}
    if what.content.run_id_option:
        options[what.content.run_id_option] = str(what.run_id)
    url = f"{_job(way, what.content)}/run?meta.pagefree_run_id={what.run_id}"
    body = json.dumps({"options": options}).encode()
    reply = await order(way, url, _headers(way), body, NAME)
    found = launched(tree(reply), "permalink")
    if found is None:
        raise LaunchError("Rundeck names no execution", Fate.LOST)
    return found


async def poll(way: Way, run: Running) -> Seen:
    """Read the execution, and what it has printed since the last look."""
    url = f"{_root(way)}/execution/{run.external_id}"
    reply = await answered(way, "GET", url, _headers(way), NAME)
    execution = tree(reply)
    status = str(execution.get("status"))
    offset = run.cursor or "0"
    reply = await ask(way, "GET", f"{url}/output?offset={offset}", _headers(way))
    output = tree(reply)
    said = str(output.get("offset", offset))
    return Seen(
        STATES.get(status, RunState.RUNNING),
        f"Rundeck: {line(status)}",
        [str(entry.get("log", "")) for entry in listed(reply, "entries")],
        said if said.isdigit() and len(said) <= MOST_DIGITS else offset,
        result={"status": status, "failed_nodes": execution.get("failedNodes")},
    )


async def cancel(way: Way, run: Running) -> None:
    """Abort the execution."""
    url = f"{_root(way)}/execution/{run.external_id}/abort"
    await answered(way, "POST", url, _headers(way), NAME)


async def find(way: Way, what: Order) -> Launched | None:
    """The execution that was given our id, where the job has an option for it."""
    option = what.content.run_id_option
    if option is None:
        raise TargetError("the job has no option for the id of the run")
    url = f"{_job(way, what.content)}/executions?max={RECENT}"
    reply = await answered(way, "GET", url, _headers(way), NAME)
    for execution in listed(reply, "executions"):
        job = execution.get("job")
        options = job.get("options") if isinstance(job, dict) else None
        if isinstance(options, dict) and options.get(option) == str(what.run_id):
            return launched(execution, "permalink")
    return None


async def check(way: Way) -> None:
    """Ask what it is."""
    url = f"{_root(way)}/system/info"
    await answered(way, "GET", url, _headers(way), NAME)


def receive(hint: Hint) -> str | None:
    """The execution in the header of a notification."""
    found = hint.headers.get("x-rundeck-notification-execution-id", "")
    return found if found.isascii() and found.isdigit() else None


async def _require_definition(way: Way, content: Content) -> None:
    url = f"{_root(way)}/job/{content.job_id}?format=yaml"
    headers = {**_headers(way), "Accept": "application/yaml"}
    reply = await asked_first(way, url, headers, NAME)
    if hashlib.sha256(reply.body).hexdigest() != content.definition_sha256:
        raise LaunchError("the job is not the one that was approved", Fate.REJECTED)


def _option(value: object) -> str:
    if isinstance(value, list):
        return ",".join(map(_option, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _root(way: Way) -> str:
    return f"{way.connection.api_url}/api/{way.connection.api_version}"


def _job(way: Way, content: Content) -> str:
    return f"{_root(way)}/job/{content.job_id}"


def _headers(way: Way) -> dict[str, str]:
    return {"X-Rundeck-Auth-Token": way.connection.token.get_secret_value()}


TARGET = Target(
    title="Rundeck",
    summary="A job of Rundeck.",
    Connection=Connection,
    Content=Content,
    launch=launch,
    check=check,
    poll=poll,
    cancel=cancel,
    find=find,
    receive=receive,
)
