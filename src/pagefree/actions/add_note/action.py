"""Write into the timeline of the incident."""

from pydantic import Field

from pagefree.actions.base import Action, Done, Form, Situation, Template
from pagefree.actions.incident_steps import incident_of
from pagefree.incidents import automation
from pagefree.infra.db import Tx

MOST_TEXT = 10_000


class Config(Form):
    """The note."""

    text: Template = Field(title="Note", examples=["Ticket: {{steps.ticket.url}}"])


async def apply(tx: Tx, config: Config, at: Situation) -> Done:
    """Write it; nothing where nothing is left to be said."""
    text = config.text.replace("\0", "").strip()[:MOST_TEXT]
    if text:
        await automation.add_note(tx, incident_of(at), text, at.cause, at.now)
    return Done()


ACTION = Action(
    title="Add a note",
    summary="Writes into the timeline of the incident.",
    group="incident",
    Config=Config,
    apply=apply,
    needs_incident=True,
)
