"""Start a workflow of GitHub Actions."""

from collections.abc import Mapping
from urllib.parse import quote

from pydantic import Field

from pagefree.actions.base import Action, Call, Situation, Template, object_of
from pagefree.actions.github_api import GitHubForm, accept, github
from pagefree.infra.http_connection import Reply


class Config(GitHubForm):
    """What to start."""

    workflow: str = Field(title="Workflow file or id", examples=["deploy.yml"])
    ref: str = Field("main", title="Branch or tag")
    inputs: dict[str, Template] = Field(
        {},
        title="Inputs",
        max_length=25,
        json_schema_extra={"template": True},
    )


def call(config: Config, at: Situation) -> Call:
    """The dispatch; GitHub starts one run for each, so it is sent once if it can be."""
    path = f"/actions/workflows/{quote(config.workflow, safe='')}/dispatches"
    body = {"ref": config.ref, "inputs": config.inputs, "return_run_details": True}
    return github(config, at, "POST", path, body)


def read(_: Config, reply: Reply) -> Mapping[str, object]:
    """The run, where GitHub tells it."""
    accept(reply)
    body = object_of(reply)
    return {
        "run_id": body.get("workflow_run_id"),
        "url": str(body.get("html_url", "")),
    }


ACTION = Action(
    title="Start a GitHub workflow",
    summary="Starts a workflow of GitHub Actions on a branch or tag.",
    group="automation",
    Config=Config,
    call=call,
    read=read,
    outputs={"run_id": "of the run", "url": "of the run"},
)
