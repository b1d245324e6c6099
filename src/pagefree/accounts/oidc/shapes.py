"""What signing in through identity providers takes and answers."""

from datetime import datetime
from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from pagefree.accounts.shapes import PRINTABLE, Line
from pagefree.core.access import Role
from pagefree.infra.web import Shape


def _issuer(text: str) -> str:
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError("this is not an address such as https://example.okta.com")
    if parts.query or parts.fragment:
        raise ValueError("an issuer has no `?` and no `#`")
    return text.removesuffix("/.well-known/openid-configuration")


def _scopes(scopes: list[str]) -> list[str]:
    """OpenID Connect Core 3.1.2.1: without `openid` there is no identity token."""
    return list(dict.fromkeys(["openid", *scopes]))


def _domain(text: str) -> str:
    return text.lower().removeprefix("@")


Plain = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=500, pattern=PRINTABLE),
]
Issuer = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=500, pattern=r"^[\x21-\x7e]+$"),
    AfterValidator(_issuer),
]
ScopeName = Annotated[str, StringConstraints(max_length=100, pattern=r"^[\x21-\x7e]+$")]
Scopes = Annotated[list[ScopeName], Field(max_length=20), AfterValidator(_scopes)]
Group = Annotated[
    str, StringConstraints(min_length=1, max_length=500, pattern=PRINTABLE)
]
Domain = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=253, pattern=r"^@?[^@\s]+$"),
    AfterValidator(_domain),
]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=1_000)]
Claim = Annotated[
    str, StringConstraints(min_length=1, max_length=100, pattern=PRINTABLE)
]


class WayIn(Shape):
    """An identity provider to sign in through."""

    id: UUID
    name: str


class WaysIn(Shape):
    """How people sign in here."""

    providers: list[WayIn]
    only_providers: bool  # passwords count for platform admins alone


class Start(Shape):
    """Where in the web app to go on after signing in."""

    next: Annotated[str, Field(max_length=2_000)] = "/"


class ContinueAt(Shape):
    """Where to send the browser next; null: it may stay."""

    continue_at: str | None


class SignInSettings(Shape):
    """Who may sign in with a password."""

    only_providers: bool


class MappingShape(Shape):
    """Whoever is in the group is this in the team."""

    group: Group
    team_id: UUID
    role: Role


class ProviderIn(Shape):
    """An identity provider; its client is set once it knows the redirect address."""

    name: Line
    issuer: Issuer


class ProviderChanges(Shape):
    """What changes about an identity provider; what is left out stays."""

    name: Line | None = None
    issuer: Issuer | None = None
    client_id: Plain | None = None
    scopes: Scopes | None = None
    group_claim: Claim | None = None
    admin_groups: Annotated[list[Group], Field(max_length=50)] | None = None
    email_domains: Annotated[list[Domain], Field(max_length=50)] | None = None
    creates_users: bool | None = None
    links_by_email: bool | None = None
    enabled: bool | None = None
    mappings: Annotated[list[MappingShape], Field(max_length=500)] | None = None


class SecretIn(Shape):
    """The client's secret at the provider; null for a public client."""

    secret: Secret | None


class ProviderOut(Shape):
    """An identity provider, without its secret."""

    id: UUID
    name: str
    issuer: str
    client_id: str
    has_secret: bool
    scopes: list[str]
    group_claim: str
    admin_groups: list[str]
    email_domains: list[str]
    creates_users: bool
    links_by_email: bool
    enabled: bool
    mappings: list[MappingShape]
    redirect_uri: str  # to be entered at the provider
    created_at: datetime


class CheckOut(Shape):
    """What was found at the issuer's address."""

    works: bool
    problem: str | None
    signs_out: bool  # its session can be ended together with ours
