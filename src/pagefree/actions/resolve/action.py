"""Resolve the incident."""

from pydantic import Field

from pagefree.actions.base import Action, Done, Form, Situation, Template
from pagefree.actions.incident_steps import incident_of
from pagefree.incidents import automation
from pagefree.infra.db import Tx

MOST_TEXT = 2000


class Config(Form):
    """What to say."""

    note: Template = Field("", title="Reason")


async def apply(tx: Tx, config: Config, at: Situation) -> Done:
    """It is over, and so are its open alerts."""
    note = config.note.replace("\0", "").strip()[:MOST_TEXT]
    changed = await automation.resolve(tx, incident_of(at), note, at.cause, at.now)
    return Done({"changed": changed})


ACTION = Action(
    title="Resolve",
    summary="Resolves the incident and its open alerts.",
    group="incident",
    Config=Config,
    apply=apply,
    outputs={"changed": "whether it was open before"},
    needs_incident=True,
)
