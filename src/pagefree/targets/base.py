"""What a target is: forms for its connection and content, launch, look, cancel, look up.

A target starts something that is there already, in the version that was approved; it never
carries code. What a system outside calls back with is a hint at most: the result is read.
"""

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, SecretStr

from pagefree.core.runbook_runs import Fate, RunState
from pagefree.infra import untrusted_json
from pagefree.infra.http import GuardedClient, TooSlow, Unreachable
from pagefree.infra.http_connection import Reply

BUSY = frozenset({429, 503})  # not now: nothing has begun
LINE_LIMIT = 200
ADDRESS = re.compile(r"https?://[A-Za-z0-9.\-:\[\]]+(/[A-Za-z0-9._~\-/]*)?")
SEGMENT = re.compile(r"[A-Za-z0-9._~\-]+")


class TargetError(Exception):
    """The target cannot be asked now, or does not take our credentials."""


class LaunchError(Exception):
    """It was not launched as it should; `fate` says what that means for another try."""

    def __init__(
        self, reason: str, fate: Fate, *, retry_after_s: int | None = None
    ) -> None:
        super().__init__(reason)
        self.fate = fate
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Way:
    """The way to one target: whom to ask, with what."""

    http: GuardedClient
    connection: Any  # an instance of the target's Connection
    now: datetime


@dataclass(frozen=True, slots=True)
class Order:
    """What is to run."""

    run_id: UUID
    content_hash: str
    content: Any  # an instance of the target's Content
    parameters: Mapping[str, object]
    facts: Mapping[str, object]  # of the incident, hostile; empty: there is none
    callback_url: str
    callback_token: str
    expires_at: datetime
    subject: str = ""  # one line for people


@dataclass(frozen=True, slots=True)
class Launched:
    """The target has taken it; without an id, only a callback tells how it ends."""

    external_id: str | None
    url: str | None = None
    revision: str | None = None  # what the target says it runs
    outcome: str = ""  # where the answer was the result: then it has succeeded


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look has shown."""

    state: RunState  # running, or how it has ended
    outcome: str = ""  # one line
    lines: Sequence[str] = ()  # of its output since `cursor`, hostile
    cursor: str | None = None  # how far the output has been read
    revision: str | None = None
    result: Mapping[str, object] = field(default_factory=dict)
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """A run at the target, for a look or to cancel it."""

    run_id: UUID
    external_id: str
    content: Any
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Hint:
    """A request of the target's own, as it came: it only says where to look."""

    headers: Mapping[str, str]  # names in lower case
    body: bytes


@dataclass(frozen=True, slots=True)
class Target:
    """A kind of system that runs something for us."""

    title: str
    summary: str  # one plain line for people
    Connection: type[BaseModel]  # its JSON Schema is a form; SecretStr is write-only
    Content: type[BaseModel]  # what a version says to run there
    launch: Callable[[Way, Order], Awaitable[Launched]]  # raises LaunchError
    check: Callable[[Way], Awaitable[None]]  # the credentials; raises TargetError
    # none of these: the runner calls back, and nothing can be asked
    poll: Callable[[Way, Running], Awaitable[Seen]] | None = None  # raises TargetError
    cancel: Callable[[Way, Running], Awaitable[None]] | None = None
    # a launch whose answer was lost, by our id; none: it cannot be told
    find: Callable[[Way, Order], Awaitable[Launched | None]] | None = None
    find_starts: bool = False  # what is not there is started by being looked for
    receive: Callable[[Hint], str | None] | None = None  # the id of whom to look at


# -- fields of forms ----------------------------------------------------------------


def _address(text: str) -> str:
    if not ADDRESS.fullmatch(text) or ".." in text:
        raise ValueError("an address such as https://awx.example.org")
    return text.rstrip("/")


def _path(text: str) -> str:
    parts = text.split("/")
    plain = all(SEGMENT.fullmatch(part) and part != ".." for part in parts[1:] if part)
    if not text.startswith("/") or text.startswith("//") or not plain:
        raise ValueError("a path such as /hooks/restart")
    return text


Address = Annotated[str, AfterValidator(_address)]
Path = Annotated[str, AfterValidator(_path)]
Tag = Annotated[str, Field(title="Tag", pattern=r"^[A-Za-z0-9._/-]{1,200}$")]
Commit = Annotated[str, Field(title="Commit", pattern=r"^[0-9a-f]{40}$")]


# -- asking -------------------------------------------------------------------------


async def ask(
    way: Way,
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes = b"",
) -> Reply:
    """The answer of the target. Raises TargetError; its words never quote an answer."""
    try:
        return await _send(way, method, url, headers, body)
    except Unreachable as e:
        raise TargetError(str(e)) from e


async def answered(
    way: Way, method: str, url: str, headers: Mapping[str, str], name: str
) -> Reply:
    """The answer of the target, which is one of the 2xx. Raises TargetError."""
    reply = await ask(way, method, url, headers)
    require_fine(reply, name)
    return reply


