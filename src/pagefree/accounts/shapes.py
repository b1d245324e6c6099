"""What the accounts part of the API takes and answers."""

import re
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    StringConstraints,
)

from pagefree.core.access import Role, Scope
from pagefree.core.sign_in import Factor, SignInWay
from pagefree.infra.web import Shape

EMAIL_LIMIT = 254  # RFC 5321 section 4.5.3.1.3, less the angle brackets
EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+")
PRINTABLE = r"^[^\x00-\x1f\x7f]*$"


def _email(text: str) -> str:
    """Loose on purpose: closed networks have addresses that the internet refuses."""
    if not EMAIL.fullmatch(text):
        raise ValueError("this is not an e-mail address")
    return text.lower()


def _time_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("this is not the name of a time zone, such as Europe/Berlin")
    return name


def _no_nul(text: object) -> object:
    if isinstance(text, str) and "\0" in text:
        raise ValueError("NUL cannot be stored")
    return text


Line = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=200, pattern=PRINTABLE
    ),
]
Text = Annotated[str, StringConstraints(max_length=2_000), BeforeValidator(_no_nul)]
Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=EMAIL_LIMIT),
    AfterValidator(_email),
]
TimeZone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_time_zone)]
NewPassword = Annotated[str, Field(min_length=8, max_length=256)]
AnyPassword = Annotated[str, Field(max_length=256)]


class UserRefOut(Shape):
    """A person, mentioned."""

    id: UUID
    name: str


class TeamRefOut(Shape):
    """A team, mentioned."""

    id: UUID
    name: str


class MembershipOut(Shape):
    """What a person is in one team."""

    team: TeamRefOut
    role: Role


class SignIn(Shape):
    """An e-mail address and a password."""

    email: Annotated[
        str, StringConstraints(max_length=EMAIL_LIMIT, strip_whitespace=True)
    ]
    password: AnyPassword


class SecondStep(Shape):
    """The password was right; one of these is still to be given."""

    second_factor_needed: Literal[True]
    factors: list[Factor]
    expires_at: datetime


class Me(Shape):
    """Who is signed in."""

    id: UUID
    name: str
    email: str
    platform_admin: bool
    time_zone: str
    pronounced: str | None  # how a voice says the name; null: it says none
    memberships: list[MembershipOut]
    demo: bool  # outgoing messages stay in the outbox
    # a second factor is missing, without which they sign in no more from then on
    second_factor_from: datetime | None
    enrolling: bool  # nothing else opens before it is set up
    away_from: datetime | None  # as they say themselves; calendars may say more
    away_until: datetime | None


class MeChanges(Shape):
    """What people change about themselves; what is left out stays."""

    name: Line | None = None
    time_zone: TimeZone | None = None
    pronounced: (
        Annotated[
            str,
            StringConstraints(strip_whitespace=True, max_length=100, pattern=PRINTABLE),
        ]
        | None
    ) = None  # empty: calls say no name


class Absence(Shape):
    """A time for which somebody is away, from now unless it says otherwise."""

    start: AwareDatetime | None = None
    until: AwareDatetime


class PasswordChange(Shape):
    """From one password to another."""

    current: AnyPassword
    new: NewPassword


class SessionOut(Shape):
    """One browser that is signed in."""

    id: UUID
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    user_agent: str  # what it says of itself
    browser: str  # what people call that, such as "Firefox on Linux"
    address: str
    signed_in_by: SignInWay | None  # null: before that was noted
    second_factor: Factor | None
    current: bool


Network = Annotated[str, Field(max_length=50, examples=["192.0.2.0/24"])]


class ApiKeyIn(Shape):
    """The API key that is wanted."""

    name: Line
    scopes: Annotated[set[Scope], Field(min_length=1)]
    expires_at: AwareDatetime | None = None
    networks: Annotated[tuple[Network, ...], Field(max_length=20)] = ()


class ApiKeyOut(Shape):
    """An API key, without the key itself."""

    id: UUID
    name: str
    prefix: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    networks: list[str]


class NewApiKeyOut(ApiKeyOut):
    """A new API key; `token` is never shown again."""

    token: str


class UserOut(Shape):
    """A person."""

    id: UUID
    name: str
    email: str
    platform_admin: bool
    time_zone: str
    deactivated_at: datetime | None
    teams: list[MembershipOut]
    reachable: bool  # by something that works when nobody looks at the web app
    away_from: datetime | None  # as they say themselves; null: not away
    away_until: datetime | None


class UserIn(Shape):
    """A new person; without a password they cannot sign in yet."""

    email: Email
    name: Line
    password: NewPassword | None = None
    platform_admin: bool = False
    time_zone: TimeZone = "UTC"


class UserChanges(Shape):
    """What an admin changes about a person; what is left out stays."""

    name: Line | None = None
    email: Email | None = None
    platform_admin: bool | None = None
    time_zone: TimeZone | None = None
    password: NewPassword | None = None


class TeamOut(Shape):
    """A group of people who own things together."""

    id: UUID
    name: str
    description: str
    member_count: int
    hidden: bool  # what it has is seen by its people and platform admins alone


class TeamIn(Shape):
    """A new team."""

    name: Line
    description: Text = ""


class TeamChanges(Shape):
    """What changes about a team; what is left out stays."""

    name: Line | None = None
    description: Text | None = None
    hidden: bool | None = None


class MemberOut(Shape):
    """One person of a team."""

    user: UserRefOut
    email: str
    role: Role


class MemberIn(Shape):
    """What a person is to be in a team."""

    role: Role


Address = Annotated[
    dict[str, object], Field(description="As the channel's `address_schema` says.")
]


class ContactMethodOut(Shape):
    """One way to reach a person."""

    id: UUID
    channel: str
    label: str
    address: dict[str, object]
    created_at: datetime
    disabled_at: datetime | None
    disabled_reason: str | None
    unverified_since: datetime | None  # whose address it is has yet to be proven
    proven_at: datetime | None  # something is known to have arrived there


class NewContactMethodOut(ContactMethodOut):
    """A new way to reach a person; `secret` signs what is sent and is never shown again."""

    secret: str | None


class ContactMethodIn(Shape):
    """Another way to reach a person."""

    channel: Annotated[str, StringConstraints(max_length=50)]
    label: Line
    address: Address


class ContactMethodChanges(Shape):
    """What changes about a contact method; what is left out stays."""

    label: Line | None = None
    address: Address | None = None
    disabled: bool | None = None
