"""Ask somebody for help with the incident."""

from uuid import UUID

from pydantic import Field

from pagefree.actions.base import Action, Done, Form, Situation
from pagefree.actions.incident_steps import incident_of
from pagefree.incidents import automation
from pagefree.infra.db import Tx


class Config(Form):
    """Whom to ask."""

    user_id: UUID = Field(title="Person", json_schema_extra={"pick": "user"})


async def apply(tx: Tx, config: Config, at: Situation) -> Done:
    """Page them, whoever has the incident."""
    await automation.call_in(tx, incident_of(at), config.user_id, at.cause, at.now)
    return Done()


ACTION = Action(
    title="Add a responder",
    summary="Asks one more person for help: they are paged at once.",
    group="incident",
    Config=Config,
    apply=apply,
    needs_incident=True,
)
