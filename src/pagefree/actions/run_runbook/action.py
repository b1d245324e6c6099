"""Run an approved runbook, and wait until it is over."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field, JsonValue

from pagefree.actions.base import Action, Form, Situation, Waiting
from pagefree.core.workflow_graphs import OUT
from pagefree.infra.db import Tx
from pagefree.runbooks import service as runbooks
from pagefree.runbooks.service import Automation, RunAsk


def _none_if_empty(value: object) -> object:
    return None if value == "" else value


class Config(Form):
    """What to run."""

    runbook_id: UUID = Field(title="Runbook", json_schema_extra={"pick": "runbook"})
    version: int | None = Field(
        None, ge=1, title="Version", description="Empty: the newest approved one."
    )
    parameters: dict[str, JsonValue] = Field(
        {},
        title="Parameters",
        max_length=50,
        json_schema_extra={"template": True},
    )
    connection_id: Annotated[UUID | None, BeforeValidator(_none_if_empty)] = Field(
        None,
        title="Connection, its id",
        description="Empty: the only one that the runbook allows.",
    )
    confirmation: str = Field(
        "",
        title="Its name, to confirm",
        max_length=200,
        description="For what is destructive, which also needs an approval before it.",
    )
    wait_minutes: int = Field(60, ge=1, le=24 * 60, title="Wait, minutes")


async def apply(tx: Tx, config: Config, at: Situation) -> Waiting:
    """Queue the run, which checks by its own rules whether it may; then wait for it."""
    ask = RunAsk(
        runbook_id=config.runbook_id,
        cause=Automation(at.run_id, at.workflow, at.approved_by),
        parameters=config.parameters,
        version=config.version,
        incident_id=at.incident_id,
        connection_id=config.connection_id,
        confirmation=config.confirmation or None,
    )
    run_id = await runbooks.start(tx, ask, at.now)
    until = at.now + timedelta(minutes=config.wait_minutes)
    return Waiting(until, {"run_id": str(run_id)}, run_id)


ACTION = Action(
    title="Run a runbook",
    summary="Runs an approved runbook, and goes on when it has succeeded.",
    group="automation",
    Config=Config,
    apply=apply,
    ports=(OUT, "timed_out"),
    outputs={
        "run_id": "of the run",
        "state": "succeeded, failed …",
        "outcome": "how it ended, in words",
        "result": "what it gave back",
    },
    open_outputs=True,
    needs_people=True,
)
