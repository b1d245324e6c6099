"""The table of access, row by row."""

from dataclasses import replace
from uuid import UUID

import pytest

from pagefree.core.access import (
    Actor,
    Can,
    Person,
    Role,
    Scope,
    allowed,
    allowed_about,
    covers,
    require,
    require_about,
    unseen,
)
from pagefree.core.errors import Forbidden

OWN, OTHER = UUID(int=1), UUID(int=2)
ANA, BO = UUID(int=11), UUID(int=12)
PERSONAL = (Can.SEE_CONTACTS, Can.EDIT_CONTACTS, Can.OWN_ACCOUNT)
IMPERSONAL = tuple(can for can in Can if can not in PERSONAL)
BY_READING = {Can.SEE, Can.SEE_CONTACTS}
BY_ROLE: dict[Role | None, set[Can]] = {
    Role.TEAM_ADMIN: {
        Can.SEE,
        Can.RESPOND,
        Can.DECLARE,
        Can.EDIT_TEAM,
        Can.SEE_CONTACTS,
        Can.EDIT_CONTACTS,
        Can.HAND_OVER,
        Can.KEEP,
        Can.WRITE_RUNBOOKS,
        Can.APPROVE_RUNBOOKS,
        Can.RUN_RUNBOOKS,
        Can.WRITE_POSTMORTEMS,
        Can.DECIDE_POSTMORTEMS,
        Can.READ_AUDIT,
        Can.KEEP_SERVICE_ACCOUNTS,
    },
    Role.RESPONDER: {
        Can.SEE,
        Can.RESPOND,
        Can.DECLARE,
        Can.HAND_OVER,
        Can.KEEP,
        Can.WRITE_RUNBOOKS,
        Can.RUN_RUNBOOKS,
        Can.WRITE_POSTMORTEMS,
    },
    Role.OBSERVER: {Can.SEE, Can.DECLARE, Can.HAND_OVER, Can.KEEP},
    None: {Can.SEE, Can.DECLARE, Can.HAND_OVER, Can.KEEP},
}


def ana(role: Role | None, *, platform_admin: bool = False) -> Actor:
    return Actor(ANA, "Ana", platform_admin, {OWN: role} if role else {})


@pytest.mark.parametrize("can", IMPERSONAL)
@pytest.mark.parametrize("role", BY_ROLE)
def test_a_role_counts_in_its_own_team_only(role: Role | None, can: Can) -> None:
    assert allowed(ana(role), can, OWN) == (can in BY_ROLE[role])
    assert allowed(ana(role), can, OTHER) == (can in BY_ROLE[None])
    assert allowed(ana(role), can) == (can in BY_ROLE[None])


@pytest.mark.parametrize("can", Can)
def test_a_platform_admin_may_do_everything(can: Can) -> None:
    admin = ana(None, platform_admin=True)

    assert allowed(admin, can)
    assert allowed(admin, can, OTHER)
    assert allowed_about(admin, can, Person(BO))


@pytest.mark.parametrize("can", PERSONAL)
def test_people_may_do_everything_with_what_is_their_own(can: Can) -> None:
    assert allowed_about(ana(None), can, Person(ANA))


@pytest.mark.parametrize("can", PERSONAL)
@pytest.mark.parametrize("role", BY_ROLE)
def test_what_is_personal_is_open_to_admins_of_a_shared_team(
    role: Role | None, can: Can
) -> None:
    colleague, stranger = (
        Person(BO, frozenset({OWN, OTHER})),
        Person(BO, frozenset({OTHER})),
    )

    chief = Person(BO, frozenset({OWN}), platform_admin=True)

    assert allowed_about(ana(role), can, colleague) == (can in BY_ROLE[role])
    assert not allowed_about(ana(role), can, chief)
    assert not allowed_about(ana(role), can, stranger)
    assert not allowed_about(ana(role), can, Person(BO))


@pytest.mark.parametrize(
    ("scope", "can"),
    [
        (Scope.READ, BY_READING),
        (
            Scope.WRITE,
            BY_READING
            | {Can.RESPOND, Can.DECLARE, Can.HAND_OVER, Can.KEEP}
            | {Can.WRITE_RUNBOOKS, Can.RUN_RUNBOOKS}
            | {Can.WRITE_POSTMORTEMS, Can.DECIDE_POSTMORTEMS},
        ),
        (Scope.ADMIN, set(Can)),
    ],
)
def test_a_key_may_do_what_its_scope_says_even_for_a_platform_admin(
    scope: Scope, can: set[Can]
) -> None:
    program = Actor(ANA, "Ana", platform_admin=True, scopes=frozenset({scope}))

    assert {one for one in Can if allowed(program, one)} == can
    assert {one for one in Can if allowed_about(program, one, Person(ANA))} == can


def test_a_scope_includes_those_before_it() -> None:
    assert [s for s in Scope if covers({Scope.READ}, s)] == [Scope.READ]
    assert [s for s in Scope if covers({Scope.WRITE}, s)] == [Scope.READ, Scope.WRITE]
    assert all(covers({Scope.ADMIN}, scope) for scope in Scope)
    assert not any(covers(set(), scope) for scope in Scope)


def test_a_key_may_not_do_more_than_its_person() -> None:
    program = Actor(ANA, "Ana", scopes=frozenset({Scope.ADMIN}))

    assert not allowed(program, Can.ADMINISTER)


def test_requiring_raises_unless_it_is_allowed() -> None:
    require(ana(Role.TEAM_ADMIN), Can.EDIT_TEAM, OWN)
    require_about(ana(None), Can.OWN_ACCOUNT, Person(ANA))

    with pytest.raises(Forbidden, match="may not change what belongs to this team"):
        require(ana(Role.TEAM_ADMIN), Can.EDIT_TEAM, OTHER)
    with pytest.raises(Forbidden, match="may not manage this account"):
        require_about(ana(Role.TEAM_ADMIN), Can.OWN_ACCOUNT, Person(BO))


def test_of_a_hidden_team_others_may_do_nothing_whatever_everybody_may() -> None:
    outsider = replace(ana(None), hidden=frozenset({OTHER}))

    assert allowed(outsider, Can.SEE, OWN)
    assert not any(allowed(outsider, can, OTHER) for can in Can)


def test_hidden_is_what_one_is_no_part_of_unless_one_sees_all() -> None:
    roles = {OWN: Role.OBSERVER}

    assert unseen(roles, [OWN, OTHER], platform_admin=False) == {OTHER}
    assert unseen(roles, [OWN, OTHER], platform_admin=True) == set()
