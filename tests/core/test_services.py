"""What a service is, how it is doing, and how well it is set up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pagefree.core.errors import Invalid
from pagefree.core.routing import Lifecycle
from pagefree.core.service_setup import Facts, Need, set_up
from pagefree.core.services import ServiceKind, ServiceState, state_of, tidy_tags, worst

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
WHOLE = Facts(
    kind=ServiceKind.TECHNICAL,
    lifecycle=Lifecycle.ACTIVE,
    owner_people=2,
    paged_people=2,
    proven_at=NOW - DAY,
    integrations_heard=1,
    dependencies=1,
    has_runbook=True,
)


@pytest.mark.parametrize(
    ("urgency", "status", "state"),
    [
        ("high", "triggered", ServiceState.TRIGGERED),
        ("high", "acknowledged", ServiceState.ACKNOWLEDGED),
        ("low", "triggered", ServiceState.LOW),
        ("low", "acknowledged", ServiceState.LOW),
        (None, None, ServiceState.QUIET),
        ("high", None, ServiceState.QUIET),
    ],
)
def test_a_service_is_as_badly_off_as_its_worst_open_incident(
    urgency: str | None, status: str | None, state: ServiceState
) -> None:
    assert state_of(urgency, status) is state


def test_the_worst_of_several_states_is_the_one_that_needs_a_person_most() -> None:
    assert worst([ServiceState.LOW, ServiceState.ACKNOWLEDGED]) == "acknowledged"
    assert worst(ServiceState) is ServiceState.TRIGGERED
    assert worst([]) is ServiceState.QUIET


def test_tags_are_kept_once_in_lower_case_and_in_order() -> None:
    assert tidy_tags(["Payments ", "eu  west", "payments", " "]) == [
        "eu west",
        "payments",
    ]


@pytest.mark.parametrize(
    "tags", [[str(n) for n in range(21)], ["x" * 51]], ids=["too many", "too long"]
)
def test_tags_have_a_limit(tags: list[str]) -> None:
    with pytest.raises(Invalid):
        tidy_tags(tags)


def test_a_service_with_everything_has_nothing_left_to_do() -> None:
    found = set_up(WHOLE, NOW)

    assert (found.done, len(found.checks), found.next) == (5, 5, None)


@pytest.mark.parametrize(
    ("missing", "check"),
    [
        ({"owner_people": 0}, Need.OWNER),
        ({"paged_people": 0, "proven_at": None}, Need.POLICY),
        ({"proven_at": NOW - 31 * DAY}, Need.PROVEN),
        ({"integrations_heard": 0}, Need.INTEGRATION),
        ({"has_runbook": False}, Need.RUNBOOK),
    ],
    ids=lambda value: value.value if isinstance(value, Need) else "without",
)
def test_what_is_missing_is_what_is_to_be_done_next(
    missing: dict[str, object], check: Need
) -> None:
    facts = replace(WHOLE, **missing)  # type: ignore[arg-type]

    assert set_up(facts, NOW).next is check


def test_a_policy_that_reaches_nobody_is_not_proven_either() -> None:
    found = set_up(replace(WHOLE, paged_people=0), NOW)

    assert found.done == 3


def test_a_business_service_needs_something_to_stand_on_instead_of_a_policy() -> None:
    shop = replace(WHOLE, kind=ServiceKind.BUSINESS, paged_people=0, proven_at=None)

    assert set_up(shop, NOW).next is None
    assert set_up(replace(shop, dependencies=0), NOW).next is Need.DEPENDENCIES


def test_an_archived_service_needs_nothing() -> None:
    found = set_up(replace(WHOLE, lifecycle=Lifecycle.ARCHIVED, owner_people=0), NOW)

    assert (found.checks, found.next) == ((), None)
