"""A person's rules, the last look before sending, and what follows a failure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pagefree.core.incidents import Life
from pagefree.core.incidents import Status as Incident
from pagefree.core.notifications import (
    LONGEST_RETRY,
    MAX_ATTEMPTS,
    FallThrough,
    Kind,
    Method,
    Planned,
    Rule,
    Situation,
    Skip,
    Status,
    Tried,
    fall_through,
    plan,
    retry_at,
    unwanted,
)
from pagefree.core.routing import Urgency

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
MAIL = Method(uuid4(), "email")
HOOK = Method(uuid4(), "webhook")
DEAD = Method(uuid4(), "email", enabled=False)
ANA, BO = uuid4(), uuid4()


def high(delay: timedelta, method: Method) -> Rule:
    return Rule(Urgency.HIGH, delay, method.id)


# plan

methods = st.lists(
    st.builds(Method, st.uuids(), st.just("email"), st.booleans()),
    max_size=4,
    unique_by=lambda m: m.id,
)


@st.composite
def rules_of(draw: st.DrawFn, known: list[Method]) -> list[Rule]:
    ids = [m.id for m in known] or [uuid4()]
    rule = st.builds(
        Rule,
        st.sampled_from(Urgency),
        st.timedeltas(timedelta(0), timedelta(hours=2)),
        st.sampled_from(ids),
    )
    return draw(st.lists(rule, max_size=6))


@given(st.data(), methods, st.sampled_from(Urgency))
def test_whoever_has_a_working_method_is_sent_something(
    data: st.DataObject, known: list[Method], urgency: Urgency
) -> None:
    planned = plan(known, data.draw(rules_of(known)), urgency, NOW)

    sent = [item for item in planned if item.skip is None]
    assert bool(sent) == any(method.enabled for method in known)
    assert all(item.method and item.method.enabled for item in sent)
    assert planned


@given(st.data(), methods, st.sampled_from(Urgency))
def test_nothing_is_sent_before_the_page_and_rules_keep_their_order(
    data: st.DataObject, known: list[Method], urgency: Urgency
) -> None:
    planned = plan(known, data.draw(rules_of(known)), urgency, NOW)

    ruled = [item.send_at for item in planned if item.send_at > NOW]
    assert all(item.send_at >= NOW for item in planned)
    assert ruled == sorted(ruled)


def test_rules_of_the_other_urgency_are_not_used() -> None:
    rules = [high(MINUTE, MAIL), Rule(Urgency.LOW, timedelta(0), HOOK.id)]

    assert plan([MAIL, HOOK], rules, Urgency.HIGH, NOW) == (
        Planned(MAIL, NOW + MINUTE),
    )


def test_the_next_way_takes_the_place_of_one_that_is_disabled() -> None:
    rules = [high(timedelta(0), DEAD), high(MINUTE, MAIL), high(2 * MINUTE, HOOK)]

    assert plan([DEAD, MAIL, HOOK], rules, Urgency.HIGH, NOW) == (
        Planned(DEAD, NOW, Skip.METHOD_DISABLED),
        Planned(MAIL, NOW),
        Planned(HOOK, NOW + 2 * MINUTE),
    )


def test_while_something_wakes_before_it_a_disabled_method_hastens_nothing() -> None:
    rules = [high(timedelta(0), HOOK), high(MINUTE, DEAD), high(2 * MINUTE, MAIL)]

    assert plan([DEAD, MAIL, HOOK], rules, Urgency.HIGH, NOW) == (
        Planned(HOOK, NOW),
        Planned(DEAD, NOW + MINUTE, Skip.METHOD_DISABLED),
        Planned(MAIL, NOW + 2 * MINUTE),
    )


def test_what_wakes_nobody_takes_nobodys_place() -> None:
    notice = Method(uuid4(), "in_app", wakes=False)
    rules = [high(timedelta(0), DEAD), high(MINUTE, notice), high(2 * MINUTE, MAIL)]

    assert plan([DEAD, notice, MAIL], rules, Urgency.HIGH, NOW) == (
        Planned(DEAD, NOW, Skip.METHOD_DISABLED),
        Planned(MAIL, NOW),
        Planned(notice, NOW + MINUTE),
    )


def test_when_no_rule_works_every_working_method_is_used_at_once() -> None:
    rules = [high(MINUTE, DEAD)]

    assert plan([DEAD, MAIL, HOOK], rules, Urgency.HIGH, NOW) == (
        Planned(DEAD, NOW + MINUTE, Skip.METHOD_DISABLED),
        Planned(MAIL, NOW),
        Planned(HOOK, NOW),
    )


def test_a_rule_of_a_method_that_is_gone_is_ignored() -> None:
    rules = [high(MINUTE, HOOK)]

    assert plan([MAIL], rules, Urgency.HIGH, NOW) == (Planned(MAIL, NOW),)


def test_nobody_without_a_contact_method_is_forgotten() -> None:
    assert plan([], [], Urgency.HIGH, NOW) == (
        Planned(None, NOW, Skip.NO_CONTACT_METHOD),
    )


# unwanted

TRIGGERED = Life(Incident.TRIGGERED)
TAKEN_BY_ANA = Life(Incident.ACKNOWLEDGED, acknowledged_at=NOW, acknowledged_by_id=ANA)
SNOOZED = Life(
    Incident.ACKNOWLEDGED, acknowledged_by_id=ANA, snoozed_until=NOW + MINUTE
)
SNOOZE_OVER = Life(Incident.TRIGGERED, snoozed_until=NOW)
OVER = Life(Incident.RESOLVED, resolved_at=NOW)
MERGED = Life(Incident.RESOLVED, resolved_at=NOW, merged_into_id=uuid4())


@pytest.mark.parametrize(
    ("kind", "life", "user", "expected"),
    [
        (Kind.PAGE, TRIGGERED, BO, None),
        (Kind.PAGE, SNOOZE_OVER, BO, None),
        (Kind.PAGE, TAKEN_BY_ANA, BO, Skip.ACKNOWLEDGED),
        (Kind.FALLBACK, TAKEN_BY_ANA, BO, Skip.ACKNOWLEDGED),
        (Kind.ADDED, TAKEN_BY_ANA, BO, None),
        (Kind.ADDED, TAKEN_BY_ANA, ANA, Skip.ACKNOWLEDGED),
        (Kind.PAGE, SNOOZED, BO, Skip.SNOOZED),
        (Kind.ADDED, SNOOZED, BO, Skip.SNOOZED),
        (Kind.PAGE, OVER, BO, Skip.RESOLVED),
        (Kind.ADDED, OVER, BO, Skip.RESOLVED),
        (Kind.PAGE, MERGED, BO, Skip.MERGED),
        (Kind.TEST, None, BO, None),
        (Kind.PAGE, None, BO, None),
    ],
)
def test_the_last_look_before_sending(
    kind: Kind, life: Life | None, user: UUID, expected: Skip | None
) -> None:
    situation = Situation(user_active=True, method_enabled=True, incident=life)

    assert unwanted(kind, user, situation, NOW) is expected


@pytest.mark.parametrize("kind", Kind)
def test_nothing_is_sent_to_who_has_left_or_to_a_disabled_address(kind: Kind) -> None:
    left = Situation(user_active=False, method_enabled=False, incident=TRIGGERED)
    off = Situation(user_active=True, method_enabled=False, incident=TRIGGERED)

    assert unwanted(kind, BO, left, NOW) is Skip.USER_DEACTIVATED
    assert unwanted(kind, BO, off, NOW) is Skip.METHOD_DISABLED


# fall_through


def tried(method: Method, status: Status, minutes: int = 0) -> Tried:
    return Tried(uuid4(), method.id, status, NOW + minutes * MINUTE)


def test_the_next_planned_message_goes_at_once() -> None:
    failed, later = tried(MAIL, Status.FAILED), tried(HOOK, Status.PLANNED, 5)
    latest = tried(DEAD, Status.PLANNED, 9)

    result = fall_through([latest, failed, later], [MAIL, HOOK])

    assert result == FallThrough(hasten=later.id)


@pytest.mark.parametrize("hope", [Status.ACCEPTED, Status.DELIVERED, Status.SENDING])
def test_nothing_is_hastened_while_another_message_may_arrive(hope: Status) -> None:
    items = [
        tried(MAIL, Status.FAILED),
        tried(HOOK, hope),
        tried(DEAD, Status.PLANNED, 5),
    ]

    assert fall_through(items, [MAIL, HOOK]) == FallThrough()


@pytest.mark.parametrize("lost", [Status.FAILED, Status.UNKNOWN, Status.SKIPPED])
def test_when_all_are_lost_the_methods_that_no_rule_names_are_used(
    lost: Status,
) -> None:
    result = fall_through([tried(MAIL, lost)], [MAIL, HOOK, DEAD])

    assert result == FallThrough(methods=(HOOK,))


def test_a_notice_in_the_web_app_is_no_hope() -> None:
    notice = Tried(uuid4(), DEAD.id, Status.DELIVERED, NOW, wakes=False)
    later = tried(HOOK, Status.PLANNED, 5)

    result = fall_through([tried(MAIL, Status.FAILED), notice, later], [MAIL, HOOK])

    assert result == FallThrough(hasten=later.id)


def test_a_planned_notice_goes_at_once_beside_methods_that_wake() -> None:
    notice = Tried(uuid4(), uuid4(), Status.PLANNED, NOW + MINUTE, wakes=False)

    result = fall_through([tried(MAIL, Status.FAILED), notice], [MAIL, HOOK])

    assert result == FallThrough(notice.id, (HOOK,))


# retry_at


def test_waiting_grows_threefold_from_five_seconds_and_then_ends() -> None:
    waits = [retry_at(n, None, NOW) for n in range(1, MAX_ATTEMPTS + 1)]

    assert waits == [
        NOW + timedelta(seconds=5),
        NOW + timedelta(seconds=15),
        NOW + timedelta(seconds=45),
        None,
    ]


@given(st.integers(1, MAX_ATTEMPTS - 1), st.integers(0, 10**6))
@example(1, 10**20)  # once raised, so that the page was sent again for ever
def test_what_the_provider_asks_for_is_honoured_up_to_a_limit(
    attempts: int, asked: int
) -> None:
    at = retry_at(attempts, asked, NOW)

    assert at is not None
    assert at >= NOW + timedelta(seconds=min(asked, 300))
    assert at <= NOW + LONGEST_RETRY


def test_a_message_whose_receipt_has_not_come_is_no_hope() -> None:
    later = tried(HOOK, Status.PLANNED, 5)
    missed = replace(tried(MAIL, Status.ACCEPTED), missed=True)

    assert fall_through([missed, later], [MAIL, HOOK]) == FallThrough(later.id)
    assert fall_through([missed], [MAIL, HOOK]) == FallThrough(methods=(HOOK,))


def test_a_message_that_is_tried_again_waits_for_its_turn_while_others_go() -> None:
    again = replace(tried(MAIL, Status.PLANNED, 1), retried=True)
    later = tried(HOOK, Status.PLANNED, 5)

    assert fall_through([again, later], [MAIL, HOOK]) == FallThrough(later.id)
    assert fall_through([again], [MAIL]) == FallThrough()


def test_where_nothing_is_left_that_wakes_the_person_is_stranded() -> None:
    notice = Method(uuid4(), "in_app", wakes=False)
    failed = tried(MAIL, Status.FAILED)
    told = replace(tried(notice, Status.DELIVERED), wakes=False)

    stranded = FallThrough(stranded=True)
    assert fall_through([failed], [MAIL, DEAD]) == stranded
    assert fall_through([failed, told], [MAIL, notice]) == stranded
    assert fall_through([failed], [MAIL, notice]) == replace(
        stranded, methods=(notice,)
    )


UNUSABLE = {
    Skip.METHOD_DISABLED: Method(uuid4(), "sms", enabled=False, set_up=False),
    Skip.CHANNEL_NOT_SET_UP: Method(uuid4(), "sms", set_up=False, verified=False),
    Skip.NOT_VERIFIED: Method(uuid4(), "sms", verified=False),
}


@pytest.mark.parametrize("reason", UNUSABLE)
def test_a_method_that_cannot_be_used_is_skipped_with_the_reason(reason: Skip) -> None:
    method = UNUSABLE[reason]

    planned = plan([method, MAIL], [high(MINUTE, method)], Urgency.HIGH, NOW)

    assert planned == (
        Planned(method, NOW + MINUTE, reason),
        Planned(MAIL, NOW),
    )


def test_only_a_code_goes_to_an_address_that_is_not_proven() -> None:
    unproven = Situation(
        user_active=True, method_enabled=True, incident=TRIGGERED, verified=False
    )
    not_set_up = replace(unproven, set_up=False, verified=True)

    assert unwanted(Kind.PAGE, ANA, unproven, NOW) is Skip.NOT_VERIFIED
    assert unwanted(Kind.CODE, ANA, replace(unproven, incident=None), NOW) is None
    assert unwanted(Kind.CODE, ANA, not_set_up, NOW) is Skip.CHANNEL_NOT_SET_UP
