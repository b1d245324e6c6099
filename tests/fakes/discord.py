"""A webhook of a Discord chat.

https://discord.com/developers/docs/resources/webhook#execute-webhook and
https://discord.com/developers/docs/resources/message#embed-object-embed-limits
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
)

HOOK = "/api/webhooks/"
MOST_EMBEDS, MOST_FIELDS, LONGEST_EMBEDS = 10, 25, 6000


@dataclass(slots=True)
class Discord(Provider):
    """Answers with the message, as `wait` asks it to."""

    def address(self, number: int = 0) -> dict[str, Any]:
        return {"url": f"{self.base}{HOOK}{number}/token", "mine": True}

    def read(self, post: Post) -> Fields:
        path, _, query = post.path.partition("?")
        hook, changes, _ = path.partition("/messages/")
        need(hook.startswith(HOOK) and hook.endswith("/token"), "Unknown Webhook")
        need(changes or query == "wait=true", "without wait, failures stay hidden")
        body = json_of(post)
        need_known(body, {"content", "embeds", "allowed_mentions"}, "a message")
        need_text(body.get("content", ""), 2000, "content", least=0)
        need(body.get("allowed_mentions") == {"parse": []}, "it may mention somebody")
        embeds = body.get("embeds", [])
        need(len(embeds) <= MOST_EMBEDS, "too many embeds")
        need(sum(map(_length, embeds)) <= LONGEST_EMBEDS, "the embeds are too long")
        return body

    def success(self, fields: Fields) -> Answer:
        del fields
        return as_json(200, {"id": f"10{len(self.accepted):016d}", "type": 0})

    def malformed(self, reason: str) -> Answer:
        if reason == "Unknown Webhook":
            return self.refusal()
        return as_json(400, {"code": 50035, "message": f"Invalid Form Body: {reason}"})

    def refusal(self) -> Answer:
        return as_json(404, {"code": 10015, "message": "Unknown Webhook"})


def _length(embed: Fields) -> int:
    """Of what counts together. Raises Wrong."""
    need_known(embed, {"title", "description", "color", "fields", "url"}, "an embed")
    need_text(embed.get("title", "x"), 256, "title of an embed")
    need_text(embed.get("description", "x"), 4096, "description")
    need(0 <= embed.get("color", 0) <= 0xFFFFFF, "color")
    fields = embed.get("fields", [])
    need(len(fields) <= MOST_FIELDS, "too many fields")
    for one in fields:
        need_known(one, {"name", "value", "inline"}, "a field")
        need_text(one.get("name"), 256, "name of a field")
        need_text(one.get("value"), 1024, "value of a field")
    texts = [embed.get("title", ""), embed.get("description", "")]
    texts += [text for one in fields for text in (one["name"], one["value"])]
    return sum(map(len, texts))
