"""Routes of how an integration's requests are verified, and of its own settings."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from pagefree.core.access import Can, require
from pagefree.core.errors import Invalid
from pagefree.core.signatures import BODY, Encoding, Sender
from pagefree.infra.web import CurrentActor, Now, RequestTx, SecretVault, Shape
from pagefree.services import intake, service
from pagefree.services.intake import Proof

DAY_S = 24 * 3600
SCHEMES = ("own_scheme", "signed_as")
HEADER = r"^[A-Za-z0-9!#$%&'*+.^_`|~-]*$"  # RFC 9110 5.1
SEPARATOR = r"^[ ,;|]*$"  # what no signature, in hex or in base64, contains

Header = Annotated[str, Field(max_length=100, pattern=HEADER)]


class SigningScheme(Shape):
    """How a sender that PageFree does not know signs its requests."""

    header: Annotated[Header, Field(min_length=1)]
    message: Annotated[str, Field(max_length=200)] = BODY
    prefix: Annotated[str, Field(max_length=50)] = ""
    encoding: Encoding = Encoding.HEX
    algorithm: Literal["sha256", "sha512", "sha1"] = "sha256"
    separator: Annotated[str, Field(max_length=5, pattern=SEPARATOR)] = ""
    timestamp_header: Header = ""
    id_header: Header = ""
    base64_secret: bool = False


class SigningSecret(Shape):
    """A secret that a sender signs with, as far as it can be shown."""

    id: UUID
    prefix: str
    created_at: datetime
    expires_at: datetime | None


class IntegrationSigning(Shape):
    """How the requests of an integration are verified: by a secret, a certificate or a token."""

    scheme: str | None
    by_secret: bool
    verified_with: Proof
    signed_as: Sender | None
    own_scheme: SigningScheme | None
    required: bool
    repeat_window_s: int
    secrets: list[SigningSecret]


class SigningChanges(Shape):
    """What to change; what is left out stays.

    A null `own_scheme` or `signed_as` is the scheme of the kind; one of the two at a time.
    """

    required: bool | None = None
    signed_as: Sender | None = None
    own_scheme: SigningScheme | None = None
    repeat_window_s: Annotated[int | None, Field(ge=0, le=DAY_S)] = None


class SigningSecretIn(Shape):
    """A secret that the sender has made; left out, PageFree makes one."""

    secret: Annotated[str | None, Field(min_length=8, max_length=1000)] = None


class NewSigningSecret(SigningSecret):
    """A secret, shown this once."""

    secret: str


class IntegrationSettings(Shape):
    """What can be set of an integration, and what is."""

    json_schema: dict[str, object] | None  # null: nothing
    values: dict[str, object]


class IntegrationSettingsIn(Shape):
    """What to set; what is left out is as in a new integration."""

    values: dict[str, object]


router = APIRouter(prefix="/v1/integrations", tags=["services"])


@router.get("/{integration_id}/signing")
async def get_signing(
    integration_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> IntegrationSigning:
    """How the requests of an integration are verified."""
    require(actor, Can.SEE)
    state = await intake.signing_state(tx, integration_id, now)
    return IntegrationSigning.model_validate(state)


@router.patch("/{integration_id}/signing")
async def patch_signing(
    integration_id: UUID,
    body: SigningChanges,
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
) -> IntegrationSigning:
    """Change how requests are verified, or for how long one that comes again is known."""
    changes = body.model_dump(exclude_unset=True, mode="json")
    told = [changes.pop(name) for name in SCHEMES if name in changes]
    if told:
        changes["scheme"] = _one_of(told)
    for name in ("required", "repeat_window_s"):
        if name in changes and changes[name] is None:
            raise Invalid(f"{name} may be left out but not null")
    await intake.change_signing(tx, integration_id, changes, actor, now)
    state = await intake.signing_state(tx, integration_id, now)
    return IntegrationSigning.model_validate(state)


def _one_of(told: Sequence[object]) -> object:
    schemes = [scheme for scheme in told if scheme is not None]
    if len(schemes) > 1:
        raise Invalid("own_scheme and signed_as exclude each other")
    return schemes[0] if schemes else None


@router.post("/{integration_id}/signing/secrets", status_code=201)
async def create_signing_secret(
    integration_id: UUID,
    body: SigningSecretIn,
    vault: SecretVault,
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
) -> NewSigningSecret:
    """A secret to sign with; the one before is good for another day. 409 on a third."""
    secret, plain = await intake.add_secret(
        tx, integration_id, body.secret, vault, actor, now
    )
    shown = SigningSecret.model_validate(secret)
    return NewSigningSecret(**shown.model_dump(), secret=plain)


@router.delete("/{integration_id}/signing/secrets/{secret_id}", status_code=204)
async def delete_signing_secret(
    integration_id: UUID, secret_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> None:
    """Trust a secret no longer; 409 on the last one while signatures are required."""
    await intake.end_secret(tx, integration_id, secret_id, actor, now)


@router.get("/{integration_id}/settings")
async def get_integration_settings(
    integration_id: UUID, tx: RequestTx, actor: CurrentActor, now: Now
) -> IntegrationSettings:
    """What can be set of an integration, and what is."""
    require(actor, Can.SEE)
    await service.get_integration(tx, integration_id, now)
    schema, values = await intake.settings(tx, integration_id, now)
    return IntegrationSettings(json_schema=schema, values=values)


@router.put("/{integration_id}/settings")
async def put_integration_settings(
    integration_id: UUID,
    body: IntegrationSettingsIn,
    tx: RequestTx,
    actor: CurrentActor,
    now: Now,
) -> IntegrationSettings:
    """Set what the kind of an integration lets people set."""
    await intake.change_settings(tx, integration_id, body.values, actor, now)
    schema, values = await intake.settings(tx, integration_id, now)
    return IntegrationSettings(json_schema=schema, values=values)
