"""What this server speaks of: users, groups, and what it says of itself (RFC 7643)."""

from typing import Annotated, Any

from scim2_models import (
    AuthenticationScheme,
    Bulk,
    ChangePassword,
    ETag,
    Filter,
    Mutability,
    Patch,
    Required,
    ResourceType,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
)
from scim2_models import Email as AnyEmail
from scim2_models import Group as AnyGroup
from scim2_models import GroupMember as AnyMember
from scim2_models import User as AnyUser

MOST_RESULTS = 200

# what the large providers send that the standard does not know: unknown attributes, a
# value beside the path of a removal, a path to an entry that is not there yet
TOLERANT = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)


class Email(AnyEmail):
    """An address; loose on purpose: closed networks have some that the internet refuses."""

    value: Annotated[str | None, Required.true] = None


class User(AnyUser[Any]):
    """A person; here nobody is without an address."""

    emails: Annotated[list[Email] | None, Required.true] = None  # type: ignore[assignment]


class GroupMember(AnyMember):
    """Somebody in a group; names are told with the users themselves."""

    display: Annotated[str | None, Mutability.read_only] = None


class Group(AnyGroup):
    """A group, which may open teams."""

    members: list[GroupMember] | None = None  # type: ignore[assignment]


PROVIDER = ScimProvider(models=[User, Group])
RESOURCE_TYPES = [ResourceType.from_resource(User), ResourceType.from_resource(Group)]
SCHEMAS = [User.to_schema(), Group.to_schema()]
CONFIG = ServiceProviderConfig(
    patch=Patch(supported=True),
    bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
    filter=Filter(supported=True, max_results=MOST_RESULTS),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=True),
    etag=ETag(supported=True),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken,
            name="Bearer token",
            description="A token that a platform admin makes for the identity provider",
            primary=True,
        )
    ],
)
