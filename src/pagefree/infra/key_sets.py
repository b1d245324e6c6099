"""The keys that issuers of identity tokens publish: fetched in the background, kept for hours."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog

from pagefree.infra.http import Unreachable
from pagefree.infra.identity_tokens import ONLY_KEY, Jwk

CONFIGURATION = "/.well-known/openid-configuration"  # OpenID Connect Discovery 4
FRESH = timedelta(hours=1)  # older keys are fetched again, and used meanwhile
TRUSTED = timedelta(hours=24)  # older keys may have been withdrawn
FLOOR = timedelta(seconds=60)  # between two looks for a key that is not published
RETRY = timedelta(seconds=5)  # between two attempts while the issuer is away
PATIENCE_S = 1.0  # senders wait a few seconds at most
NEVER = datetime.min.replace(tzinfo=UTC)

Fetch = Callable[[str], Awaitable[bytes]]  # raises Unreachable

log = structlog.get_logger()


def configuration_of(issuer: str) -> str:
    """Where an issuer publishes its configuration (OpenID Connect Discovery 4.1)."""
    return issuer.rstrip("/") + CONFIGURATION


@dataclass(slots=True)
class _KeySet:
    """What one issuer publishes, as far as we know."""

    keys: Mapping[str, Jwk] = field(default_factory=dict)
    fetched_at: datetime = NEVER
    tried_at: datetime = NEVER
    fetching: asyncio.Task[None] | None = None


class KeySets:
    """Finds the keys that tokens are verified with.

    What whoever asks waits for is one look at the issuer that is under way already, and
    that for `patience_s` at most.
    """

    def __init__(self, fetch: Fetch, patience_s: float = PATIENCE_S) -> None:
        self._fetch = fetch
        self._patience_s = patience_s
        self._known: dict[str, _KeySet] = {}

    async def find(self, issuer: str, number: str, now: datetime) -> Jwk | None:
        """The key with this number; none if the issuer publishes no such key.

        Raises Unreachable while that is not known.
        """
        known = self._known.setdefault(issuer, _KeySet())
        age = now - known.fetched_at
        if age < TRUSTED and number in known.keys:
            if age >= FRESH:
                self._refresh(issuer, known, now)
            return known.keys[number]
        if age < FLOOR:
            return None
        before, fetching = known.fetched_at, self._refresh(issuer, known, now)
        if fetching is not None:
            await asyncio.wait([fetching], timeout=self._patience_s)
        if known.fetched_at == before:
            raise Unreachable
        return known.keys.get(number)

    def prefetch(self, issuers: Iterable[str], now: datetime) -> None:
        """Fetch, in the background, what is not fresh."""
        for issuer in issuers:
            known = self._known.setdefault(issuer, _KeySet())
            if now - known.fetched_at >= FRESH:
                self._refresh(issuer, known, now)

    async def aclose(self) -> None:
        """Fetch nothing any more."""
        tasks = [known.fetching for known in self._known.values() if known.fetching]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _refresh(
        self, issuer: str, known: _KeySet, now: datetime
    ) -> asyncio.Task[None] | None:
        """The fetching that is under way; none if the last one was only just now."""
        if known.fetching is not None and not known.fetching.done():
            return known.fetching
        if now - known.tried_at < RETRY:
            return None
        known.tried_at = now
        known.fetching = asyncio.create_task(self._load(issuer, known, now))
        return known.fetching

    async def _load(self, issuer: str, known: _KeySet, now: datetime) -> None:
        try:
            configuration = await self._fetch(configuration_of(issuer))
            address = _key_address(_object(configuration), issuer)
            found = _keys(_object(await self._fetch(address)))
        except (Unreachable, ValueError, RecursionError) as e:
            log.warning("identity_tokens.keys_unknown", issuer=issuer, why=str(e))
            return
        known.keys, known.fetched_at = found, now


def _key_address(configuration: Mapping[str, object], issuer: str) -> str:
    """Where an issuer publishes its keys. Raises ValueError if it is not its configuration."""
    if configuration.get("issuer") != issuer:
        raise ValueError("it is the configuration of another issuer")
    return str(configuration.get("jwks_uri"))


def _object(body: bytes) -> dict[str, object]:
    tree = json.loads(body)
    if not isinstance(tree, dict):
        raise ValueError("not an object")  # noqa: TRY004 -- caught as one
    return tree


def _keys(tree: Mapping[str, object]) -> dict[str, Jwk]:
    """By their numbers; those for signatures only. Raises ValueError if there are none.

    One that is alone is also found without a number.
    """
    listed = tree.get("keys")
    keys = [
        key
        for key in (listed if isinstance(listed, list) else [])
        if isinstance(key, dict) and key.get("use", "sig") == "sig"
    ]
    found: dict[str, Jwk] = {str(key["kid"]): key for key in keys if key.get("kid")}
    if len(keys) == 1:
        found[ONLY_KEY] = keys[0]
    if not found:
        raise ValueError("it publishes no keys")
    return found
