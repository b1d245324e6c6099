"""The credentials with which each channel speaks to its provider."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, SecretStr, ValidationError

from pagefree.accounts import channel_queries as queries
from pagefree.accounts.channel_queries import Source, StoredConfig
from pagefree.channels import all_channels, needs_config
from pagefree.channels.base import Channel
from pagefree.core.access import Actor, Can, require
from pagefree.core.errors import Conflict, Invalid, NotFound
from pagefree.infra.crypto import Unsealable, Vault
from pagefree.infra.db import Tx

SET_BY_OPERATOR = "the operator has set this up by the settings of PageFree"


async def standing(tx: Tx) -> dict[str, StoredConfig]:
    """Which channels have credentials, and from whom."""
    return await queries.list_configs(tx)


async def put(
    tx: Tx,
    actor: Actor,
    kind: str,
    values: Mapping[str, object],
    vault: Vault,
    now: datetime,
) -> None:
    """Set the channel up. A secret that is left out stays as it was.

    Raises Forbidden, NotFound, Invalid, and Conflict where the operator has set it up.
    """
    require(actor, Can.ADMINISTER)
    form = _form(kind)
    before = (await queries.list_configs(tx)).get(kind)
    if before is not None and before.source is Source.OPERATOR:
        raise Conflict(SET_BY_OPERATOR)
    kept = _secrets(_opened_or_none(vault, kind, before))
    config = _read(form, {**kept, **values})
    sealed = vault.seal(_dump(config), _purpose(kind))
    await queries.put_config(tx, kind, sealed, actor.user_id, now)


async def remove(tx: Tx, actor: Actor, kind: str) -> None:
    """Forget the credentials: the channel is no longer set up. Twice is not an error."""
    require(actor, Can.ADMINISTER)
    _form(kind)
    before = (await queries.list_configs(tx)).get(kind)
    if before is not None and before.source is Source.OPERATOR:
        raise Conflict(SET_BY_OPERATOR)
    await queries.delete_config(tx, kind)


async def opened(tx: Tx, kind: str, vault: Vault) -> Any:  # noqa: ANN401 - the channel's Config
    """The credentials of one channel; none where it needs none. Raises NotFound."""
    if not needs_config(kind):
        return None
    stored = (await queries.list_configs(tx)).get(kind)
    config = _opened_or_none(vault, kind, stored)
    if config is None:
        raise NotFound("this channel is not set up")
    return config


def unseal(vault: Vault, kind: str, sealed: bytes | None) -> Any:  # noqa: ANN401 - the channel's Config
    """What was sealed for `kind`. Raises Unsealable, and ValidationError when outdated."""
    return None if sealed is None else _unsealed(vault, kind, sealed)


def public_values(
    vault: Vault, kind: str, stored: StoredConfig | None
) -> dict[str, object]:
    """What an admin has typed in, without the secrets."""
    config = _opened_or_none(vault, kind, stored)
    if config is None:
        return {}
    secret = _secrets(config)
    shown = config.model_dump(mode="json").items()
    return {name: value for name, value in shown if name not in secret}


async def keep_operator_configs(
    tx: Tx,
    given: Mapping[str, Mapping[str, object]],
    vault: Vault,
    now: datetime,
    *,
    demo: bool = False,
) -> None:
    """Keep what the settings give, for all processes to see. Raises Invalid.

    In demo mode every channel counts as set up: nothing leaves anyway.
    """
    sealed: dict[str, bytes | None] = {}
    if demo:
        sealed = dict.fromkeys(filter(needs_config, all_channels()))
    for kind, values in given.items():
        try:
            config = _read(_form(kind), values)
        except (NotFound, Invalid) as e:
            raise Invalid(f"channel {kind}: {e}") from e
        sealed[kind] = vault.seal(_dump(config), _purpose(kind))
    await queries.replace_operator_configs(tx, sealed, now)


def set_up(
    channels: Mapping[str, Channel], stored: Collection[str], *, smtp: bool
) -> frozenset[str]:
    """Those through which something can be sent."""
    return frozenset(
        kind
        for kind, channel in channels.items()
        if (channel.Config is None or kind in stored)
        and (smtp or not channel.uses_smtp)
    )


def _purpose(kind: str) -> str:
    return f"channel {kind}"


def _form(kind: str) -> type[BaseModel]:
    channel = all_channels().get(kind)
    if channel is None or channel.Config is None:
        raise NotFound("there is no such channel to set up")
    return channel.Config


def _read(form: type[BaseModel], values: Mapping[str, object]) -> BaseModel:
    try:
        return form.model_validate(values)
    except ValidationError as e:
        # the message alone: the input is a secret
        problems = (
            f"{'.'.join(map(str, error['loc']))}: {error['msg']}"
            for error in e.errors(include_input=False)
        )
        raise Invalid("; ".join(problems)) from None


def _dump(config: BaseModel) -> bytes:
    return json.dumps(config.model_dump(), default=_plain).encode()


def _plain(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def _secrets(config: BaseModel | None) -> dict[str, object]:
    values = (
        {name: getattr(config, name) for name in type(config).model_fields}
        if config
        else {}
    )
    return {
        name: value.get_secret_value()
        for name, value in values.items()
        if isinstance(value, SecretStr)
    }


def _opened_or_none(
    vault: Vault, kind: str, stored: StoredConfig | None
) -> BaseModel | None:
    if stored is None or stored.sealed is None:
        return None
    try:
        return _unsealed(vault, kind, stored.sealed)
    except (Unsealable, ValidationError):
        return (
            None  # sealed with another key, or by another release: to be typed in anew
        )


@lru_cache(maxsize=64)  # asked for with every message
def _unsealed(vault: Vault, kind: str, sealed: bytes) -> BaseModel:
    return _form(kind).model_validate_json(vault.open(sealed, _purpose(kind)))
