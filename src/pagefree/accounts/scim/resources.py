"""Between what is stored and what is spoken of."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import available_timezones

from scim2_models import (
    Context,
    GroupMembership,
    InvalidValueException,
    Meta,
    Name,
    Reference,
    Resource,
)

from pagefree.accounts.oidc.claims import (
    EMAIL,
    LONGEST_EMAIL,
    LONGEST_NAME,
    UNPRINTABLE,
)
from pagefree.accounts.scim.models import TOLERANT, Email, Group, GroupMember, User
from pagefree.accounts.scim.queries import StoredGroup, StoredUser

# decided here or kept elsewhere, so not with what the provider sent
OWN = {"id", "meta", "groups", "password", "schemas"}
AnyResource = TypeVar("AnyResource", bound=Resource[Any])


@dataclass(frozen=True, slots=True)
class Person:
    """What a user of the provider is here."""

    email: str
    name: str
    time_zone: str | None  # none: it says none that there is
    active: bool


def user_resource(
    stored: StoredUser, groups: Sequence[tuple[UUID, str]], base: str
) -> User:
    """A person, as the provider put them here, and in the state in which they are."""
    if stored.attributes is None:
        user = User(
            user_name=stored.email,
            display_name=stored.name,
            name=Name(formatted=stored.name),
            emails=[Email(value=stored.email, primary=True)],
            timezone=stored.time_zone,
            active=True,
        )
    else:
        user = User.model_validate(stored.attributes, scim_policy=TOLERANT)
    user.id = str(stored.id)
    if stored.deactivated_at is not None:
        user.active = False
    elif user.active is not None:  # else the provider leaves it open
        user.active = True
    user.groups = [
        GroupMembership(
            value=str(one), display=name, ref=Reference(f"{base}/Groups/{one}")
        )
        for one, name in groups
    ] or None
    changed = stored.changed_at or stored.created_at
    return stamped(user, f"{base}/Users/{stored.id}", stored.created_at, changed)


def group_resource(stored: StoredGroup, base: str) -> Group:
    """A group with its people."""
    group = Group(
        id=str(stored.id),
        display_name=stored.name,
        external_id=stored.external_id,
        members=[
            GroupMember(
                value=str(one), type="User", ref=Reference(f"{base}/Users/{one}")
            )
            for one in stored.members
        ]
        or None,
    )
    where = f"{base}/Groups/{stored.id}"
    return stamped(group, where, stored.created_at, stored.changed_at)


def stamped(
    resource: AnyResource, location: str, created: datetime, changed: datetime
) -> AnyResource:
    """The same with its metadata; the version is that of all it says (RFC 7644 3.14)."""
    said = json.dumps(resource.model_dump(), sort_keys=True).encode()
    resource.meta = Meta(
        resource_type=type(resource).__name__,
        created=created,
        last_modified=changed,
        location=location,
        version=f'W/"{sha256(said).hexdigest()[:16]}"',
    )
    return resource


def stamp(resource: User | Group) -> tuple[str, str]:
    """Its version and its address."""
    meta = resource.meta or Meta()
    return str(meta.version), str(meta.location)


def kept(user: User) -> Mapping[str, object]:
    """What is kept as it was sent."""
    said = user.model_dump(scim_ctx=Context.DEFAULT)
    return {name: value for name, value in said.items() if name not in OWN}


def person(user: User) -> Person:
    """What the user is here. Raises InvalidValueException."""
    email = _email(user)
    name = UNPRINTABLE.sub(" ", _name(user)).strip()[:LONGEST_NAME]
    zone = user.timezone if user.timezone in available_timezones() else None
    active = user.active is not False
    return Person(email, name or email.partition("@")[0], zone, active)


def _email(user: User) -> str:
    listed = [one for one in user.emails or [] if one.value]
    first = sorted(listed, key=lambda one: not one.primary)
    for text in (*(str(one.value) for one in first), user.user_name or ""):
        email = text.strip().lower()
        if len(email) <= LONGEST_EMAIL and EMAIL.fullmatch(email):
            return email
    raise InvalidValueException(detail="a user needs an e-mail address")


def _name(user: User) -> str:
    if user.display_name:
        return user.display_name
    name = user.name
    if name is None:
        return ""
    parts = (name.given_name, name.family_name)
    return name.formatted or " ".join(part for part in parts if part)
