"""How an integration's requests are read and verified: settings, signatures, repetition."""

import base64
import re
import secrets as random
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import structlog
from pydantic import BaseModel, ValidationError

from pagefree.core.access import Actor
from pagefree.core.errors import Conflict, Invalid, NotFound
from pagefree.core.signatures import (
    BODY,
    ID,
    SIGNED_AS,
    TIMESTAMP,
    AnyOf,
    Elsewhere,
    Encoding,
    Hmac,
    Scheme,
    Sender,
)
from pagefree.core.verification import WEBHOOK_SECRET
from pagefree.infra.crypto import Unsealable, Vault
from pagefree.infra.db import Channel, Tx, notify
from pagefree.infra.ids import new_id
from pagefree.integrations import all_kinds
from pagefree.services import intake_queries as queries
from pagefree.services import queries as integrations
from pagefree.services import service as services
from pagefree.services.intake_queries import Secret, Stored

MOST_SECRETS = 2  # the old one and the new one, while the sender is moved over
OVERLAP = timedelta(days=1)
RANDOM_BYTES = 32
Proof = Literal["secret", "certificate", "token"]
SHOWN, LONG_ENOUGH_TO_SHOW = 4, 16  # characters
PARTS = re.compile(r"(\{(?:body|timestamp|id)\})")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ActiveSecret:
    """A secret that is tried until it expires."""

    plain: bytes = field(repr=False)
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Signing:
    """How the requests of an integration are verified."""

    scheme: Scheme
    required: bool
    secrets: tuple[ActiveSecret, ...] = ()
    unreadable: bool = False  # what is stored cannot be understood: nothing is let in

    @property
    def elsewhere(self) -> bool:
        """Whether the kind of integration verifies by itself."""
        return isinstance(self.scheme, Elsewhere)

    @property
    def ways(self) -> tuple[Scheme, ...]:
        """The schemes of which the sender uses one."""
        return self.scheme.ways if isinstance(self.scheme, AnyOf) else (self.scheme,)

    def active(self, now: datetime) -> list[bytes]:
        """The secrets that are valid at `now`."""
        return [
            secret.plain
            for secret in self.secrets
            if secret.expires_at is None or secret.expires_at > now
        ]


@dataclass(frozen=True, slots=True)
class Intake:
    """What ingest needs to know of an integration, besides where its alerts go."""

    settings: BaseModel | None = None
    signing: Signing | None = None  # none: nothing is said about signatures
    repeat_window: timedelta = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class OwnScheme:
    """A scheme as a person describes it; `message` is e.g. "{timestamp}.{body}"."""

    header: str
    message: str = BODY
    prefix: str = ""
    encoding: Encoding = Encoding.HEX
    algorithm: str = "sha256"
    separator: str = ""  # between several signatures in one header
    timestamp_header: str = ""
    id_header: str = ""
    base64_secret: bool = False


@dataclass(frozen=True, slots=True)
class SigningState:
    """How the requests of an integration are verified, as people see it."""

    scheme: str | None  # the name of the one in use
    by_secret: bool  # else by what the sender publishes
    verified_with: Proof
    signed_as: Sender | None  # whose way was chosen instead of the kind's
    own_scheme: OwnScheme | None
    required: bool
    repeat_window_s: int
    secrets: Sequence[Secret]


# -- for ingest -------------------------------------------------------------------


async def list_intake(
    tx: Tx, vault: Vault | None, now: datetime, ids: Iterable[UUID] | None = None
) -> dict[UUID, Intake]:
    """By integration: all of them, or those of `ids`."""
    stored = await queries.list_stored(tx, now, ids)
    return {i: _intake(i, one, vault) for i, one in stored.items()}


def _intake(integration_id: UUID, stored: Stored, vault: Vault | None) -> Intake:
    kind = all_kinds().get(stored.kind)
    if kind is None:
        return Intake()
    signing = _signing_or_closed(integration_id, stored, vault)
    try:
        settings = kind.settings(stored.settings)
    except ValidationError:
        log.warning("intake.settings_invalid", integration_id=str(integration_id))
        # an older version's: a new one's are better than none, but not on who may send
        settings = kind.settings({})
        if signing is not None and signing.elsewhere:
            signing = replace(signing, unreadable=True)
    return Intake(settings, signing, timedelta(seconds=stored.repeat_window_s))


def _signing_or_closed(
    integration_id: UUID, stored: Stored, vault: Vault | None
) -> Signing | None:
    """One that cannot be understood lets nothing in, and harms no other integration."""
    try:
        return _signing(stored, vault)
    except (TypeError, ValueError, Invalid):
        log.warning("intake.signing_invalid", integration_id=str(integration_id))
        return Signing(Elsewhere("unknown", "token"), required=True, unreadable=True)


