"""What PageFree reads from the claims of an identity provider."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from pagefree.infra.identity_tokens import Claims

EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+")
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]+")
LONGEST_EMAIL = 254
LONGEST_NAME = 200
MOST_GROUPS = 1_000


@dataclass(frozen=True, slots=True)
class Profile:
    """Somebody as a provider describes them."""

    subject: str
    email: str  # lower case; empty: it does not say
    verified: bool | None  # whether the address is theirs; none: it does not say
    name: str
    zone: str
    external_ids: tuple[str, ...]  # under which it may have provisioned them
    groups: tuple[str, ...] | None  # none: too many to be in a token


def profile(claims: Claims, group_claim: str) -> Profile:
    """The profile that the claims tell (OpenID Connect Core 5.1)."""
    email = _email(claims)
    # what it says of its own address, not of one that stands elsewhere
    own = bool(email) and str(claims.get("email", "")).strip().lower() == email
    verified = claims.get("email_verified") if own else None
    ids = [claims["sub"], claims.get("oid")]  # oid: of Microsoft Entra ID
    return Profile(
        subject=str(claims["sub"]),
        email=email,
        # some providers send it as a text
        verified=None if verified is None else verified in (True, "true"),
        name=_name(claims) or email.partition("@")[0] or "Somebody",
        zone=_text(claims, "zoneinfo"),
        external_ids=tuple(one for one in ids if isinstance(one, str) and one),
        groups=_groups(claims, group_claim),
    )


def in_domains(email: str, domains: Collection[str]) -> bool:
    """Whether the address is in one of the domains; none are all."""
    return not domains or email.rpartition("@")[2] in domains


def _email(claims: Claims) -> str:
    """The address; Microsoft Entra ID often has it as the user name only."""
    for claim in ("email", "preferred_username"):
        text = _text(claims, claim).lower()
        if len(text) <= LONGEST_EMAIL and EMAIL.fullmatch(text):
            return text
    return ""


def _name(claims: Claims) -> str:
    parts = (_text(claims, "given_name"), _text(claims, "family_name"))
    name = _text(claims, "name") or " ".join(part for part in parts if part)
    return UNPRINTABLE.sub(" ", name).strip()[:LONGEST_NAME]


def _groups(claims: Claims, claim: str) -> tuple[str, ...] | None:
    """Its groups; a list is cut, never the sign-in refused for it."""
    said = claims.get(claim)
    if said is None and _elsewhere(claims, claim):
        return None
    if isinstance(said, str):
        said = [said]
    if not isinstance(said, list):
        return ()
    texts = [one for one in said if isinstance(one, str) and "\0" not in one]
    return tuple(texts[:MOST_GROUPS])


def _elsewhere(claims: Claims, claim: str) -> bool:
    """Microsoft Entra ID leaves out more than 200 groups and says where to ask for them."""
    names = claims.get("_claim_names")
    return isinstance(names, dict) and claim in names


def _text(claims: Claims, claim: str) -> str:
    value = claims.get(claim)
    return value.strip() if isinstance(value, str) else ""
