"""Telegram's Bot API. https://core.telegram.org/bots/api"""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
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

TOKEN = "1:token"
SECRET = "0123456789abcdef0123"
TAGS = {"b", "strong", "i", "em", "u", "ins", "s", "del", "a", "code", "pre"}
SHARED = {"chat_id", "text", "parse_mode", "link_preview_options", "reply_markup"}
KNOWN = {
    "sendMessage": SHARED | {"disable_notification", "message_thread_id"},
    "editMessageText": SHARED | {"message_id"},
}


@dataclass(slots=True)
class Telegram(Provider):
    """One bot, with which every chat is open."""

    @property
    def account(self) -> dict[str, object]:
        return {"bot_token": TOKEN, "webhook_secret": SECRET, "api_url": self.base}

    def address(self, number: int = 0) -> dict[str, Any]:
        return {"chat_id": 77 + number}

    def read(self, post: Post) -> Fields:
        found = re.fullmatch(r"/bot([^/]+)/(\w+)", post.path)
        need(found is not None and found[1] == TOKEN, "Unauthorized")
        method = found[2] if found else ""
        need(method in KNOWN, "Not Found: method not found")
        body = json_of(post)
        need_known(body, KNOWN[method], method)
        need(isinstance(body.get("chat_id"), int), "chat_id")
        need(method == "sendMessage" or body.get("message_id"), "message_id")
        need(body.get("parse_mode") == "HTML", "parse_mode")
        need_text(body.get("text"), 100_000, "text")
        need_text(_Seen.text(body["text"]), 4096, "text after entities")
        for row in body.get("reply_markup", {}).get("inline_keyboard", []):
            for button in row:
                _need_button(button)
        return {**body, "method": method}

    def success(self, fields: Fields) -> Answer:
        number = fields.get("message_id") or len(self.accepted)
        return as_json(200, {"ok": True, "result": {"message_id": number}})

    def malformed(self, reason: str) -> Answer:
        status = 401 if reason == "Unauthorized" else 400
        body = {
            "ok": False,
            "error_code": status,
            "description": f"Bad Request: {reason}",
        }
        return as_json(status, body)

    def refusal(self) -> Answer:
        words = "Forbidden: bot was blocked by the user"
        return as_json(403, {"ok": False, "error_code": 403, "description": words})


def _need_button(button: Fields) -> None:
    need_text(button.get("text"), 100, "text of a button")
    need(len(button.keys() & {"callback_data", "url"}) == 1, "a button does one thing")
    if "url" in button:
        need_url(button["url"], "url of a button")
    else:
        need(1 <= len(button["callback_data"].encode()) <= 64, "callback_data")


class _Seen(HTMLParser):
    """What is left when the few tags that Telegram knows are read."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen = ""

    @classmethod
    def text(cls, html: str) -> str:
        parser = cls()
        parser.feed(html)
        parser.close()
        need(not parser.open, "can't parse entities: a tag is not closed")
        return parser.seen

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        need(tag in TAGS, f"can't parse entities: unsupported start tag {tag}")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        need(self.open and self.open.pop() == tag, "can't parse entities: end tag")

    def handle_data(self, data: str) -> None:
        self.seen += data
