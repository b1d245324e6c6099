"""What identity providers say of themselves: where to go, and which keys they sign with."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from pagefree.infra.http import Unreachable
from pagefree.infra.http_connection import Reply
from pagefree.infra.key_sets import KeySets, configuration_of

FRESH = timedelta(hours=1)
PATIENCE_S = 10.0  # somebody looks at a blank page meanwhile
OK = 200
JSON = {"Accept": "application/json"}

Get = Callable[[str, Mapping[str, str]], Awaitable[Reply]]  # raises Unreachable


class Misconfigured(Exception):
    """What is found there is not the configuration of this issuer. The words are for admins."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """The part of OpenID Provider Metadata that we read (OpenID Connect Discovery 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str | None
    end_session_endpoint: str | None
    basic_auth: bool  # how the client proves itself at the token endpoint
    names_itself: bool  # sends `iss` with its answer (RFC 9207)


class Discovery:
    """Finds configurations and keys; keeps each for an hour."""

    def __init__(self, get: Get) -> None:
        self._get = get
        self._known: dict[str, tuple[Configuration, datetime]] = {}
        self.keys = KeySets(self._body, PATIENCE_S)

    async def find(self, issuer: str, now: datetime) -> Configuration:
        """What the issuer says of itself. Raises Unreachable and Misconfigured."""
        known = self._known.get(issuer)
        if known and now - known[1] < FRESH:
            return known[0]
        found = await self.look(issuer)
        self._known[issuer] = (found, now)
        return found

    async def look(self, issuer: str) -> Configuration:
        """The same, asked anew."""
        return _read(issuer, await self._body(configuration_of(issuer)))

    async def aclose(self) -> None:
        """Fetch nothing any more."""
        await self.keys.aclose()

    async def _body(self, url: str) -> bytes:
        reply = await self._get(url, JSON)
        if reply.status != OK:
            raise Unreachable(sent=True)
        return reply.body


def _read(issuer: str, body: bytes) -> Configuration:
    try:
        tree = json.loads(body)
    except (ValueError, RecursionError) as e:
        raise Misconfigured("what is published there is not JSON") from e
    if not isinstance(tree, dict):
        raise Misconfigured("what is published there is not a configuration")
    if tree.get("issuer") != issuer:
        raise Misconfigured(
            "it calls itself by another address: write the issuer exactly as it does"
        )
    methods = tree.get("token_endpoint_auth_methods_supported")
    return Configuration(
        issuer=issuer,
        authorization_endpoint=_address(tree, "authorization_endpoint"),
        token_endpoint=_address(tree, "token_endpoint"),
        userinfo_endpoint=_optional(tree, "userinfo_endpoint"),
        end_session_endpoint=_optional(tree, "end_session_endpoint"),
        # the default of OpenID Connect Core 9
        basic_auth=not isinstance(methods, list) or "client_secret_basic" in methods,
        names_itself=tree.get("authorization_response_iss_parameter_supported") is True,
    )


def _optional(tree: Mapping[str, object], name: str) -> str | None:
    return _address(tree, name) if tree.get(name) else None


def _address(tree: Mapping[str, object], name: str) -> str:
    """Browsers are sent there: never to a script."""
    address = tree.get(name)
    try:
        scheme = urlsplit(address).scheme if isinstance(address, str) else ""
    except ValueError:
        scheme = ""
    if not isinstance(address, str) or scheme not in {"http", "https"}:
        raise Misconfigured(f"its configuration names no {name}")
    return address
