"""What an action is: a form, and one of three ways to do something with it.

`call` builds one HTTP request from the form, which is sent by whoever runs the step; so a
dry run shows it without sending. `send` does something outside that is no HTTP. `apply`
changes PageFree itself, in the transaction that also notes that it was done: exactly once.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from pagefree.channels.base import SmtpServer, Transports
from pagefree.core.access import Actor
from pagefree.core.workflow_graphs import OUT
from pagefree.infra.db import Tx
from pagefree.infra.http_connection import Reply
from pagefree.timeline.service import Cause

__all__ = ["SmtpServer", "Transports"]

TEMPORARY = {408, 425, 429, 500, 502, 503, 504}
SUCCESS = range(200, 300)
MOST_DIGITS = 6  # of a Retry-After that means anything
LINE = 255

# Markers of fields: the text is a template; the text is the name of a secret.
Template = Annotated[
    str, Field(max_length=20_000, json_schema_extra={"template": True})
]
SecretName = Annotated[
    str,
    Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$", json_schema_extra={"secret": True}),
]


class Form(BaseModel):
    """Base of the forms of actions: what is not a field of it is refused."""

    model_config = ConfigDict(extra="forbid")


class ActionError(Exception):
    """It did not work; `permanent`: trying again cannot help."""

    def __init__(
        self, reason: str, *, permanent: bool, retry_after_s: int | None = None
    ) -> None:
        super().__init__(reason)
        self.permanent = permanent
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a step runs: what actions may know besides their form."""

    key: UUID  # of the step: the same in every attempt, sent where it makes them one
    attempt: int
    run_id: UUID
    workflow: str
    secrets: Mapping[str, str]  # those that the form names, opened
    now: datetime
    cause: Cause
    team_id: UUID | None = None  # of the workflow; none: it is the installation's
    incident_id: UUID | None = None
    incident: Mapping[str, object] = field(default_factory=dict)
    base_url: str = ""
    author: Actor | None = None  # who saved the version, with today's rights
    approved_by: Actor | None = None  # who said yes on the way to this step

    def secret(self, name: str) -> str:
        """The secret of this name. Raises ActionError."""
        if name not in self.secrets:
            raise ActionError(f"there is no secret {name}", permanent=True)
        return self.secrets[name]


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Done:
    """It is done; `port` is the way out."""

    output: Mapping[str, object] = field(default_factory=dict)
    port: str = OUT


@dataclass(frozen=True, slots=True)
class Waiting:
    """It waits for an answer until then; afterwards it is left by "timed_out"."""

    until: datetime
    output: Mapping[str, object] = field(default_factory=dict)
    external_id: UUID | None = None  # of what will answer


def no_look(_: Any, __: Situation) -> Call | None:  # noqa: ANN401 - any form
    """Nothing tells whether an earlier attempt has arrived."""
    return None


@dataclass(frozen=True, slots=True)
class Action:
    """One kind of step."""

    title: str
    summary: str  # one plain line for people
    group: str  # chat | tickets | incident | automation | waiting
    Config: type[Form]  # its JSON Schema is the form in the web app
    call: Callable[[Any, Situation], Call] | None = None  # raises ActionError
    read: Callable[[Any, Reply], Mapping[str, object]] | None = (
        None  # raises ActionError
    )
    # before a second attempt: has the first one done it? (its request, what it found)
    look: Callable[[Any, Situation], Call | None] = no_look
    found: Callable[[Any, Situation, Reply], Mapping[str, object] | None] | None = None
    send: (
        Callable[[Transports, Any, Situation], Awaitable[Mapping[str, object]]] | None
    ) = None
    preview: Callable[[Any, Situation], Mapping[str, object]] | None = None
    apply: Callable[[Tx, Any, Situation], Awaitable[Done | Waiting]] | None = None
    ports: tuple[str, ...] = (OUT,)
    outputs: Mapping[str, str] = field(default_factory=dict)  # name: what it is
    open_outputs: bool = False  # outputs hold more than is named
    needs_incident: bool = False
    needs_people: bool = False  # `author` and `approved_by`

    @property
    def may_repeat(self) -> bool:
        """Whether nothing keeps a second attempt from doing it once more."""
        return self.apply is None and self.found is None


TICKET = {  # what a step that opens one puts out
    "key": "of the issue: OPS-12",
    "id": "of the issue",
    "url": "of the issue",
}
JSON = {"Content-Type": "application/json", "Accept": "application/json"}


def json_call(
    method: str, url: str, body: object, headers: Mapping[str, str] | None = None
) -> Call:
    """A request with a JSON body."""
    encoded = json.dumps(body, ensure_ascii=False).encode()
    given = {"User-Agent": "PageFree", **JSON, **(headers or {})}
    return Call(method, url, given, encoded)


def run_of(at: Situation) -> dict[str, str]:
    """The header that says which run has sent a request."""
    return {"X-PageFree-Run": str(at.run_id)}


def json_of(reply: Reply) -> Any:  # noqa: ANN401 - JSON
    """The JSON of an answer; nothing where it is something else."""
    try:
        return json.loads(reply.body)
    except ValueError:
        return None


def object_of(reply: Reply) -> dict[str, Any]:
    """The JSON object of an answer; empty where it is something else."""
    body = json_of(reply)
    return body if isinstance(body, dict) else {}


def require_success(reply: Reply, who: str, detail: str = "") -> None:
    """Raise ActionError for any answer but a success; `detail` is what `who` says of it."""
    if reply.status in SUCCESS:
        return
    said = f": {one_line(detail, 300)}" if detail else ""
    raise ActionError(
        f"{who} answered {reply.status}{said}",
        permanent=reply.status not in TEMPORARY,
        retry_after_s=retry_after_s(reply),
    )


def retry_after_s(reply: Reply) -> int | None:
    """The seconds that the answer asks to wait, where it names a number."""
    wait = reply.headers.get("retry-after", "")
    is_number = wait.isascii() and wait.isdigit() and len(wait) <= MOST_DIGITS
    return int(wait) if is_number else None


def one_line(text: str, limit: int = LINE) -> str:
    """`text` as one line without control characters, cut at `limit`."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def joined(base: str, path: str) -> str:
    """`path` at the address `base`, of which the end may be a slash. Raises ActionError."""
    parts = urlsplit(base)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ActionError("the address is not one of the web", permanent=True)
    return base.rstrip("/") + path
