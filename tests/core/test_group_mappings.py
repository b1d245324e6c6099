"""What groups of an identity provider make of somebody."""

from uuid import UUID

from pagefree.core.access import Role
from pagefree.core.group_mappings import (
    GroupMapping,
    Held,
    membership_changes,
    wanted_roles,
)

WEB, OPS, DATA = UUID(int=1), UUID(int=2), UUID(int=3)
MAPPINGS = (
    GroupMapping("sre", WEB, Role.RESPONDER),
    GroupMapping("sre", OPS, Role.OBSERVER),
    GroupMapping("leads", WEB, Role.TEAM_ADMIN),
)


def test_a_group_may_open_several_teams() -> None:
    assert wanted_roles(MAPPINGS, {"sre"}) == {
        WEB: Role.RESPONDER,
        OPS: Role.OBSERVER,
    }


def test_of_two_roles_in_a_team_the_strongest_counts() -> None:
    assert wanted_roles(MAPPINGS, {"leads", "sre"})[WEB] is Role.TEAM_ADMIN
    assert wanted_roles(MAPPINGS[::-1], {"leads", "sre"})[WEB] is Role.TEAM_ADMIN


def test_groups_that_mean_nothing_give_nothing() -> None:
    assert wanted_roles(MAPPINGS, {"staff"}) == {}


def test_memberships_follow_the_groups() -> None:
    held = {
        WEB: Held(Role.RESPONDER, by_provider=True),
        OPS: Held(Role.OBSERVER, by_provider=True),
    }

    changes = membership_changes(held, {WEB: Role.TEAM_ADMIN, DATA: Role.OBSERVER})

    assert changes.put == {WEB: Role.TEAM_ADMIN, DATA: Role.OBSERVER}
    assert changes.remove == {OPS}


def test_what_somebody_set_by_hand_stays() -> None:
    held = {
        WEB: Held(Role.TEAM_ADMIN, by_provider=False),
        OPS: Held(Role.OBSERVER, by_provider=False),
    }

    changes = membership_changes(held, {WEB: Role.RESPONDER})

    assert changes.put == {}
    assert changes.remove == frozenset()


def test_nothing_changes_where_all_is_as_wanted() -> None:
    held = {WEB: Held(Role.RESPONDER, by_provider=True)}

    changes = membership_changes(held, {WEB: Role.RESPONDER})

    assert changes.put == {}
    assert changes.remove == frozenset()
