"""Every column that holds a sealed secret, and sealing all of them under another key."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.accounts.contacts import secret_purpose
from pagefree.accounts.factors import totp
from pagefree.accounts.oidc import signing_in
from pagefree.app import idempotency
from pagefree.app import sealed_queries as queries
from pagefree.app.sealed_queries import Row
from pagefree.audit import sealing, streaming
from pagefree.canary.service import SEALED_FOR
from pagefree.infra.crypto import Unsealable, Vault
from pagefree.infra.db import Tx, transaction
from pagefree.schedules import time_off
from pagefree.status_pages import subscribing
from pagefree.workflows import subscribing as subscriptions

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Sealed:
    """A column, and what the secret in one of its rows is sealed for."""

    table: str
    column: str
    purpose: Callable[[Row], str]
    lasting: bool = True  # else it expires soon, or is made anew where it does not open


SEALED = (
    Sealed("audit_settings", "stream_address", lambda _: streaming.ADDRESS),
    Sealed("audit_settings", "stream_secret", lambda _: streaming.SECRET),
    Sealed("canary", "sealed", lambda _: SEALED_FOR, lasting=False),
    Sealed("channel_configs", "sealed", lambda row: f"channel {row['channel']}"),
    Sealed("contact_methods", "secret", lambda row: secret_purpose(row["id"])),
    Sealed("event_subscriptions", "sealed_secret", lambda _: subscriptions.purpose()),
    Sealed(
        "event_subscriptions", "sealed_old_secret", lambda _: subscriptions.purpose()
    ),
    Sealed(
        "idempotency_keys", "response", lambda _: idempotency.PURPOSE, lasting=False
    ),
    Sealed(
        "identity_providers",
        "client_secret",
        lambda row: signing_in.secret_purpose(row["id"]),
    ),
    Sealed(
        "provider_sessions",
        "id_token",
        lambda row: f"identity token of {row['provider_id']}",
        lasting=False,
    ),
    Sealed(
        "sign_in_attempts",
        "verifier",
        lambda row: f"sign-in {row['state_hash'].hex()}",
        lasting=False,
    ),
    Sealed("signing_secrets", "sealed", lambda row: f"signing secret {row['id']}"),
    Sealed("subscribers", "sealed_secret", lambda _: subscribing.PURPOSE),
    Sealed(
        "target_connections", "sealed", lambda row: f"target connection {row['id']}"
    ),
    Sealed("time_off_calendars", "url", lambda row: time_off.purpose(row["id"])),
    Sealed("totp_factors", "secret", lambda row: f"{totp.PURPOSE} {row['user_id']}"),
    Sealed(
        "workflow_secrets",
        "sealed",
        lambda row: f"workflow secret {row['team_id']} {row['name']}",
    ),
)


@dataclass(frozen=True, slots=True)
class Count:
    """What became of the secrets of one column, or of all."""

    looked_at: int = 0
    changed: int = 0
    foreign: int = 0  # none of our keys opens them

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.looked_at + other.looked_at,
            self.changed + other.changed,
            self.foreign + other.foreign,
        )


async def seal_all_anew(
    engine: AsyncEngine, vault: Vault, *, dry: bool = False
) -> dict[str, Count]:
    """Seal every secret under the first key; by column, what became of them.

    A few hundred at a time, each in a transaction of its own and only where nobody has put
    another secret meanwhile: it may be cut off anywhere and run again. `dry` only counts.
    """
    return {
        f"{sealed.table}.{sealed.column}": await _column(engine, vault, sealed, dry=dry)
        for sealed in SEALED
    }


async def closed_columns(engine: AsyncEngine, vault: Vault) -> dict[str, int]:
    """How many lasting secrets of each column none of our keys opens; nothing where all do."""
    counts = {
        f"{sealed.table}.{sealed.column}": await _column(
            engine, vault, sealed, dry=True
        )
        for sealed in SEALED
        if sealed.lasting
    }
    return {name: count.foreign for name, count in counts.items() if count.foreign}


async def sign_audit_anew(engine: AsyncEngine, vault: Vault) -> bool:
    """Sign the ends of the audit's chain with the first key; whether they were ours."""
    async with transaction(engine) as tx:
        return await sealing.sign_anew(tx, vault)


async def _column(
    engine: AsyncEngine, vault: Vault, sealed: Sealed, *, dry: bool
) -> Count:
    total, after = Count(), None
    while True:
        async with transaction(engine) as tx:
            rows = await queries.list_sealed(
                tx, sealed.table, sealed.column, after, AT_ONCE
            )
            for row in rows:
                total += await _one(tx, vault, sealed, row, dry=dry)
        if len(rows) < AT_ONCE:
            return total
        after = rows[-1]


async def _one(tx: Tx, vault: Vault, sealed: Sealed, row: Row, *, dry: bool) -> Count:
    try:
        anew = vault.sealed_anew(row[sealed.column], sealed.purpose(row))
    except Unsealable:
        return Count(1, foreign=1)
    if anew is None:
        return Count(1)
    if not dry:
        await queries.put_sealed(tx, sealed.table, sealed.column, row, anew)
    return Count(1, changed=1)
