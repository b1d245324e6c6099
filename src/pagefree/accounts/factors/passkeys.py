"""Passkeys (WebAuthn): the challenge is ours, kept here, answered once and soon."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    generate_challenge,
    options_to_json_dict,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from pagefree.accounts.factors import passkey_queries as queries
from pagefree.accounts.factors.passkey_queries import NewChallenge, NewPasskey, Passkey
from pagefree.core.errors import Conflict, Invalid
from pagefree.core.sign_in import CHALLENGE_LIFE, MOST_PASSKEYS
from pagefree.infra.db import Tx

NAME = "PageFree"
TIMEOUT_MS = int(CHALLENGE_LIFE.total_seconds() * 1000)
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
MOST_TRANSPORTS, LONGEST_TRANSPORT = 8, 30
REQUIRED = UserVerificationRequirement.REQUIRED
Json = Mapping[str, object]

log = structlog.get_logger()


class Purpose(StrEnum):
    """What a passkey is asked for; an answer to one is none to another."""

    REGISTER = "register"
    SIGN_IN = "sign_in"
    SECOND = "second_factor"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Site:
    """What passkeys belong to: an installation at its address."""

    id: str
    origin: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the browser is to pass to the passkey."""

    challenge_id: UUID
    options: Json


@dataclass(frozen=True, slots=True)
class Answer:
    """What a passkey has made of it, as the browser passed it on."""

    challenge_id: UUID
    credential: dict[str, Any] = field(repr=False)


def site_of(base_url: str) -> Site | None:
    """None where browsers offer no passkeys: over plain http, and at a bare IP address.

    https://www.w3.org/TR/webauthn-3/#rp-id: a domain. Of this machine it is localhost.
    """
    parts = urlsplit(base_url)
    host = (parts.hostname or "").lower()
    if host in LOCAL:
        port = f":{parts.port}" if parts.port else ""
        return Site("localhost", f"{parts.scheme}://localhost{port}")
    if parts.scheme != "https" or _is_address(host):
        return None
    return Site(host, f"https://{parts.netloc.lower()}")


def require_site(base_url: str) -> Site:
    """The same. Raises Conflict."""
    if site := site_of(base_url):
        return site
    raise Conflict("passkeys need PageFree to have an https address with a name")


async def ask_to_register(
    tx: Tx, site: Site, user_id: UUID, account: tuple[str, str], now: datetime
) -> Asked:
    """What makes a passkey for this person; `account`: e-mail address and name."""
    known = await queries.list_passkeys(tx, user_id)
    if len(known) >= MOST_PASSKEYS:
        raise Conflict(f"nobody has more than {MOST_PASSKEYS} passkeys: remove one")
    email, name = account
    options = generate_registration_options(
        rp_id=site.id,
        rp_name=NAME,
        user_id=user_id.bytes,
        user_name=email,
        user_display_name=name,
        challenge=generate_challenge(),
        timeout=TIMEOUT_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=REQUIRED,
        ),
        exclude_credentials=_described(known),
    )
    return await _asked(tx, Purpose.REGISTER, user_id, options, now)


async def register(
    tx: Tx, site: Site, user_id: UUID, name: str, answer: Answer, now: datetime
) -> Passkey:
    """Keep the passkey that was made. Raises Invalid."""
    challenge = await _challenge(tx, Purpose.REGISTER, user_id, answer, now)
    try:
        made = verify_registration_response(
            credential=answer.credential,
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except Exception as e:
        # hostile bytes make the parsers below it raise whatever they like
        log.info("passkey.refused", error=repr(e))
        raise Invalid("the passkey was not made as it was asked for") from e
    new = NewPasskey(
        user_id=user_id,
        name=name,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        transports=_transports(answer.credential),
        backed_up=made.credential_backed_up,
    )
    return await queries.insert_passkey(tx, new, now)


async def ask(
    tx: Tx, site: Site, purpose: Purpose, user_id: UUID | None, now: datetime
) -> Asked:
    """What a passkey is to sign: anybody's, or one of this person's."""
    known = await queries.list_passkeys(tx, user_id) if user_id else []
    if user_id and not known:
        raise Conflict("there is no passkey")
    options = generate_authentication_options(
        rp_id=site.id,
        challenge=generate_challenge(),
        timeout=TIMEOUT_MS,
        allow_credentials=_described(known),
        user_verification=REQUIRED,
    )
    return await _asked(tx, purpose, user_id, options, now)


async def accept(
    tx: Tx,
    site: Site,
    purpose: Purpose,
    user_id: UUID | None,
    answer: Answer,
    now: datetime,
) -> Passkey | None:
    """The passkey that signed what it was asked to; none: it does not count."""
    try:
        challenge = await _challenge(tx, purpose, user_id, answer, now)
    except Invalid:
        return None
    passkey = await _named(tx, answer.credential)
    if passkey is None or (user_id is not None and passkey.user_id != user_id):
        return None
    try:
        verified = verify_authentication_response(
            credential=answer.credential,
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except Exception as e:  # noqa: BLE001 -- hostile bytes raise whatever they like
        log.info("passkey.refused", passkey=str(passkey.id), error=repr(e))
        return None
    count, backed_up = verified.new_sign_count, verified.credential_backed_up
    await queries.note_use(tx, passkey.id, count, now, backed_up=backed_up)
    return passkey


async def _named(tx: Tx, credential: Json) -> Passkey | None:
    """The passkey that the answer names, if it also says whose it is, or nothing of that."""
    try:
        credential_id = base64url_to_bytes(str(credential.get("rawId", "")))
    except ValueError:
        return None
    passkey = await queries.lock_passkey(tx, credential_id)
    response = credential.get("response")
    said = response.get("userHandle") if isinstance(response, dict) else None
    if passkey is None or not said:
        return passkey
    try:
        same = base64url_to_bytes(str(said)) == passkey.user_id.bytes
    except ValueError:
        return None
    return passkey if same else None


async def _asked(
    tx: Tx,
    purpose: Purpose,
    user_id: UUID | None,
    options: Any,  # noqa: ANN401 -- the two kinds that the library makes of JSON
    now: datetime,
) -> Asked:
    new = NewChallenge(purpose, user_id, options.challenge, now + CHALLENGE_LIFE)
    challenge_id = await queries.insert_challenge(tx, new)
    return Asked(challenge_id, options_to_json_dict(options=options))


async def _challenge(
    tx: Tx, purpose: Purpose, user_id: UUID | None, answer: Answer, now: datetime
) -> bytes:
    found = await queries.take_challenge(tx, answer.challenge_id, purpose, user_id, now)
    if found is None:
        raise Invalid("this took too long, or was answered already: try again")
    return found


def _described(known: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=one.credential_id) for one in known]


def _transports(credential: Json) -> list[str]:
    response = credential.get("response")
    said = response.get("transports") if isinstance(response, dict) else None
    if not isinstance(said, list):
        return []
    return [str(one)[:LONGEST_TRANSPORT] for one in said[:MOST_TRANSPORTS]]


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
