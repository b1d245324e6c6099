"""POSTs to providers: one place says which of their answers mean what."""

from collections.abc import Mapping

import msgspec
import structlog

from pagefree.channels.base import AddressDead, ChannelBroken, Transports, one_line
from pagefree.core.errors import DeliveryError
from pagefree.infra.http import Unreachable
from pagefree.infra.http_connection import Reply

SUCCESS = range(200, 300)
SLOW_DOWN = {429, 502, 503, 504}  # their Retry-After counts
TEMPORARY = {408, 409, 425, *SLOW_DOWN}
SERVER_ERROR = 500  # and above
MOST_DIGITS = 9  # of a Retry-After that means anything
JSON_TYPE = {"Content-Type": "application/json", "User-Agent": "PageFree"}

log = structlog.get_logger()


async def post(
    transports: Transports, url: str, body: bytes, headers: Mapping[str, str]
) -> Reply:
    """POST `body` to a provider. Raises DeliveryError where no answer comes."""
    try:
        return await transports.http.post(url, body, headers)
    except Unreachable as e:
        raise DeliveryError(str(e), permanent=False, unknown=e.sent) from e


async def post_json(transports: Transports, url: str, body: object) -> Reply:
    """The same with a JSON body."""
    return await post(transports, url, msgspec.json.encode(body), JSON_TYPE)


async def patch_json(transports: Transports, url: str, body: object) -> Reply:
    """PATCH what was posted before. Raises DeliveryError where no answer comes."""
    content = msgspec.json.encode(body)
    try:
        return await transports.http.request("PATCH", url, content, JSON_TYPE)
    except Unreachable as e:
        raise DeliveryError(str(e), permanent=False, unknown=e.sent) from e


def judge(
    reply: Reply,
    who: str,
    *,
    dead: frozenset[int] = frozenset(),
    broken: frozenset[int] = frozenset(),
) -> None:
    """Raise what the answer of `who` ("Discord", "the webhook") means, unless it is a success.

    `dead`: the statuses that say that the address is gone; `broken`: that we are refused.
    """
    status = reply.status
    if status in SUCCESS:
        return
    # its own words may hold what only whoever runs the installation should read
    log.warning("channel.refused", who=who, status=status, answer=_start(reply))
    reason = f"{who} answered {status}"
    if status in dead:
        raise AddressDead(reason)
    if status in broken:
        raise ChannelBroken(reason)
    permanent = status < SERVER_ERROR and status not in TEMPORARY
    wait = retry_after_s(reply) if status in SLOW_DOWN else None
    raise DeliveryError(reason, permanent=permanent, retry_after_s=wait)


def retry_after_s(reply: Reply) -> int | None:
    """The seconds that the answer asks to wait, where it names a number."""
    wait = reply.headers.get("retry-after", "")
    is_number = wait.isascii() and wait.isdigit() and len(wait) <= MOST_DIGITS
    return int(wait) if is_number else None


def answered(reply: Reply) -> dict[str, object]:
    """The JSON object of an answer; empty where it is something else."""
    try:
        body = msgspec.json.decode(reply.body)
    except msgspec.DecodeError:
        return {}
    return body if isinstance(body, dict) else {}


def confirmed(reply: Reply, who: str, field: str | None = None) -> dict[str, object]:
    """The JSON object of a success of an API that always answers one. Raises DeliveryError.

    Anything else is somebody else's page: a proxy's, or that of a network where one has to
    sign in first. Nobody can tell whether the request went through; nor where an object
    lacks the `field` that every success of `who` has.
    """
    found = answered(reply)
    if not found or (field and not found.get(field)):
        raise not_from(reply, who)
    return found


def not_from(reply: Reply, who: str) -> DeliveryError:
    """A success that `who` would not have answered like this."""
    log.warning("channel.not_understood", who=who, answer=_start(reply))
    reason = f"what was answered is not from {who}"
    return DeliveryError(reason, permanent=False, unknown=True)


def _start(reply: Reply) -> str:
    return one_line(reply.body[:1000].decode(errors="replace"), 500)
