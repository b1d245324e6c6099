"""Wait until somebody says yes or no."""

from datetime import timedelta
from uuid import UUID

from pydantic import Field

from pagefree.accounts import service as accounts
from pagefree.actions.base import Action, Form, Situation, Template, Waiting, one_line
from pagefree.infra.db import Tx
from pagefree.schedules.notices import Listener, tell

APPROVED, REJECTED, TIMED_OUT = "approved", "rejected", "timed_out"


class Config(Form):
    """Who is asked what, and for how long."""

    question: Template = Field(
        title="Question", examples=["Restart the worker for {{incident.title}}?"]
    )
    user_ids: list[UUID] = Field(
        [],
        title="Who may answer",
        description="Nobody named: whoever responds in the team.",
        max_length=50,
        json_schema_extra={"pick": "user"},
    )
    wait_minutes: int = Field(60, ge=1, le=7 * 24 * 60, title="Wait, minutes")


async def apply(tx: Tx, config: Config, at: Situation) -> Waiting:
    """Ask on the phones of those who may answer; any one of them decides."""
    people = list(config.user_ids) or await _responders(tx, at)
    question = one_line(config.question, 300) or "May it go on?"

    def words(_: Listener) -> str:
        return f"{at.workflow} asks: {question} {_page(at)}"

    await tell(tx, people, words, at.now)
    return Waiting(
        at.now + timedelta(minutes=config.wait_minutes),
        {"question": question, "asked": [str(one) for one in people]},
    )


async def _responders(tx: Tx, at: Situation) -> list[UUID]:
    team = at.incident.get("team")
    found = team.get("id") if isinstance(team, dict) else at.team_id
    if found is None:
        return list(await accounts.platform_admins(tx))
    team_id = UUID(str(found))
    return list((await accounts.team_members(tx, [team_id]))[team_id])


def _page(at: Situation) -> str:
    url = at.incident.get("url")
    return str(url) if url else f"{at.base_url}/workflow-runs/{at.run_id}"


ACTION = Action(
    title="Wait for approval",
    summary="Asks people on their phones, and goes on by what one of them answers.",
    group="waiting",
    Config=Config,
    apply=apply,
    ports=(APPROVED, REJECTED, TIMED_OUT),
    outputs={
        "question": "what was asked",
        "answered_by": "who has answered",
        "comment": "what they said besides",
    },
)
