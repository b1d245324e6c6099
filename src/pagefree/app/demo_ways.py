"""How people of the demo are reached: every channel has somebody."""

import os
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from pagefree.accounts import contact_queries
from pagefree.accounts.contact_queries import NewContactMethod
from pagefree.accounts.contacts import identity_of, new_secret, secret_purpose
from pagefree.channels import all_channels
from pagefree.channels.web_push import keys
from pagefree.infra.crypto import Vault
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.notifications import rule_queries

AUTH_BYTES = 16
# by first name; addresses that nobody has: what is sent ends in the outbox anyway
ADDRESSES: Mapping[str, Mapping[str, Mapping[str, object]]] = {
    "ana": {
        "web_push": {},  # made up anew: it is a pair of keys
        "sms": {"number": "+447700900123"},
        "voice": {"number": "+447700900123"},
    },
    "bo": {
        "slack": {"team_id": "T0DEMO", "user_id": "U0BO"},
        "teams": {
            "url": "https://demo.westeurope.logic.azure.com/workflows/1",
            "mine": True,
        },
    },
    "chidi": {
        "telegram": {"chat_id": 1001},
        "pushover": {"user_key": "u0" * 15},
    },
    "dana": {
        "discord": {"url": "https://discord.com/api/webhooks/1/demo", "mine": True}
    },
    "emi": {
        "ntfy": {"topic": "emi-phone-7c1e"},
        "mattermost": {"url": "https://chat.example.org/hooks/demo"},
    },
    "finn": {"webhook": {"url": "https://hooks.example.org/pages"}},
}


async def add(tx: Tx, name: str, user_id: UUID, vault: Vault, now: datetime) -> None:
    """Ways to reach this person besides mail; without rules all are used at once."""
    first = name.split(maxsplit=1)[0].lower()
    ways = [
        _way(user_id, kind, address, vault)
        for kind, address in ADDRESSES.get(first, {}).items()
    ]
    await contact_queries.insert_contact_methods(tx, ways, now)
    await rule_queries.replace_rules(tx, user_id, [])


def _way(
    user_id: UUID, kind: str, address: Mapping[str, object], vault: Vault
) -> NewContactMethod:
    method_id, channel = new_id(), all_channels()[kind]
    where = address or _browser()
    sealed = (
        vault.seal(new_secret().encode(), secret_purpose(method_id))
        if channel.signed
        else None
    )
    return NewContactMethod(
        method_id,
        user_id,
        kind,
        channel.title,
        where,
        sealed,
        identity=identity_of(kind, where),
    )


def _browser() -> Mapping[str, object]:
    """A subscription as a browser would have made it."""
    return {
        "endpoint": "https://fcm.googleapis.com/fcm/send/demo",
        "p256dh": keys.public_key(keys.new_private_key()),
        "auth": keys.encode(os.urandom(AUTH_BYTES)),
        "key": keys.public_key(keys.new_private_key()),
    }
