"""A flow of Microsoft Teams that waits for cards.

https://learn.microsoft.com/connectors/teams/#microsoft-teams-webhook and
https://adaptivecards.io/explorer/AdaptiveCard.html
"""

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
    need_url,
)

LONGEST = 28 * 1024
MOST_ACTIONS = 6
CARD = "application/vnd.microsoft.card.adaptive"
SIZES = {"Small", "Default", "Medium", "Large", "ExtraLarge"}
COLOURS = {"Default", "Dark", "Light", "Accent", "Good", "Warning", "Attention"}
FLOW = "/workflows/1/triggers/manual/paths/invoke?api-version=2016-06-01&sig=secret"


@dataclass(slots=True)
class Teams(Provider):
    """Answers 202: the flow began, and says nothing of what comes of it."""

    def address(self, number: int = 0) -> dict[str, Any]:
        return {"url": f"{self.base}{FLOW}&n={number}", "mine": True}

    @property
    def words_matter(self) -> bool:
        return False

    def read(self, post: Post) -> Fields:
        need(post.path.startswith(FLOW), "the flow was not found")
        need(len(post.body) <= LONGEST, "Request Entity Too Large")
        body = json_of(post)
        need(body.get("type") == "message", "the type is not message")
        need(len(body.get("attachments", [])) == 1, "one card a message")
        (attachment,) = body["attachments"]
        need_known(
            attachment, {"contentType", "contentUrl", "content"}, "an attachment"
        )
        need(attachment["contentType"] == CARD, "only cards are shown")
        need(attachment.get("contentUrl") is None, "contentUrl is null")
        card: Fields = attachment["content"]
        _need_card(card)
        return card

    def success(self, fields: Fields) -> Answer:
        del fields
        return Answer(202, b"", {"x-ms-workflow-run-id": f"run-{len(self.accepted)}"})

    def malformed(self, reason: str) -> Answer:
        return Answer(413 if reason == "Request Entity Too Large" else 400)

    def refusal(self) -> Answer:
        return Answer(404)


def _need_card(card: Fields) -> None:
    need_known(card, {"$schema", "type", "version", "body", "actions"}, "a card")
    need(card["type"] == "AdaptiveCard", "it is no card")
    need(card["version"] in {"1.0", "1.1", "1.2", "1.3", "1.4"}, "Teams knows 1.4")
    for block in card["body"]:
        need(block["type"] == "RichTextBlock", "only rich text is sent")
        for run in block["inlines"]:
            need(run["type"] == "TextRun", "only runs are in a line")
            need_text(run["text"], LONGEST, "text", least=0)
            need(run.get("size", "Default") in SIZES, "size")
            need(run.get("color", "Default") in COLOURS, "color")
    need(len(card["actions"]) <= MOST_ACTIONS, "too many actions")
    for action in card["actions"]:
        need(action["type"] == "Action.OpenUrl", "a webhook hears nothing back")
        need_text(action["title"], 100, "title")
        need_url(action["url"], "url")
