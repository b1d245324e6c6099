"""Somebody's own server that believes what is signed as Standard Webhooks says.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from standardwebhooks import Webhook

from tests.fake_servers import Post
from tests.fakes.provider import Fields, Provider, json_of, need, need_known

SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
TOLERANCE = timedelta(minutes=5)


@dataclass(slots=True)
class Receiver(Provider):
    """Answers 200 to what is genuine."""

    @property
    def secret(self) -> str:
        return SECRET

    def address(self, number: int = 0) -> dict[str, Any]:
        return {"url": f"{self.base}/pages/{number}"}

    @property
    def words_matter(self) -> bool:
        return False

    def read(self, post: Post) -> Fields:
        said = post.headers.get("webhook-timestamp", "")
        need(said.isdigit(), "when was it signed?")
        at = datetime.fromtimestamp(int(said), UTC)
        need(abs(self.clock() - at) <= TOLERANCE, "it was signed at another time")
        message_id = post.headers.get("webhook-id", "")
        need(message_id, "it has no id")
        right = Webhook(SECRET).sign(message_id, at, post.body.decode())
        signatures = post.headers.get("webhook-signature", "").split(" ")
        need(right in signatures, "the signature is wrong")
        body = json_of(post)
        need_known(body, {"type", "timestamp", "data"}, "a message")
        return body
