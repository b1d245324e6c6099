"""Pushover. https://pushover.net/api"""

import re
from dataclasses import dataclass
from typing import Any

from tests.fake_servers import Answer, Post, as_json
from tests.fakes.provider import (
    Fields,
    Provider,
    form_of,
    need,
    need_known,
    need_text,
    need_url,
)

TOKEN = "a" * 30
KEY = re.compile(r"[A-Za-z0-9]{30}")
PATH = "/1/messages.json"
KNOWN = {"token", "user", "title", "message", "priority", "retry", "expire"}
LIMITS = {"title": 250, "message": 1024, "url_title": 100}
EMERGENCY = "2"


@dataclass(slots=True)
class Pushover(Provider):
    """One application, and everybody whose key is well formed."""

    @property
    def account(self) -> dict[str, object]:
        return {"app_token": TOKEN, "api_url": f"{self.base}{PATH}"}

    def address(self, number: int = 0) -> dict[str, Any]:
        return {"user_key": f"u{number:029d}"}

    def read(self, post: Post) -> Fields:
        need(post.path == PATH, "not found")
        form = form_of(post)
        need_known(form, KNOWN | {"url", "url_title", "ttl", "tags"}, "a message")
        need(form.get("token") == TOKEN, "token")
        need(KEY.fullmatch(form.get("user", "")), "user")
        need(form.get("message"), "message cannot be blank")
        for name, most in LIMITS.items():
            need_text(form.get(name, "x"), most, name)
        need_url(form.get("url", "https://x"), "url", 512)
        need(form.get("priority", "0") in {"-2", "-1", "0", "1", "2"}, "priority")
        if form.get("priority") == EMERGENCY:
            need(int(form.get("retry", 0)) >= 30, "retry")
            need(1 <= int(form.get("expire", 0)) <= 10_800, "expire")
        return {**form}

    def success(self, fields: Fields) -> Answer:
        body: dict[str, object] = {"status": 1, "request": f"r-{len(self.accepted)}"}
        if fields.get("priority") == EMERGENCY:
            body["receipt"] = f"{len(self.accepted):030d}"
        return as_json(200, body)

    def malformed(self, reason: str) -> Answer:
        named = {reason: "invalid"} if reason in {"user", "token"} else {}
        return as_json(400, {**named, "errors": [reason], "status": 0})

    def refusal(self) -> Answer:
        return self.malformed("user")
