"""What somebody's groups at an identity provider make them in the teams here."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from pagefree.core.access import Role

STRENGTH = (Role.OBSERVER, Role.RESPONDER, Role.TEAM_ADMIN)


@dataclass(frozen=True, slots=True)
class GroupMapping:
    """Whoever is in the group is this in the team."""

    group: str
    team_id: UUID
    role: Role


@dataclass(frozen=True, slots=True)
class Held:
    """What somebody is in one team now, and whether the provider made them that."""

    role: Role
    by_provider: bool


@dataclass(frozen=True, slots=True)
class MembershipChanges:
    """What to change so that memberships follow the groups."""

    put: Mapping[UUID, Role]  # by team
    remove: frozenset[UUID]  # teams


def wanted_roles(
    mappings: Iterable[GroupMapping], groups: Collection[str]
) -> dict[UUID, Role]:
    """By team; of several roles in one team the strongest counts."""
    wanted: dict[UUID, Role] = {}
    for one in mappings:
        if one.group in groups:
            before = wanted.get(one.team_id, one.role)
            wanted[one.team_id] = max(before, one.role, key=STRENGTH.index)
    return wanted


def membership_changes(
    held: Mapping[UUID, Held], wanted: Mapping[UUID, Role]
) -> MembershipChanges:
    """From what is held to what is wanted.

    What somebody set by hand stays: the provider only changes what it gave.
    """
    put = {
        team_id: role
        for team_id, role in wanted.items()
        if (before := held.get(team_id)) is None
        or (before.by_provider and before.role is not role)
    }
    gone = {team_id for team_id, one in held.items() if one.by_provider}
    return MembershipChanges(put, frozenset(gone - set(wanted)))
