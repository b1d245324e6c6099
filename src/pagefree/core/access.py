"""May this actor do this to that? One function, one table."""

from collections.abc import Mapping
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
    ADMIN = "admin"  # what admins do


class Can(StrEnum):
    """Everything that access decides."""

    SEE = "see"  # read anything of the installation that is not personal
    RESPOND = "respond"  # acknowledge, resolve, note … the team's incidents
    DECLARE = "declare"  # open an incident on the team's service
    EDIT_TEAM = (
        "edit_team"  # services, integrations, schedules, policies, members of the team
    )
    ADMINISTER = "administer"  # users, teams, the installation


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a person, through a session or an API key."""

    user_id: UUID
    name: str
    platform_admin: bool = False
    roles: Mapping[UUID, Role] = field(default_factory=dict)  # by team id
    scopes: frozenset[Scope] = frozenset(Scope)  # a session has all


NEEDS_SCOPE = {
    Can.SEE: Scope.READ,
    Can.RESPOND: Scope.WRITE,
    Can.DECLARE: Scope.WRITE,
    Can.EDIT_TEAM: Scope.ADMIN,
    Can.ADMINISTER: Scope.ADMIN,
}
ANYONE = frozenset({None, *Role})  # also people outside the team
ALLOWED: Mapping[Can, frozenset[Role | None]] = {
    Can.SEE: ANYONE,
    Can.RESPOND: frozenset({Role.TEAM_ADMIN, Role.RESPONDER}),
    Can.DECLARE: ANYONE,  # whoever sees the fire may call the brigade
    Can.EDIT_TEAM: frozenset({Role.TEAM_ADMIN}),
    Can.ADMINISTER: frozenset(),  # platform admins only
}


def allowed(actor: Actor, can: Can, team_id: UUID | None = None) -> bool:
    """Whether `actor` may do this to something of `team_id` (none: to the installation)."""
    if NEEDS_SCOPE[can] not in actor.scopes:
        return False
    if actor.platform_admin:
        return True
    role = actor.roles.get(team_id) if team_id is not None else None
    return role in ALLOWED[can]


def require(actor: Actor, can: Can, team_id: UUID | None = None) -> None:
    """Raise Forbidden unless it is allowed."""
    if not allowed(actor, can, team_id):
        raise Forbidden(f"you may not {can.value.replace('_', ' ')} here")
