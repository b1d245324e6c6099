"""Write into a channel of Slack."""

from collections.abc import Mapping
from typing import Self

from pydantic import Field, model_validator

from pagefree.actions.base import (
    Action,
    ActionError,
    Call,
    Form,
    SecretName,
    Situation,
    json_call,
    object_of,
    require_success,
    retry_after_s,
)
from pagefree.infra.http_connection import Reply

MOST_TEXT = 4000
PERHAPS_LATER = {"ratelimited", "internal_error", "fatal_error", "service_unavailable"}


class Config(Form):
    """What to write where."""

    text: str = Field(
        title="Message",
        max_length=MOST_TEXT,
        json_schema_extra={"template": True, "escape": "slack"},
        examples=["<{{incident.url}}|#{{incident.number}}> {{incident.title}}"],
    )
    webhook: SecretName | None = Field(
        None, title="Secret with the address of an incoming webhook"
    )
    token: SecretName | None = Field(None, title="Secret with a bot token")
    channel: str = Field("", title="Channel id, with a bot token", examples=["C0123"])
    thread: str = Field(
        "",
        title="Thread to answer in",
        json_schema_extra={"template": True},
        examples=["{{steps.tell.ts}}"],
    )
    api_url: str = Field("https://slack.com/api", title="Address of the API")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.webhook is None) == (self.token is None):
            raise ValueError("give a webhook, or a bot token with a channel")
        if self.token is not None and not self.channel:
            raise ValueError("a bot token needs a channel")
        return self


def call(config: Config, at: Situation) -> Call:
    """The message."""
    text = config.text[:MOST_TEXT] or "-"
    if config.webhook is not None:
        return json_call("POST", at.secret(config.webhook), {"text": text})
    body = {"channel": config.channel, "text": text, "unfurl_links": False}
    if config.thread:
        body["thread_ts"] = config.thread
    url = f"{config.api_url.rstrip('/')}/chat.postMessage"
    token = at.secret(config.token or "")
    return json_call("POST", url, body, {"Authorization": f"Bearer {token}"})


def read(config: Config, reply: Reply) -> Mapping[str, object]:
    """Where it stands; Slack answers most failures with 200."""
    require_success(reply, "Slack", reply.body[:100].decode(errors="replace"))
    if config.webhook is not None:
        return {}
    body = object_of(reply)
    if body.get("ok") is not True:
        error = str(body.get("error", "not ok"))
        raise ActionError(
            f"Slack refused: {error}",
            permanent=error not in PERHAPS_LATER,
            retry_after_s=retry_after_s(reply),
        )
    return {"channel": str(body.get("channel", "")), "ts": str(body.get("ts", ""))}


ACTION = Action(
    title="Slack message",
    summary="Writes into a channel of Slack, by a webhook or a bot.",
    group="chat",
    Config=Config,
    call=call,
    read=read,
    outputs={
        "channel": "where it stands",
        "ts": "of the message, to answer in a thread",
    },
)
