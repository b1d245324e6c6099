"""May this actor do this to that? One function, one table."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from pagefree.core.errors import Forbidden


class Role(StrEnum):
    """What a person is in one team."""

    TEAM_ADMIN = "team_admin"
    RESPONDER = "responder"
    OBSERVER = "observer"


class Scope(StrEnum):
    """What an API key may be used for."""

    READ = "read"
    WRITE = "write"  # what responders do
    ADMIN = "admin"  # what admins do, and what a person does with their own account


class Can(StrEnum):
    """Everything that access decides, in the words in which it is refused."""

    # read anything of the installation that is not personal
    SEE = "see this"
    # acknowledge, resolve, note … the team's incidents
    RESPOND = "respond for this team"
    # open an incident on the team's service
    DECLARE = "declare incidents"
    # services, integrations, schedules, policies, members of the team
    EDIT_TEAM = "change what belongs to this team"
    # users, teams, the installation
    ADMINISTER = "administer this installation"
    SEE_CONTACTS = "see how this person is reached"
    EDIT_CONTACTS = "change how this person is reached"
    # whose shift it is, and who could have it, is looked up there
    HAND_OVER = "hand over shifts or take them over"
    # saved views and read marks: what only the actor ever sees
    KEEP = "keep this for yourself"
    WRITE_RUNBOOKS = "write runbooks for this team"
    # in this scope; whose version it is decides, too
    APPROVE_RUNBOOKS = "approve runbooks of this team"
    RUN_RUNBOOKS = "run runbooks of this team"
    WRITE_POSTMORTEMS = "write postmortems for this team"
    # publish what oneself has sent to review, open what is published, remove
    DECIDE_POSTMORTEMS = "decide about postmortems of this team"
    # of what was changed and looked at in the team
    READ_AUDIT = "read the audit of this team"
    # programs that act in the team's name
    KEEP_SERVICE_ACCOUNTS = "keep service accounts of this team"
    # profile, password, sessions and API keys
    OWN_ACCOUNT = "manage this account"


@dataclass(frozen=True, slots=True)
class Credential:
    """What was shown to be believed."""

    kind: str  # session | api_key
    id: UUID
    bound: bool = False  # counts only from some addresses


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a person through a session or an API key, or a program in its own name."""

    user_id: UUID
    name: str
    platform_admin: bool = False
    roles: Mapping[UUID, Role] = field(default_factory=dict)  # by team id
    scopes: frozenset[Scope] = frozenset(Scope)  # a session has all
    credential: Credential | None = None
    kind: str = "user"  # or service_account
    hidden: frozenset[UUID] = frozenset()  # teams of which this actor sees nothing


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody about whom something is asked."""

    id: UUID
    team_ids: frozenset[UUID] = frozenset()
    platform_admin: bool = False


class Self(StrEnum):
    """The actor is the person it is about."""

    SELF = "self"


Relation = Role | Self | None  # none: neither in the team nor the person

NEEDS_SCOPE = {
    Can.SEE: Scope.READ,
    Can.RESPOND: Scope.WRITE,
    Can.DECLARE: Scope.WRITE,
    Can.EDIT_TEAM: Scope.ADMIN,
    Can.ADMINISTER: Scope.ADMIN,
    Can.SEE_CONTACTS: Scope.READ,
    Can.EDIT_CONTACTS: Scope.ADMIN,
    Can.HAND_OVER: Scope.WRITE,
    Can.KEEP: Scope.WRITE,
    Can.WRITE_RUNBOOKS: Scope.WRITE,
    Can.APPROVE_RUNBOOKS: Scope.ADMIN,
    Can.RUN_RUNBOOKS: Scope.WRITE,
    Can.WRITE_POSTMORTEMS: Scope.WRITE,
    Can.DECIDE_POSTMORTEMS: Scope.WRITE,
    Can.READ_AUDIT: Scope.ADMIN,
    Can.KEEP_SERVICE_ACCOUNTS: Scope.ADMIN,
    Can.OWN_ACCOUNT: Scope.ADMIN,
}
# who may do more may do the less: the answer to what was written is read
INCLUDES: Mapping[Scope, frozenset[Scope]] = {
    Scope.READ: frozenset({Scope.READ}),
    Scope.WRITE: frozenset({Scope.READ, Scope.WRITE}),
    Scope.ADMIN: frozenset(Scope),
}
ANYONE: frozenset[Relation] = frozenset({None, *Role, *Self})
ALLOWED: Mapping[Can, frozenset[Relation]] = {
    Can.SEE: ANYONE,
    Can.RESPOND: frozenset({Role.TEAM_ADMIN, Role.RESPONDER}),
    Can.DECLARE: ANYONE,  # whoever sees the fire may call the brigade
    Can.EDIT_TEAM: frozenset({Role.TEAM_ADMIN}),
    Can.ADMINISTER: frozenset(),  # platform admins only
    Can.SEE_CONTACTS: frozenset({Self.SELF, Role.TEAM_ADMIN}),
    Can.EDIT_CONTACTS: frozenset({Self.SELF, Role.TEAM_ADMIN}),
    Can.HAND_OVER: ANYONE,
    Can.KEEP: ANYONE,
    Can.WRITE_RUNBOOKS: frozenset({Role.TEAM_ADMIN, Role.RESPONDER}),
    Can.APPROVE_RUNBOOKS: frozenset({Role.TEAM_ADMIN}),
    Can.RUN_RUNBOOKS: frozenset({Role.TEAM_ADMIN, Role.RESPONDER}),
    Can.WRITE_POSTMORTEMS: frozenset({Role.TEAM_ADMIN, Role.RESPONDER}),
    Can.DECIDE_POSTMORTEMS: frozenset({Role.TEAM_ADMIN}),
    Can.READ_AUDIT: frozenset({Role.TEAM_ADMIN}),
    Can.KEEP_SERVICE_ACCOUNTS: frozenset({Role.TEAM_ADMIN}),
    Can.OWN_ACCOUNT: frozenset({Self.SELF}),
}


def allowed(actor: Actor, can: Can, team_id: UUID | None = None) -> bool:
    """Whether `actor` may do this to something of `team_id` (none: to the installation)."""
    if team_id in actor.hidden and team_id not in actor.roles:
        return False
    role = actor.roles.get(team_id) if team_id is not None else None
    return _granted(actor, can, {role})


def allowed_about(actor: Actor, can: Can, person: Person) -> bool:
    """Whether `actor` may do this to what is `person`'s own.

    A role counts in every team that both are in, but not over a platform admin: whoever
    may put people into a team would else decide where the installation's pages go.
    """
    shared = () if person.platform_admin else person.team_ids
    relations: set[Relation] = {actor.roles.get(team) for team in shared}
    if actor.user_id == person.id:
        relations.add(Self.SELF)
    return _granted(actor, can, relations)


def unseen(
    roles: Mapping[UUID, Role], hidden: Iterable[UUID], *, platform_admin: bool
) -> frozenset[UUID]:
    """Those of the hidden teams of which somebody with these roles sees nothing.

    Who is called for an incident of such a team sees that incident all the same.
    """
    return frozenset() if platform_admin else frozenset(hidden) - set(roles)


def covers(held: AbstractSet[Scope], scope: Scope) -> bool:
    """Whether one of the scopes is this one or includes it."""
    return any(scope in INCLUDES[one] for one in held)


def require(actor: Actor, can: Can, team_id: UUID | None = None) -> None:
    """Raise Forbidden unless it is allowed."""
    if not allowed(actor, can, team_id):
        raise _refusal(can)


def require_about(actor: Actor, can: Can, person: Person) -> None:
    """Raise Forbidden unless it is allowed."""
    if not allowed_about(actor, can, person):
        raise _refusal(can)


def _granted(actor: Actor, can: Can, relations: set[Relation]) -> bool:
    if not covers(actor.scopes, NEEDS_SCOPE[can]):
        return False
    return actor.platform_admin or not relations.isdisjoint(ALLOWED[can])


def _refusal(can: Can) -> Forbidden:
    return Forbidden(f"you may not {can.value}")
