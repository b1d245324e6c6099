"""Page somebody for the incident."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from pagefree.actions.base import Action, Done, Form, Situation
from pagefree.actions.incident_steps import incident_of
from pagefree.incidents import automation
from pagefree.infra.db import Tx
from pagefree.schedules import service as schedules


class Config(Form):
    """Whom to page."""

    kind: Literal["user", "schedule", "policy"] = Field(
        "policy",
        title="Page",
        description="A person, whoever is on call by a schedule, or a policy anew.",
    )
    id: UUID = Field(title="Which", json_schema_extra={"pick": "by kind"})


async def apply(tx: Tx, config: Config, at: Situation) -> Done:
    """Page them; a policy begins at its first step."""
    incident_id = incident_of(at)
    if config.kind == "policy":
        await automation.give_to_policy(tx, incident_id, config.id, at.cause, at.now)
        return Done({"people": 0})
    people = [config.id]
    if config.kind == "schedule":
        held = await schedules.held(tx, config.id, at.now)
        people = list(held.standing.people)
    for user_id in people:
        await automation.call_in(tx, incident_id, user_id, at.cause, at.now)
    return Done({"people": len(people)})


ACTION = Action(
    title="Page",
    summary="Pages a person, whoever is on call, or everybody of a policy in turn.",
    group="incident",
    Config=Config,
    apply=apply,
    outputs={"people": "how many were paged at once"},
    needs_incident=True,
)
