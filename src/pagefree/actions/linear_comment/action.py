"""Comment on an issue in Linear."""

from collections.abc import Mapping

from pydantic import Field

from pagefree.actions.base import Action, Call, Situation, Template
from pagefree.actions.linear_api import LinearForm, answered, linear
from pagefree.infra.http_connection import Reply

CREATE = (
    "mutation($input: CommentCreateInput!) { commentCreate(input: $input)"
    " { success comment { id } } }"
)


class Config(LinearForm):
    """The comment to write."""

    issue: Template = Field(title="Issue id", examples=["{{steps.ticket.id}}"])
    text: Template = Field(title="Text, Markdown")


def call(config: Config, at: Situation) -> Call:
    """The comment, under an id of ours."""
    wanted = {"id": str(at.key), "issueId": config.issue, "body": config.text}
    return linear(config, at, CREATE, {"input": wanted})


def read(_: Config, reply: Reply) -> Mapping[str, object]:
    """The new comment."""
    made = answered(reply).get("commentCreate")
    comment = made.get("comment") if isinstance(made, dict) else None
    return {"id": str(comment.get("id", "")) if isinstance(comment, dict) else ""}


ACTION = Action(
    title="Comment on a Linear issue",
    summary="Adds a comment to an issue of Linear.",
    group="tickets",
    Config=Config,
    call=call,
    read=read,
    outputs={"id": "of the comment"},
)