def _signing(stored: Stored, vault: Vault | None) -> Signing | None:
    scheme, required = _scheme(stored), bool(stored.signing.get("required"))
    if scheme is None or not (stored.secrets or required):
        return Signing(scheme, required) if isinstance(scheme, Elsewhere) else None
    active = []
    for secret in stored.secrets:
        plain = _opened(secret, vault)
        if plain:
            active.append(ActiveSecret(plain, secret.expires_at))
    # secrets that cannot be opened any more verify nothing, and let nothing in
    return Signing(scheme, required or len(active) < len(stored.secrets), tuple(active))


def _opened(secret: Secret, vault: Vault | None) -> bytes:
    if vault is None:
        return b""
    try:
        return vault.open(secret.sealed, _purpose(secret.id))
    except Unsealable:
        log.warning("intake.secret_unsealable", secret_id=str(secret.id))
        return b""


def _purpose(secret_id: UUID) -> str:
    return f"signing secret {secret_id}"


def _scheme(stored: Stored) -> Scheme | None:
    """The one that a person described or chose, else that of the kind."""
    told = stored.signing.get("scheme")
    if isinstance(told, dict):
        return scheme_of(OwnScheme(**told))
    if isinstance(told, str):
        return SIGNED_AS[Sender(told)]
    kind = all_kinds().get(stored.kind)
    return kind.integration.signature if kind else None


def scheme_of(own: OwnScheme) -> Hmac:
    """What verifies a scheme that a person described. Raises Invalid."""
    parts = tuple(part for part in PARTS.split(own.message) if part)
    needed = {TIMESTAMP: own.timestamp_header, ID: own.id_header}
    if BODY not in parts:
        raise Invalid(f"what is signed must contain {BODY}")
    for part, header in needed.items():
        if (part in parts) != bool(header):
            raise Invalid(f"{part} is signed if, and only if, a header carries it")
    return Hmac(
        "described here",
        own.header.lower(),
        parts,
        prefix=own.prefix,
        encoding=Encoding(own.encoding),
        algorithm=own.algorithm,
        separator=own.separator,
        timestamp_header=own.timestamp_header.lower(),
        id_header=own.id_header.lower(),
        base64_secret=own.base64_secret,
    )


# -- for people -------------------------------------------------------------------


async def signing_state(tx: Tx, integration_id: UUID, now: datetime) -> SigningState:
    """How its requests are verified. Raises NotFound."""
    stored = await _stored(tx, integration_id, now)
    scheme, told = _scheme(stored), stored.signing.get("scheme")
    return SigningState(
        scheme=scheme.name if scheme else None,
        by_secret=not isinstance(scheme, Elsewhere),
        verified_with=scheme.proof if isinstance(scheme, Elsewhere) else "secret",
        signed_as=Sender(told) if isinstance(told, str) else None,
        own_scheme=OwnScheme(**told) if isinstance(told, dict) else None,
        required=bool(stored.signing.get("required"))
        or (isinstance(scheme, Elsewhere) and _proves(stored, scheme)),
        repeat_window_s=stored.repeat_window_s,
        secrets=stored.secrets,
    )


def _proves(stored: Stored, scheme: Elsewhere) -> bool:
    """Whether every request needs a proof: tokens are asked for once settings say whose."""
    kind = all_kinds()[stored.kind]
    if scheme.proof != "token" or kind.integration.issuer is None:
        return True
    with suppress(ValidationError):
        return bool(kind.integration.issuer(kind.settings(stored.settings)))
    return True  # nothing is let in


async def _stored(tx: Tx, integration_id: UUID, now: datetime) -> Stored:
    found = await queries.list_stored(tx, now, [integration_id])
    if integration_id not in found:
        raise NotFound(f"no integration {integration_id}")
    return found[integration_id]


async def change_signing(
    tx: Tx,
    integration_id: UUID,
    changes: Mapping[str, object],
    actor: Actor,
    now: datetime,
) -> None:
    """Change `required`, `scheme` (as in OwnScheme, a Sender, or none) or `repeat_window_s`."""
    await services.editable(tx, integration_id, actor, now)
    stored = await _stored(tx, integration_id, now)
    told = {k: v for k, v in changes.items() if k in {"required", "scheme"}}
    signing = {**stored.signing, **told}
    scheme = signing.get("scheme")
    if isinstance(scheme, dict):
        scheme_of(OwnScheme(**scheme))
    if scheme is not None and stored.secrets:  # else the first secret will say so
        signing.setdefault("required", True)
    window = changes.get("repeat_window_s", stored.repeat_window_s)
    values = {"signing": signing, "repeat_window_s": window}
    await integrations.update_integration(tx, integration_id, values)
    if told and signing.get("required"):
        await _require_secret(tx, integration_id, now)
    await _changed(tx, "integration.updated", integration_id, actor, now)


