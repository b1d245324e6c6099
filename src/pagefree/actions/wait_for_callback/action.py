"""Wait until another system calls back."""

from datetime import timedelta

from pydantic import Field

from pagefree.actions.base import Action, Form, Situation, Waiting
from pagefree.core.workflow_graphs import OUT
from pagefree.infra.db import Tx


class Config(Form):
    """For how long to wait."""

    wait_minutes: int = Field(60, ge=1, le=7 * 24 * 60, title="Wait, minutes")


async def apply(_: Tx, config: Config, at: Situation) -> Waiting:
    """Whoever was given {{run.callback_url}} by an earlier step posts to it."""
    return Waiting(at.now + timedelta(minutes=config.wait_minutes))


ACTION = Action(
    title="Wait for a callback",
    summary="Waits until another system posts to the address of this run.",
    group="waiting",
    Config=Config,
    apply=apply,
    ports=(OUT, "timed_out"),
    outputs={"body": "what was posted"},
    open_outputs=True,
)
