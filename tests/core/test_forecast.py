from datetime import UTC, datetime, timedelta
from uuid import UUID

from pagefree.core.escalation import (
    Policy,
    Progress,
    State,
    Step,
    Target,
    TargetKind,
    pause,
    start,
    stop,
)
from pagefree.core.forecast import MOST_LOOKS, Subject, Ways, looks, pages
from pagefree.core.incidents import Life, Status
from pagefree.core.notifications import Method, Rule, Skip
from pagefree.core.progress import Reachable
from pagefree.core.routing import Urgency

NOW = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ANA, BO, ADMIN = (UUID(int=n) for n in (1, 2, 3))
TEAM = Target(TargetKind.TEAM, UUID(int=9))


def user(user_id: UUID) -> Target:
    return Target(TargetKind.USER, user_id)


TWO = Policy(
    UUID(int=7),
    "Two",
    (Step(5 * MINUTE, (user(ANA),)), Step(10 * MINUTE, (user(BO),))),
)
TURNS = Policy(
    UUID(int=7), "Turns", (Step(MINUTE, (TEAM,), round_robin=True),), repeats=3
)
MAIL, PHONE = Method(UUID(int=20), "email"), Method(UUID(int=21), "voice")
WAYS = {
    ANA: Ways(
        (MAIL, PHONE),
        (
            Rule(Urgency.HIGH, timedelta(), MAIL.id),
            Rule(Urgency.HIGH, 7 * MINUTE, PHONE.id),
        ),
    ),
    BO: Ways((), ()),
    ADMIN: Ways((MAIL,), ()),
}


def reachable_at(_: datetime) -> Reachable:
    return {user(ANA): (ANA,), user(BO): (BO,), TEAM: (ANA, BO)}


def test_the_whole_escalation_is_foreseen() -> None:
    seen = list(
        looks(Subject(TWO, Urgency.HIGH, start(NOW)), reachable_at, NOW + DAY, NOW)
    )

    assert [(look.at - NOW, look.advance.users) for look in seen] == [
        (0 * MINUTE, (ANA,)),
        (5 * MINUTE, (BO,)),
        (15 * MINUTE, ()),
    ]
    assert seen[-1].advance.exhausted


def test_nothing_is_foreseen_beyond_the_end() -> None:
    subject = Subject(TWO, Urgency.HIGH, start(NOW))

    seen = list(looks(subject, reachable_at, NOW + 6 * MINUTE, NOW))

    assert [look.at - NOW for look in seen] == [0 * MINUTE, 5 * MINUTE]


def test_what_is_overdue_is_looked_at_now() -> None:
    subject = Subject(TWO, Urgency.HIGH, start(NOW - DAY))

    first = next(iter(looks(subject, reachable_at, NOW + DAY, NOW)))

    assert first.at == NOW


def test_a_snooze_that_ends_begins_anew() -> None:
    until = NOW + 30 * MINUTE
    life = Life(Status.ACKNOWLEDGED, NOW, ANA, snoozed_until=until)
    subject = Subject(TWO, Urgency.HIGH, pause(until), life)

    first, second, *_ = looks(subject, reachable_at, NOW + DAY, NOW)

    assert (first.at, first.again, first.advance.users) == (until, True, (ANA,))
    assert not second.again


def test_what_somebody_has_for_good_has_no_future() -> None:
    life = Life(Status.ACKNOWLEDGED, NOW, ANA)
    stopped = stop(Progress(1, NOW))
    assert stopped.state is State.STOPPED

    subject = Subject(TWO, Urgency.HIGH, stopped, life)

    assert list(looks(subject, reachable_at, NOW + DAY, NOW)) == []


def test_turns_are_taken_in_the_future_as_well() -> None:
    subject = Subject(TURNS, Urgency.HIGH, start(NOW), turns={0: {ANA: 5}})

    seen = list(looks(subject, reachable_at, NOW + DAY, NOW))

    paged = [look.advance.users for look in seen if look.advance.users]
    assert paged == [(BO,), (ANA,), (BO,), (ANA,)]


def test_a_forecast_ends_even_where_an_escalation_would_go_on() -> None:
    long = Policy(None, "Long", TWO.steps * 10, repeats=99)

    seen = list(
        looks(
            Subject(long, Urgency.HIGH, start(NOW)), reachable_at, NOW + 99 * DAY, NOW
        )
    )

    assert len(seen) == MOST_LOOKS


def test_pages_follow_everybodys_own_rules_in_the_order_of_time() -> None:
    seen = list(
        looks(Subject(TWO, Urgency.HIGH, start(NOW)), reachable_at, NOW + DAY, NOW)
    )

    told = pages(seen, WAYS, (ADMIN,), Urgency.HIGH)

    assert [
        (page.at - NOW, page.user_id, page.method, page.cause) for page in told
    ] == [
        (0 * MINUTE, ANA, MAIL, "step 1"),
        (5 * MINUTE, BO, None, "step 2"),
        (7 * MINUTE, ANA, PHONE, "step 1"),
        (15 * MINUTE, ADMIN, MAIL, "fallback"),
    ]
    assert [page.skip for page in told] == [None, Skip.NO_CONTACT_METHOD, None, None]
    assert [(page.paged_at - NOW, page.look) for page in told] == [
        (0 * MINUTE, 0),
        (5 * MINUTE, 1),
        (0 * MINUTE, 0),
        (15 * MINUTE, 2),
    ]
