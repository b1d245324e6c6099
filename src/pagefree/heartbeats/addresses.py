"""Which paths are pings, and what they say: one function from a path to an asked ping."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from http import HTTPStatus
from urllib.parse import unquote
from uuid import UUID

from pagefree.core.heartbeats import PingKind
from pagefree.heartbeats.pings import Addressee, Name, Secret, Slug
from pagefree.infra.crypto import token_hash

PING = "/ping/"
OPSGENIE = "/v2/heartbeats/"
OPSGENIE_END = "/ping"
ONCALL = re.compile(r"/integrations/v1/[^/]+/([^/]+)/heartbeat/?")
MOST_STATUS = 255
LONGEST_SLUG = LONGEST_NAME = 200
KINDS = {"start": PingKind.START, "fail": PingKind.FAIL, "log": PingKind.LOG}
IS_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
IS_SLUG = re.compile("[a-z0-9_-]+")


class Protocol(Enum):
    """Whose words the answer is in."""

    HEALTHCHECKS = auto()
    OPSGENIE = auto()
    ONCALL = auto()


METHODS = {
    Protocol.HEALTHCHECKS: ("GET", "HEAD", "POST"),
    Protocol.OPSGENIE: ("GET", "POST", "PUT", "PATCH"),
    Protocol.ONCALL: ("GET", "HEAD", "POST"),
}


class Malformed(Exception):
    """No ping is asked for like this; `status` and the text are the answer."""

    def __init__(self, status: HTTPStatus, text: str) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True, slots=True)
class Asked:
    """A ping, as its address describes it."""

    to: Addressee
    kind: PingKind = PingKind.SUCCESS
    exit_status: int | None = None


def protocol_of(path: str) -> Protocol | None:
    """Who pings by this path; none if it is not a ping's."""
    if path.startswith(PING):
        return Protocol.HEALTHCHECKS
    if path.startswith(OPSGENIE) and path.endswith(OPSGENIE_END):
        return Protocol.OPSGENIE
    return Protocol.ONCALL if ONCALL.fullmatch(path) else None


def named(path: str, key: str | None) -> Asked:
    """A ping of Opsgenie's clients: the key is beside the path. Raises Malformed."""
    if not key:
        raise Malformed(HTTPStatus.UNAUTHORIZED, "Could not authenticate")
    name = unquote(path[len(OPSGENIE) : -len(OPSGENIE_END)])
    return Asked(Name(token_hash(key), _storable(name)[:LONGEST_NAME]))


def beating(path: str) -> Asked:
    """A ping of Grafana OnCall's clients: its only name is the key. Raises Malformed."""
    found = ONCALL.fullmatch(path)
    if found is None:
        raise Malformed(HTTPStatus.NOT_FOUND, "not found")
    return Asked(Name(token_hash(_storable(found[1])), None))


def asked(path: str, query: Mapping[str, str]) -> Asked:
    """A ping of Healthchecks' clients. Raises Malformed."""
    first, *rest = path[len(PING) :].rstrip("/").split("/")
    if IS_UUID.fullmatch(first):
        to: Addressee = Secret(UUID(first))
    else:
        slug, rest = (rest[0], rest[1:]) if rest else ("", [])
        if not IS_SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
            raise Malformed(HTTPStatus.NOT_FOUND, "not found")
        to = Slug(token_hash(_storable(first)), slug, query.get("create") == "1")
    if len(rest) > 1:
        raise Malformed(HTTPStatus.NOT_FOUND, "not found")
    return _said(to, rest[0] if rest else "")


def _said(to: Addressee, word: str) -> Asked:
    if not word:
        return Asked(to)
    if word in KINDS:
        return Asked(to, KINDS[word])
    if word.isascii() and word.isdecimal() and len(word) <= len(str(MOST_STATUS)):
        status = int(word)
        if status <= MOST_STATUS:
            return Asked(to, PingKind.FAIL if status else PingKind.SUCCESS, status)
    raise Malformed(HTTPStatus.BAD_REQUEST, "invalid url format")


def run_id(query: Mapping[str, str]) -> UUID | None:
    """The run that a ping is about, if it says. Raises Malformed."""
    text = query.get("rid", "")
    if not text:
        return None
    if not IS_UUID.fullmatch(text):
        raise Malformed(HTTPStatus.BAD_REQUEST, "invalid uuid format")
    return UUID(text)


def _storable(text: str) -> str:
    """`text` as PostgreSQL takes it."""
    return text.replace("\0", "\ufffd").encode(errors="replace").decode()
