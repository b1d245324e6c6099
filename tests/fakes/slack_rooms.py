"""The part of Slack that has channels: they are made, filled, renamed nowhere, and archived.

https://docs.slack.dev/reference/methods/conversations.create and its neighbours.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from tests.fake_servers import Answer, Post, WebServer, as_json

NAME_LIMIT, TOPIC_LIMIT = 80, 250


@dataclass(slots=True)
class Conversation:
    """A channel."""

    id: str
    name: str
    members: set[str] = field(default_factory=set)
    topic: str = ""
    told: list[str] = field(default_factory=list)
    archived: bool = False


@dataclass(slots=True)
class Workspace(WebServer):
    """Knows its channels; `fails` says what the next calls of a method answer instead."""

    conversations: dict[str, Conversation] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    fails: dict[str, list[str]] = field(default_factory=dict)

    @property
    def made(self) -> list[Conversation]:
        """Those that were made here."""
        return list(self.conversations.values())

    def take(self, post: Post) -> Answer:
        method = post.path.rpartition("/")[2]
        self.calls.append(method)
        if waiting := self.fails.get(method):
            return self._failure(waiting.pop(0))
        body = json.loads(post.body)
        match method:
            case "conversations.create":
                return self._create(body)
            case "conversations.invite":
                return self._invite(body)
            case "conversations.setTopic" if len(body["topic"]) <= TOPIC_LIMIT:
                self.conversations[body["channel"]].topic = body["topic"]
                return as_json(200, {"ok": True})
            case "conversations.archive":
                self.conversations[body["channel"]].archived = True
                return as_json(200, {"ok": True})
            case "chat.postMessage":
                return self._post(body)
        return as_json(200, {"ok": True, "channel": "C1", "ts": "1.1"})

    def _failure(self, word: str) -> Answer:
        if word == "429":
            return as_json(429, {}, {"Retry-After": "30"})
        return as_json(200, {"ok": False, "error": word})

    def _create(self, body: dict[str, Any]) -> Answer:
        name = body["name"]
        if name != name.lower() or " " in name or len(name) > NAME_LIMIT:
            return self._failure("invalid_name_specials")
        if any(one.name == name for one in self.made):
            return self._failure("name_taken")
        made = Conversation(f"CNEW{len(self.conversations)}", name)
        self.conversations[made.id] = made
        return as_json(200, {"ok": True, "channel": {"id": made.id, "name": name}})

    def _invite(self, body: dict[str, Any]) -> Answer:
        members = self.conversations[body["channel"]].members
        asked = set(body["users"].split(","))
        if asked <= members:
            return self._failure("already_in_channel")
        members |= asked
        return as_json(200, {"ok": True})

    def _post(self, body: dict[str, Any]) -> Answer:
        if found := self.conversations.get(body["channel"]):
            if found.archived:
                return self._failure("is_archived")
            found.told.append(body["text"])
        return as_json(200, {"ok": True, "channel": body["channel"], "ts": "17.1"})
