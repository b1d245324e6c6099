"""Where senders put a routing key besides the path and the body."""

import base64
import binascii
from collections.abc import Iterator, Mapping

IN_HEADERS = ("x-routing-key", "x-api-key")
# PagerDuty's and Opsgenie's clients send theirs like this
SCHEMES = ("bearer", "geniekey", "token")
IN_QUERY = ("key", "apiKey", "api_key", "access_token", "token", "routing_key")
TOKEN = "token="  # noqa: S105 -- how PagerDuty's REST clients write it


def keys_in(headers: Mapping[str, str], query: Mapping[str, str]) -> Iterator[str]:
    """Everything in a request that may be its key, most usual first."""
    yield from _authorized(headers.get("authorization", ""))
    for name in IN_HEADERS:
        if name in headers:
            yield headers[name].strip()
    for name in IN_QUERY:
        if name in query:
            yield query[name]


def _authorized(value: str) -> Iterator[str]:
    scheme, _, rest = value.strip().partition(" ")
    rest = rest.strip()
    if scheme.lower() in SCHEMES:
        yield rest.removeprefix(TOKEN)
    elif scheme.lower() == "basic":
        yield from _basic(rest)


def _basic(encoded: str) -> Iterator[str]:
    """The password, or the user's name: some clients have only room for one of them."""
    try:
        user, _, password = base64.b64decode(encoded).decode("latin-1").partition(":")
    except (binascii.Error, ValueError):
        return
    yield from (part for part in (password, user) if part)
