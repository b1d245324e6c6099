"""An incoming webhook of Mattermost.

https://developers.mattermost.com/integrate/webhooks/incoming/ and
https://developers.mattermost.com/integrate/reference/message-attachments/
"""

import re
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
)

HOOK = "/hooks/"
LONGEST = 16_383
KNOWN = {"text", "channel", "username", "icon_url", "attachments", "props"}
OF_ATTACHMENTS = {"fallback", "color", "title", "title_link", "text", "fields"}


@dataclass(slots=True)
class Mattermost(Provider):
    """Answers `ok`, and gives messages no id."""

    def address(self, number: int = 0) -> dict[str, Any]:
        return {"url": f"{self.base}{HOOK}hook{number}", "mine": True}

    @property
    def words_matter(self) -> bool:
        return False

    def read(self, post: Post) -> Fields:
        need(post.path.startswith(HOOK), "Couldn't find the webhook")
        body = json_of(post)
        need_known(body, KNOWN, "a message")
        need(body.get("text") or body.get("attachments"), "No text specified")
        need_text(body.get("text", ""), LONGEST, "text", least=0)
        for attachment in body.get("attachments", []):
            need_known(attachment, OF_ATTACHMENTS, "an attachment")
            need_text(attachment.get("text", ""), LONGEST, "text", least=0)
            colour = attachment.get("color", "#000000")
            need(re.fullmatch(r"#[0-9a-f]{6}", colour), "color")
            for one in attachment.get("fields", []):
                need_known(one, {"title", "value", "short"}, "a field")
                need(isinstance(one["short"], bool), "short")
        return body

    def malformed(self, reason: str) -> Answer:
        return as_json(400, {"message": reason, "status_code": 400})

    def refusal(self) -> Answer:
        words = "Invalid webhook."
        return as_json(404, {"message": words, "status_code": 404})
