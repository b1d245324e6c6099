"""Slack's Web API: failures are successes with `ok: false`, as there.

https://docs.slack.dev/reference/methods/chat.postMessage and
https://docs.slack.dev/reference/block-kit/blocks
"""

from dataclasses import dataclass
from typing import Any

from tests.fake_servers import Answer, Post, as_json
from tests.fakes.provider import (
    Fields,
    Provider,
    json_of,
    need,
    need_known,
    need_text,
    need_url,
)

TOKEN = "xoxb-1"
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
MOST_BLOCKS, MOST_ELEMENTS = 50, 25
KNOWN = {
    "/chat.postMessage": {"channel", "text", "blocks", "unfurl_links", "unfurl_media"},
    "/chat.update": {"channel", "ts", "text", "blocks"},
}


@dataclass(slots=True)
class Slack(Provider):
    """One workspace, in which everybody takes direct messages."""

    @property
    def account(self) -> dict[str, object]:
        return {
            "bot_token": TOKEN,
            "signing_secret": SECRET,
            "api_url": f"{self.base}/api",
        }

    def address(self, number: int = 0) -> dict[str, Any]:
        return {"team_id": "T1", "user_id": f"U{number}"}

    def read(self, post: Post) -> Fields:
        need(post.headers.get("authorization") == f"Bearer {TOKEN}", "invalid_auth")
        method = post.path.removeprefix("/api")
        need(method in KNOWN, "unknown_method")
        body = json_of(post)
        need_known(body, KNOWN[method], method)
        need_text(body.get("channel"), 30, "channel")
        need_text(body.get("text"), 40_000, "text")
        if method == "/chat.update":
            need_text(body.get("ts"), 30, "ts")
        blocks = body.get("blocks", [])
        need(len(blocks) <= MOST_BLOCKS, "too many blocks")
        for block in blocks:
            _need_block(block)
        return {**body, "method": method.removeprefix("/")}

    def success(self, fields: Fields) -> Answer:
        ts = fields.get("ts") or f"1700000000.{len(self.accepted):06d}"
        return as_json(200, {"ok": True, "channel": "D1", "ts": ts})

    def malformed(self, reason: str) -> Answer:
        word = reason if reason == "invalid_auth" else "invalid_blocks"
        return as_json(200, {"ok": False, "error": word})

    def refusal(self) -> Answer:
        return as_json(200, {"ok": False, "error": "user_not_found"})


def _need_block(block: Fields) -> None:
    kind = block.get("type")
    if kind == "header":
        need(block["text"]["type"] == "plain_text", "a header is plain text")
        need_text(block["text"]["text"], 150, "header")
    elif kind == "section":
        need(block["text"]["type"] in {"plain_text", "mrkdwn"}, "text of a section")
        need_text(block["text"]["text"], 3000, "section")
    elif kind == "actions":
        need(1 <= len(block["elements"]) <= MOST_ELEMENTS, "elements")
        names = [element["action_id"] for element in block["elements"]]
        need(len(set(names)) == len(names), "action_id is not unique")
        for element in block["elements"]:
            _need_button(element)
    else:
        need(kind in {"divider", "context"}, f"no block is a {kind}")


def _need_button(button: Fields) -> None:
    need(button["type"] == "button", "only buttons are known here")
    need_text(button["action_id"], 255, "action_id")
    need(button["text"]["type"] == "plain_text", "a button has plain text")
    need_text(button["text"]["text"], 75, "text of a button")
    need(button.get("style", "primary") in {"primary", "danger"}, "style")
    if "value" in button:
        need_text(button["value"], 2000, "value")
    if "url" in button:
        need_url(button["url"], "url of a button", 3000)
