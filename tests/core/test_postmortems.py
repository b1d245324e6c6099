"""The life of a postmortem, its lock, its versions and its numbers."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from pagefree.core.errors import Conflict, Forbidden
from pagefree.core.postmortems import (
    LOCK,
    ONE_VERSION,
    IncidentFacts,
    Lock,
    Locked,
    Overtaken,
    PostmortemMove,
    PostmortemState,
    Saved,
    Standing,
    impact,
    live,
    may,
    moved,
    replaces,
    require_editable,
    require_newest,
    taken,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ANA, BO = UUID(int=1), UUID(int=2)
MINUTE = timedelta(minutes=1)
OBSERVER = Standing(writes=False, decides=False)
WRITER = Standing(writes=True, decides=False)
SUBMITTER = Standing(writes=True, decides=False, submitted_it=True)
ADMIN = Standing(writes=True, decides=True, submitted_it=True)


@pytest.mark.parametrize(
    ("before", "move", "after"),
    [
        (PostmortemState.DRAFT, PostmortemMove.SUBMIT, PostmortemState.IN_REVIEW),
        (PostmortemState.IN_REVIEW, PostmortemMove.RETURN, PostmortemState.DRAFT),
        (PostmortemState.IN_REVIEW, PostmortemMove.PUBLISH, PostmortemState.PUBLISHED),
        (PostmortemState.PUBLISHED, PostmortemMove.REOPEN, PostmortemState.DRAFT),
    ],
)
def test_it_goes_forward_and_back(
    before: PostmortemState, move: PostmortemMove, after: PostmortemState
) -> None:
    assert moved(before, move, ADMIN) is after


@pytest.mark.parametrize("move", list(PostmortemMove))
def test_no_move_works_from_a_state_that_it_is_not_for(move: PostmortemMove) -> None:
    states = [state for state in PostmortemState if _moves(state, move)]

    assert len(states) == 1


def _moves(state: PostmortemState, move: PostmortemMove) -> bool:
    try:
        moved(state, move, ADMIN)
    except Conflict:
        return False
    return True


@pytest.mark.parametrize(
    ("standing", "allowed"),
    [
        (OBSERVER, set()),
        (
            WRITER,
            {PostmortemMove.SUBMIT, PostmortemMove.RETURN, PostmortemMove.PUBLISH},
        ),
        (SUBMITTER, {PostmortemMove.SUBMIT, PostmortemMove.RETURN}),
        (ADMIN, set(PostmortemMove)),
    ],
    ids=["observer", "writer", "submitter", "admin"],
)
def test_who_may_do_what(standing: Standing, allowed: set[PostmortemMove]) -> None:
    assert {move for move in PostmortemMove if may(move, standing)} == allowed


def test_whoever_submitted_it_is_told_that_somebody_else_publishes() -> None:
    with pytest.raises(Forbidden, match="somebody else"):
        moved(PostmortemState.IN_REVIEW, PostmortemMove.PUBLISH, SUBMITTER)


def test_an_observer_is_refused() -> None:
    with pytest.raises(Forbidden, match="you may not"):
        moved(PostmortemState.DRAFT, PostmortemMove.SUBMIT, OBSERVER)


def test_what_is_published_is_not_written_any_more() -> None:
    require_editable(PostmortemState.IN_REVIEW)

    with pytest.raises(Conflict):
        require_editable(PostmortemState.PUBLISHED)


# -- the lock -------------------------------------------------------------------------


def test_a_lock_ends_when_nothing_is_saved_for_a_minute() -> None:
    lock = taken(None, ANA, NOW).lock

    assert live(lock, NOW + LOCK - timedelta(seconds=1)) == lock
    assert live(lock, NOW + LOCK) is None


def test_who_writes_keeps_the_lock_by_saving() -> None:
    first = taken(None, ANA, NOW).lock

    assert taken(first, ANA, NOW + MINUTE / 2).lock == Lock(
        ANA, NOW + MINUTE / 2 + LOCK
    )


def test_nobody_else_writes_meanwhile() -> None:
    with pytest.raises(Locked):
        taken(Lock(ANA, NOW + LOCK), BO, NOW)


def test_taking_over_names_who_has_lost_it() -> None:
    found = taken(Lock(ANA, NOW + LOCK), BO, NOW, take_over=True)

    assert (found.lock.holder_id, found.from_id) == (BO, ANA)


def test_what_has_ended_is_taken_from_nobody() -> None:
    assert taken(Lock(ANA, NOW), BO, NOW).from_id is None
    assert taken(Lock(ANA, NOW), BO, NOW, take_over=True).from_id is None


# -- versions -------------------------------------------------------------------------


def test_a_save_on_an_older_version_says_whose_came_between() -> None:
    require_newest(3, 3, "Bo")

    with pytest.raises(Overtaken, match="Bo has saved version 4 since version 3"):
        require_newest(3, 4, "Bo")


@pytest.mark.parametrize(
    ("newest", "one"),
    [
        (Saved(ANA, NOW - MINUTE, kept=False), True),
        (Saved(ANA, NOW - MINUTE, kept=True), False),
        (Saved(BO, NOW - MINUTE, kept=False), False),
        (Saved(ANA, NOW - ONE_VERSION, kept=False), False),
    ],
    ids=["own", "kept", "of another", "long ago"],
)
def test_saves_of_one_person_shortly_after_each_other_are_one_version(
    newest: Saved, *, one: bool
) -> None:
    assert replaces(newest, ANA, NOW) is one


# -- numbers --------------------------------------------------------------------------


def facts(opened: int, resolved: int | None, acknowledged: int | None) -> IncidentFacts:
    """In minutes after NOW."""

    def at(minutes: int | None) -> datetime | None:
        return None if minutes is None else NOW + minutes * MINUTE

    return IncidentFacts(NOW + opened * MINUTE, at(acknowledged), at(resolved), 2, 7)


def test_several_incidents_count_from_the_first_to_the_last() -> None:
    found = impact([facts(5, 30, 8), facts(0, 20, None)])

    assert found.started_at == NOW
    assert found.acknowledged_at == NOW + 8 * MINUTE
    assert found.duration == 30 * MINUTE
    assert (found.alerts, found.folded) == (4, 10)


def test_it_lasts_while_one_of_them_is_open() -> None:
    found = impact([facts(0, 20, 1), facts(5, None, 8)])

    assert found.resolved_at is None
    assert found.duration is None