async def _require_secret(tx: Tx, integration_id: UUID, now: datetime) -> None:
    stored = await _stored(tx, integration_id, now)
    scheme = _scheme(stored)
    if scheme is None:
        raise Invalid("say first how requests are signed")
    if not stored.secrets and not isinstance(scheme, Elsewhere):
        raise Conflict("no request could be verified without a secret: set one first")


async def add_secret(
    tx: Tx,
    integration_id: UUID,
    given: str | None,
    vault: Vault,
    actor: Actor,
    now: datetime,
) -> tuple[Secret, str]:
    """A secret that somebody brings, or a new one; the one before ends after OVERLAP.

    With the first one signatures become required. Raises Conflict on a third.
    """
    await integrations.lock_integration(tx, integration_id)
    await services.editable(tx, integration_id, actor, now)
    stored = await _stored(tx, integration_id, now)
    if len(stored.secrets) >= MOST_SECRETS:
        raise Conflict("two secrets are active: end the old one first")
    plain = given or _random(_scheme(stored))
    secret_id = new_id()
    sealed = vault.seal(plain.encode(), _purpose(secret_id))
    prefix = plain[:SHOWN] if len(plain) >= LONG_ENOUGH_TO_SHOW else ""
    secret = Secret(secret_id, prefix, now, None, sealed)
    await queries.end_secrets(tx, [old.id for old in stored.secrets], now + OVERLAP)
    await queries.insert_secret(tx, integration_id, secret)
    if _scheme(stored) is not None and "required" not in stored.signing:
        values = {"signing": {**stored.signing, "required": True}}
        await integrations.update_integration(tx, integration_id, values)
    await _changed(tx, "integration.secret_added", integration_id, actor, now)
    return secret, plain


def _random(scheme: Scheme | None) -> str:
    ways = scheme.ways if isinstance(scheme, AnyOf) else (scheme,)
    if any(isinstance(way, Hmac) and way.base64_secret for way in ways):
        encoded = base64.b64encode(random.token_bytes(RANDOM_BYTES)).decode()
        return WEBHOOK_SECRET + encoded
    return random.token_urlsafe(RANDOM_BYTES)


async def end_secret(
    tx: Tx, integration_id: UUID, secret_id: UUID, actor: Actor, now: datetime
) -> None:
    """Trust a secret no longer. Raises NotFound, and Conflict if every request would fail."""
    await services.editable(tx, integration_id, actor, now)
    if not await queries.delete_secret(tx, integration_id, secret_id):
        raise NotFound(f"no secret {secret_id}")
    stored = await _stored(tx, integration_id, now)
    if stored.signing.get("required") and not stored.secrets:
        raise Conflict("it is the last one, and signatures are required")
    await _changed(tx, "integration.secret_ended", integration_id, actor, now)


async def change_settings(
    tx: Tx,
    integration_id: UUID,
    values: Mapping[str, object],
    actor: Actor,
    now: datetime,
) -> dict[str, object]:
    """Set what the kind lets people set. Raises Invalid."""
    integration = await services.editable(tx, integration_id, actor, now)
    kind = all_kinds().get(integration.kind)
    if kind is None or kind.integration.Settings is None:
        raise Invalid("there is nothing to set")
    try:
        model = kind.integration.Settings.model_validate(dict(values))
    except ValidationError as e:
        first = e.errors()[0]
        raise Invalid(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from e
    stored = model.model_dump(mode="json")
    await integrations.update_integration(tx, integration_id, {"settings": stored})
    await _changed(tx, "integration.updated", integration_id, actor, now)
    return stored


async def learn(
    tx: Tx, integration_id: UUID, values: Mapping[str, object], now: datetime
) -> None:
    """Add to an integration's settings what its sender has told; people's words stay."""
    stored = await _stored(tx, integration_id, now)
    settings = {**stored.settings, **values}
    await integrations.update_integration(tx, integration_id, {"settings": settings})
    await notify(tx, Channel.CONFIG)


async def settings(
    tx: Tx, integration_id: UUID, now: datetime
) -> tuple[dict[str, object] | None, dict[str, object]]:
    """The JSON Schema of what can be set, none if nothing can, and what is set."""
    stored = await _stored(tx, integration_id, now)
    kind = all_kinds().get(stored.kind)
    model = kind.integration.Settings if kind else None
    if model is None:
        return None, {}
    values = _intake(integration_id, stored, None).settings
    shown = values.model_dump(mode="json") if values else {}
    return model.model_json_schema(), shown


async def _changed(
    tx: Tx, kind: str, integration_id: UUID, actor: Actor, now: datetime
) -> None:
    integration = await services.get_integration(tx, integration_id, now)
    await services.integration_changed(tx, kind, integration, actor, now)
