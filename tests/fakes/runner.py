"""A runner as one would write it: it checks what is signed before it does anything."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.fakes.http_server import Answer, Asked

SECRET = b"k" * 32
KEY = "whsec_" + base64.b64encode(SECRET).decode()


@dataclass(slots=True)
class Runner:
    """Keeps the orders that it has accepted."""

    now: datetime
    allowed: set[str] | None = None  # hashes of contents; none: all
    refusals: list[int] = field(default_factory=list)
    loses_answer: bool = False
    nonces: set[str] = field(default_factory=set)
    orders: list[dict[str, Any]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    def handle(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        if self.refusals:
            return Answer(self.refusals.pop(0))
        why = self._why_not(asked)
        if why is not None:
            self.refused.append(why)
            return Answer(400, {"error": why})
        body = asked.json()
        if body["type"] == "runbook.check":
            return Answer(204)
        data = body["data"]
        assert isinstance(data, dict)
        self.nonces.add(data["nonce"])
        self.orders.append(data)
        if self.loses_answer:
            self.loses_answer = False
            return Answer(lost=True)
        return Answer(202, {})

    def _why_not(self, asked: Asked) -> str | None:
        stamp, id_ = asked.headers["webhook-timestamp"], asked.headers["webhook-id"]
        message = f"{id_}.{stamp}.".encode() + asked.body
        mac = hmac.digest(SECRET, message, hashlib.sha256)
        expected = "v1," + base64.b64encode(mac).decode()
        if not hmac.compare_digest(expected, asked.headers["webhook-signature"]):
            return "signature"
        data = json.loads(asked.body)["data"]
        if "expires_at" not in data:
            return None
        if self.now >= datetime.fromisoformat(data["expires_at"]):
            return "expired"
        if data["nonce"] in self.nonces:
            return "replayed"
        if self.allowed is not None and data["content_hash"] not in self.allowed:
            return "content"
        return None
