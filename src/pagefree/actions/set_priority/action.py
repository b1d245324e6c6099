"""Change the priority or the urgency of the incident."""

from typing import Literal, Self

from pydantic import Field, model_validator

from pagefree.actions.base import Action, Done, Form, Situation
from pagefree.actions.incident_steps import incident_of
from pagefree.incidents import automation
from pagefree.infra.db import Tx


class Config(Form):
    """What to set; what is left out stays."""

    priority: Literal["P1", "P2", "P3", "P4", "P5"] | None = Field(
        None, title="Priority"
    )
    urgency: Literal["high", "low"] | None = Field(None, title="Urgency")

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.priority is None and self.urgency is None:
            raise ValueError("give a priority or an urgency")
        return self


async def apply(tx: Tx, config: Config, at: Situation) -> Done:
    """Set it."""
    wanted = config.model_dump(exclude_none=True)
    changed = await automation.edit(tx, incident_of(at), wanted, at.cause, at.now)
    return Done({"changed": changed})


ACTION = Action(
    title="Set priority",
    summary="Changes the priority or the urgency of the incident.",
    group="incident",
    Config=Config,
    apply=apply,
    outputs={"changed": "whether it was another before"},
    needs_incident=True,
)
