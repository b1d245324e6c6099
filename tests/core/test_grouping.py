"""Which alerts share an incident."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.alerts import Action, AlertEvent
from pagefree.core.grouping import ALONE, BY_SOURCE, Candidate, Group, Grouping, Mode
from pagefree.core.grouping import group as core_group

NOW = datetime(2026, 3, 2, 9, 2, tzinfo=UTC)
WINDOW = timedelta(minutes=5)
EVENT = AlertEvent(Action.TRIGGER, "disk", group_key="g", labels={"env": "prod"})


def group(grouping: Grouping, at: datetime = NOW, **labels: object) -> Group:
    event = AlertEvent(Action.TRIGGER, "disk", group_key="g", labels=labels)
    return core_group(grouping, event, at)


def test_a_source_groups_unless_the_service_says_otherwise() -> None:
    assert group(BY_SOURCE) == Group((Candidate("g"),), "g")


def test_what_a_source_does_not_group_is_alone() -> None:
    assert core_group(BY_SOURCE, AlertEvent(Action.TRIGGER, "disk"), NOW) == ALONE


def test_with_grouping_off_every_alert_is_alone() -> None:
    assert group(Grouping(Mode.OFF)) == ALONE


def test_alerts_that_agree_in_labels_are_together() -> None:
    by_env = Grouping(Mode.LABELS, labels=("env", "region"))

    assert group(by_env, env="prod", pod="a") == group(by_env, env="prod", pod="b")
    assert group(by_env, env="prod") != group(by_env, region="prod")
    assert group(by_env, pod="a") == ALONE


def test_with_dependencies_the_own_group_is_the_second_choice() -> None:
    found = group(Grouping(Mode.DEPENDENCIES))

    assert found.upstream
    assert found.key == "g"


def joins(found: Group, key: str | None, opened_at: datetime) -> bool:
    return any(
        candidate.key == key
        and (candidate.opened_after is None or opened_at > candidate.opened_after)
        for candidate in found.candidates
    )


@given(
    st.timedeltas(timedelta(0), timedelta(hours=1)),
    st.timedeltas(timedelta(0), timedelta(minutes=20)),
    st.timedeltas(timedelta(seconds=1), timedelta(minutes=15)),
)
def test_what_opens_within_the_window_joins_and_nothing_later_does(
    start: timedelta, later: timedelta, window: timedelta
) -> None:
    by_time = Grouping(Mode.TIME, window)
    opened_at = NOW + start
    first = group(by_time, opened_at)

    second = group(by_time, opened_at + later)

    assert joins(second, first.key, opened_at) == (later < window)
