"""Acknowledge the incident."""

from pagefree.actions.base import Action, Done, Form, Situation
from pagefree.actions.incident_steps import incident_of
from pagefree.incidents import automation
from pagefree.infra.db import Tx


class Config(Form):
    """Nothing to fill in."""


async def apply(tx: Tx, _: Config, at: Situation) -> Done:
    """Nobody is paged any more."""
    changed = await automation.acknowledge(tx, incident_of(at), at.cause, at.now)
    return Done({"changed": changed})


ACTION = Action(
    title="Acknowledge",
    summary="Acknowledges the incident: nobody is paged for it any more.",
    group="incident",
    Config=Config,
    apply=apply,
    outputs={"changed": "whether nobody had it before"},
    needs_incident=True,
)
