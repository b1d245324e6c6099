"""An incoming webhook of Slack: text goes to the one channel that it was made for.

https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
"""

import re
from dataclasses import dataclass
from typing import Any

from tests.fake_servers import Answer, Post
from tests.fakes.provider import (
    Fields,
    Provider,
    json_of,
    need,
    need_known,
    need_text,
)

PATH = "/services/T0000/B0000/secret"
KNOWN = {"text", "blocks", "unfurl_links", "unfurl_media"}
# what is between angle brackets is an address, or would call somebody
SPECIAL = re.compile(r"<(?!https?://)")


@dataclass(slots=True)
class SlackHook(Provider):
    """Answers `ok`."""

    def address(self, number: int = 0) -> dict[str, Any]:
        return {"url": f"{self.base}{PATH}{number}"}

    def read(self, post: Post) -> Fields:
        need(post.path.startswith(PATH), "no_service")
        body = json_of(post)
        need_known(body, KNOWN, "a message")
        need_text(body.get("text"), 40_000, "text")
        need(not SPECIAL.search(body["text"]), "somebody is called")
        return body

    def malformed(self, reason: str) -> Answer:
        status = 404 if reason == "no_service" else 400
        return Answer(status, reason.encode(), {"Content-Type": "text/html"})

    def refusal(self) -> Answer:
        return Answer(404, b"no_service")
