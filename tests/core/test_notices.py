"""How people are told what they need not react to."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from pagefree.core.notifications import Method, Rule, notice
from pagefree.core.routing import Urgency

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
APP = Method(UUID(int=1), "in_app")
MAIL = Method(UUID(int=2), "email")
CALL = Method(UUID(int=3), "voice")
DEAD = Method(UUID(int=4), "sms", enabled=False)


def rule(urgency: Urgency, minutes: int, method: Method) -> Rule:
    return Rule(urgency, timedelta(minutes=minutes), method.id)


LOW, HIGH = Urgency.LOW, Urgency.HIGH


@pytest.mark.parametrize(
    ("rules", "used"),
    [
        pytest.param([], [APP, MAIL, CALL], id="no rules: all that works"),
        pytest.param(
            [rule(LOW, 0, APP), rule(LOW, 0, MAIL), rule(LOW, 30, CALL)],
            [APP, MAIL],
            id="nobody is called because they have not reacted",
        ),
        pytest.param([rule(LOW, 5, MAIL)], [MAIL], id="at once all the same"),
        pytest.param(
            [rule(HIGH, 0, CALL), rule(LOW, 0, MAIL)], [MAIL], id="it is not urgent"
        ),
        pytest.param([rule(LOW, 0, DEAD)], [APP, MAIL, CALL], id="a dead address"),
    ],
)
def test_a_notice_goes_where_rules_of_low_urgency_begin(
    rules: list[Rule], used: list[Method]
) -> None:
    planned = notice([APP, MAIL, CALL, DEAD], rules, NOW)

    assert [one.method for one in planned] == used
    assert {one.send_at for one in planned} == {NOW}


def test_whoever_cannot_be_reached_is_told_nothing() -> None:
    assert notice([DEAD], [rule(LOW, 0, DEAD)], NOW) == ()