async def asked_first(
    way: Way, url: str, headers: Mapping[str, str], name: str
) -> Reply:
    """What has to be known before a launch; without it nothing begins. Raises LaunchError."""
    try:
        return await answered(way, "GET", url, headers, name)
    except TargetError as e:
        raise LaunchError(str(e), Fate.REFUSED) from e


def require_commit(said: object, tag: str, approved: str) -> None:
    """Raise LaunchError unless the commit that `tag` is said to name is the approved one."""
    if said != approved:
        raise LaunchError(
            f"{tag} does not name the commit that was approved", Fate.REJECTED
        )


async def order(
    way: Way,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    name: str,
    *,
    method: str = "POST",
) -> Reply:
    """The answer to a launch, if it is one that began something. Raises LaunchError.

    A connection that was refused, 429 and 503 have begun nothing; an answer that was lost
    or another 5xx may have; anything else says that it never will.
    """
    # on a new connection: a kept one that breaks is asked anew, and may have been heard
    await way.http.aclose()
    try:
        reply = await _send(way, method, url, headers, body)
    except TooSlow as e:
        raise LaunchError(f"{name} did not answer in time", Fate.LOST) from e
    except Unreachable as e:
        fate = Fate.LOST if e.sent else Fate.REFUSED
        raise LaunchError(f"{name}: {e}", fate) from e
    reason = f"{name} answered {reply.status}"
    if reply.status in BUSY:
        wait = seconds(reply)
        raise LaunchError(reason, Fate.REFUSED, retry_after_s=wait)
    if reply.status >= 500:  # noqa: PLR2004 - the server's own errors
        raise LaunchError(reason, Fate.LOST)
    if not is_fine(reply):
        raise LaunchError(reason, Fate.REJECTED)
    return reply


async def _send(
    way: Way, method: str, url: str, headers: Mapping[str, str], body: bytes
) -> Reply:
    more = {
        "User-Agent": "PageFree",
        "Accept": "application/json",
        "Content-Type": "application/json",
        **headers,
    }
    if method == "GET":
        return await way.http.get(url, more)
    return await way.http.request(method, url, body, more)


def is_fine(reply: Reply) -> bool:
    """Whether it is one of the 2xx."""
    return 200 <= reply.status < 300  # noqa: PLR2004 - RFC 9110 section 15.3


def require_fine(reply: Reply, name: str) -> None:
    """Raise TargetError unless the answer is 2xx."""
    if not is_fine(reply):
        raise TargetError(f"{name} answered {reply.status}")


def bearer(token: SecretStr) -> dict[str, str]:
    """The header of RFC 6750 section 2.1."""
    return {"Authorization": f"Bearer {token.get_secret_value()}"}


def as_text(value: object) -> str:
    """A parameter for a target that takes only texts."""
    return value if isinstance(value, str) else json.dumps(value)


# -- reading ------------------------------------------------------------------------


def seconds(reply: Reply) -> int | None:
    """How long the target wants to be left alone, where it says so in seconds."""
    said = reply.headers.get("retry-after", "")
    return int(said) if said.isascii() and said.isdigit() else None


def tree(reply: Reply) -> dict[str, Any]:
    """The object in an answer; empty where there is none."""
    try:
        found = untrusted_json.decode(reply.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def listed(reply: Reply, name: str | None = None) -> list[dict[str, Any]]:
    """The objects of the list in an answer, or of the one called `name` in it."""
    try:
        found = untrusted_json.decode(reply.body)
    except ValueError:
        return []
    items = found.get(name) if name and isinstance(found, dict) else found
    if not isinstance(items, list):
        return []
    return [one for one in items if isinstance(one, dict)]


def text_in(found: Mapping[str, object], name: str) -> str | None:
    """The text of that name, if it is one."""
    text = found.get(name)
    return text if isinstance(text, str) else None


def launched(
    found: Mapping[str, object], page: str, revision: str | None = None
) -> Launched | None:
    """The run with the number `id`, its address being called `page`; None: no number."""
    number = found.get("id")
    if not isinstance(number, int):
        return None
    return Launched(str(number), text_in(found, page), revision)


def number_in(hint: Hint, *path: str) -> str | None:
    """The number at the end of `path` in the object of a hint."""
    try:
        found = untrusted_json.decode(hint.body)
    except ValueError:
        return None
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return str(found) if isinstance(found, int) else None


def since(run: Running, ended: Sequence[str]) -> tuple[Sequence[str], str]:
    """What of `ended` the last look has not shown, and the cursor for the next."""
    told = int(run.cursor or 0)
    return ended[told:], str(max(told, len(ended)))


def line(text: object) -> str:
    """Hostile `text` as one short line."""
    plain = "".join(c if c.isprintable() else " " for c in str(text))
    return " ".join(plain.split())[:LINE_LIMIT]
