"""The key pair of web push: made at the first start, changed without losing a browser."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from urllib.parse import urlsplit

from pydantic import SecretStr

from pagefree.accounts import channel_configs, push_queries
from pagefree.channels.web_push import keys
from pagefree.channels.web_push.channel import Config
from pagefree.core.errors import Conflict, NotFound
from pagefree.infra.crypto import Vault
from pagefree.infra.db import Tx

KIND = "web_push"
NOBODY = "mailto:pagefree@example.org"  # until there is a better one
# names that mean something only inside a network: push services refuse them
INSIDE = ("localhost", "local", "internal", "invalid", "lan", "test")


@dataclass(frozen=True, slots=True)
class Rotated:
    """What changing the key means."""

    public_key: str
    waiting: int  # browsers that still use an earlier one


async def make_first(
    tx: Tx, vault: Vault, contacts: Sequence[str], now: datetime
) -> None:
    """Make a key pair, unless there is one.

    `contacts` are addresses, of mail or of the web: the first that is of the internet is
    given to push services, else that of a platform admin.
    """
    if await push_queries.lock_config(tx, KIND) is not None:
        return
    admin = await push_queries.first_admin_email(tx)
    config = Config(
        subject=_subject([*contacts, admin or ""]),
        private_key=SecretStr(keys.new_private_key()),
    )
    await push_queries.insert_config(tx, KIND, _sealed(vault, config), now)


async def public_key(tx: Tx, vault: Vault) -> str | None:
    """What browsers subscribe with; none where push is not set up, as in a demo."""
    try:
        config = await channel_configs.opened(tx, KIND, vault)
    except NotFound:
        return None
    return keys.public_key(config.private_key.get_secret_value())


async def rotate(tx: Tx, vault: Vault, now: datetime) -> Rotated:
    """Use a new key from now on; earlier ones stay while a browser knows no other.

    Raises Conflict where the settings give the key, and NotFound where there is none.
    """
    before: Config = await channel_configs.opened(tx, KIND, vault)
    stored = await push_queries.lock_config(tx, KIND)
    if stored is None or channel_configs.unseal(vault, KIND, stored) != before:
        raise Conflict(channel_configs.SET_BY_OPERATOR)
    used = await push_queries.count_by_key(tx, KIND)
    earlier = [
        private
        for private in (
            before.private_key.get_secret_value(),
            *before.earlier_private_keys.get_secret_value().split(),
        )
        if keys.public_key(private) in used
    ]
    new = keys.new_private_key()
    changed = before.model_copy(
        update={
            "private_key": SecretStr(new),
            "earlier_private_keys": SecretStr(" ".join(earlier)),
        }
    )
    await push_queries.update_config(tx, KIND, _sealed(vault, changed), now)
    return Rotated(keys.public_key(new), sum(used.values()))


def _subject(addresses: Sequence[str]) -> str:
    """The first address that exists outside, in the form that Apple takes."""
    for address in addresses:
        web = urlsplit(address)
        if web.scheme == "https" and _is_outside(web.hostname or ""):
            return f"https://{web.hostname}"
        mail = parseaddr(address)[1]
        if "@" in mail and _is_outside(mail.rpartition("@")[2]):
            return f"mailto:{mail}"
    return NOBODY


def _is_outside(host: str) -> bool:
    last = host.rpartition(".")[2]
    return "." in host and last not in INSIDE and not last.isdigit()


def _sealed(vault: Vault, config: Config) -> bytes:
    plain = {
        name: value.get_secret_value() if isinstance(value, SecretStr) else value
        for name, value in config
    }
    return vault.seal(json.dumps(plain).encode(), f"channel {KIND}")
