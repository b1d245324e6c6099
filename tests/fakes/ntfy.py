"""An ntfy server. https://docs.ntfy.sh/publish/#publish-as-json"""

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
    need_url,
)

LONGEST_MESSAGE = 4096  # bytes: more becomes a file
MOST_ACTIONS = 3
KNOWN = {"topic", "title", "message", "tags", "priority", "click", "actions"}
TOPIC = re.compile(r"[-_A-Za-z0-9]{1,64}")


@dataclass(slots=True)
class Ntfy(Provider):
    """Takes JSON at its root, as the headers of the other way cannot hold all letters."""

    def address(self, number: int = 0) -> dict[str, Any]:
        return {"server": self.base, "topic": f"long-and-random-{number}"}

    def read(self, post: Post) -> Fields:
        need(post.path == "/", "page not found")
        body = json_of(post)
        need_known(body, KNOWN, "a message")
        need(TOPIC.fullmatch(body.get("topic", "")), "topic invalid")
        message = body.get("message", "").encode()
        need(len(message) <= LONGEST_MESSAGE, "it would become a file")
        need_text(body.get("title", ""), 250, "title", least=0)
        need(body.get("priority", 3) in range(1, 6), "priority invalid")
        need_url(body.get("click", "https://x"), "click")
        actions = body.get("actions", [])
        need(len(actions) <= MOST_ACTIONS, "only 3 actions allowed")
        for action in actions:
            need_known(
                action, {"action", "label", "url", "method", "clear"}, "an action"
            )
            need(action["action"] in {"view", "http"}, "action unknown")
            need_text(action["label"], 100, "label")
            need_url(action["url"], "url")
        return body

    def success(self, fields: Fields) -> Answer:
        message = {"id": f"n{len(self.accepted):011d}", "event": "message"}
        return as_json(200, {**message, "time": 1, "topic": fields["topic"]})

    def malformed(self, reason: str) -> Answer:
        return as_json(400, {"code": 40009, "http": 400, "error": reason})

    def refusal(self) -> Answer:
        return as_json(403, {"code": 40301, "http": 403, "error": "forbidden"})
