"""What the values of settings may be, and how they are read."""

import os
from collections.abc import Mapping
from ipaddress import ip_network
from typing import Annotated
from urllib.parse import urlsplit

import limits
from pydantic import AfterValidator, BeforeValidator, HttpUrl, SecretStr
from pydantic_core import from_json
from pydantic_settings import NoDecode

from pagefree.infra.connecting import writable

PREFIX = "PAGEFREE_"
CHANNEL = f"{PREFIX}CHANNEL_"  # and a kind: its credentials, as JSON
SECRET_LENGTH = 32
SECRETS = frozenset(
    {"secret_key", "other_secret_keys", "smtp_password", "channel", "watchdog_url"}
)
REDIS_SCHEMES = frozenset({"redis", "rediss", "valkey", "valkeys"})


def database_url(value: str) -> str:
    """A PostgreSQL address that names a database, in the spelling that drivers know."""
    parts = urlsplit(value)
    if parts.scheme not in {"postgresql", "postgres"} or len(parts.path) < 2:  # noqa: PLR2004 -- a slash and a name
        raise ValueError("expected postgresql://user:password@host:5432/database")
    return writable("postgresql" + value.removeprefix(parts.scheme))


def long(value: SecretStr) -> SecretStr:
    """A secret that cannot be guessed."""
    if len(value.get_secret_value()) < SECRET_LENGTH:
        raise ValueError(
            f"expected at least {SECRET_LENGTH} characters, best random ones"
        )
    return value


def bare(url: HttpUrl) -> HttpUrl:
    """An address without a path."""
    if url.path not in {None, "/"} or url.query or url.fragment:
        raise ValueError("expected only a scheme, a host and perhaps a port")
    return url


def separated(value: object) -> object:
    """A comma-separated text, as the environment has it, or a list from the file."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def network(value: str) -> str:
    """A network in its usual spelling."""
    return str(ip_network(value))


def rate(value: str) -> str:
    """Something like 1000/minute."""
    try:
        (rate,) = limits.parse_many(value)
    except ValueError:
        rate = None
    if rate is None or rate.amount < 1:
        raise ValueError("expected a rate such as 1000/minute or 20/second")
    return value


def redis_url(value: str) -> str:
    """An address of Redis or Valkey."""
    parts = urlsplit(value)
    if parts.scheme not in REDIS_SCHEMES or not parts.hostname:
        raise ValueError(
            "expected redis://user:password@host:6379/0, or rediss, valkey"
        )
    return value


def channels(value: object) -> object:
    """What the file has, or its place is taken by PAGEFREE_CHANNEL_<KIND>."""
    if not isinstance(value, Mapping):
        return value
    given = {
        name.removeprefix(CHANNEL).lower(): _credentials(name, text)
        for name, text in os.environ.items()
        if name.startswith(CHANNEL)
    }
    return {**value, **given}


def _credentials(name: str, text: str) -> object:
    try:
        return from_json(text)
    except ValueError:
        # not what it holds: that is a secret
        raise ValueError(f"{name} is not JSON") from None


DatabaseUrl = Annotated[
    str | None, AfterValidator(lambda value: database_url(value) if value else value)
]
Rate = Annotated[str, AfterValidator(rate)]
Networks = Annotated[
    list[Annotated[str, AfterValidator(network)]], NoDecode, BeforeValidator(separated)
]
