"""Who may approve a runbook, what voids an approval, what may run."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefree.core.differences import Differing, differences
from pagefree.core.errors import Conflict, Forbidden
from pagefree.core.runbooks import (
    NEXT_STATES,
    Approval,
    RunClass,
    Version,
    VersionState,
    Why,
    approvals_needed,
    canonical,
    content_hash,
    is_approved,
    is_intact,
    moved,
    require_may_approve,
    why_not,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
ANA, BO, CY, DAN = (UUID(int=n) for n in range(1, 5))
CONTENT: Mapping[str, object] = {
    "name": "Restart",
    "path": "/restart",
    "timeout_s": 300,
}
HERE = ("connection", "fingerprint")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


def version(**changes: Any) -> Version:
    made = Version(
        CONTENT,
        content_hash(CONTENT),
        VersionState.APPROVED,
        RunClass.REMEDIATION,
        ANA,
        (ANA,),
    )
    return replace(made, **changes)


def yes(who: UUID = BO, **changes: Any) -> Approval:
    made = Approval(who, content_hash(CONTENT), NOW + 90 * DAY, dict([HERE]))
    return replace(made, **changes)


def verdict(
    one: Version, *approvals: Approval, entitled: tuple[UUID, ...] = (BO, CY, DAN)
) -> Why | None:
    return why_not(one, approvals, frozenset(entitled), HERE, NOW)


@given(st.dictionaries(st.text(max_size=4), JSON, max_size=4))
def test_the_order_of_names_changes_no_hash(content: dict[str, object]) -> None:
    turned = dict(reversed(content.items()))

    assert content_hash(turned) == content_hash(content)


@given(st.dictionaries(st.text(max_size=4), JSON, max_size=3), st.data())
def test_one_changed_byte_voids_the_approval(
    content: dict[str, object], data: st.DataObject
) -> None:
    content = {"name": "Restart", **content}
    approved = version(content=content, content_hash=content_hash(content))
    text = canonical(content)
    at = data.draw(st.integers(0, len(text) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda b: b != text[at]))
    other = text[:at] + bytes([byte]) + text[at + 1 :]
    name = data.draw(st.text(max_size=6).filter(lambda t: t != content["name"]))
    edited = {**content, "name": name}
    mine = yes(content_hash=approved.content_hash)

    assert other != text
    assert verdict(approved, mine) is None
    # behind our back, under the hash that was approved
    assert verdict(replace(approved, content=edited), mine) is Why.CHANGED
    # and under a hash of its own
    swapped = replace(approved, content=edited, content_hash=content_hash(edited))
    assert verdict(swapped, mine) is Why.CHANGED


def test_numbers_are_written_as_the_database_gives_them_back() -> None:
    assert canonical({"a": 1.0, "b": [2.5, (3.0,)]}) == b'{"a":1,"b":[2.5,[3]]}'
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"a": float("nan")})


@given(st.sampled_from([ANA, BO, CY, DAN]), st.sets(st.sampled_from([ANA, BO, CY])))
def test_nobody_approves_what_they_have_written(who: UUID, writers: set[UUID]) -> None:
    one = version(state=VersionState.IN_REVIEW, author_id=ANA, writer_ids=writers)

    if who in {ANA, *writers}:
        with pytest.raises(Forbidden):
            require_may_approve(one, who, (), one.content_hash)
    else:
        require_may_approve(one, who, (), one.content_hash)


@given(st.sets(st.sampled_from([ANA, BO])))
def test_a_writers_own_approval_never_counts_however_it_got_there(
    writers: set[UUID],
) -> None:
    one = version(author_id=ANA, writer_ids=writers)
    approvals = [yes(ANA), yes(BO)]

    assert is_approved(one, approvals, NOW) == (BO not in writers)


def test_only_what_is_in_review_as_it_was_shown_is_approved_once() -> None:
    one = version(state=VersionState.IN_REVIEW)

    with pytest.raises(Conflict, match="in review"):
        require_may_approve(version(), BO, (), one.content_hash)
    with pytest.raises(Conflict, match="shown"):
        require_may_approve(one, BO, (), "0" * 64)
    with pytest.raises(Conflict, match="shown"):
        require_may_approve(replace(one, content={}), BO, (), one.content_hash)
    with pytest.raises(Conflict, match="already"):
        require_may_approve(one, BO, [yes(BO)], one.content_hash)
    require_may_approve(one, BO, [yes(CY), yes(BO, revoked=True)], one.content_hash)


@pytest.mark.parametrize("run_class", list(RunClass))
def test_what_is_destructive_needs_two_people(run_class: RunClass) -> None:
    one = version(run_class=run_class)
    two = run_class is RunClass.DESTRUCTIVE

    assert approvals_needed(run_class) == (2 if two else 1)
    assert is_approved(one, [yes(BO)], NOW) is not two
    assert is_approved(one, [yes(BO), yes(CY)], NOW)
    assert verdict(one, yes(BO)) is (Why.TOO_FEW if two else None)
    assert verdict(one, yes(BO), yes(CY)) is None
    # the same person twice is one
    assert verdict(one, yes(BO), yes(BO)) is (Why.TOO_FEW if two else None)


@given(st.integers(-200, 200))
def test_an_approval_counts_until_the_instant_it_expires(days: int) -> None:
    expires_at = NOW + days * DAY

    found = verdict(version(), yes(expires_at=expires_at))

    assert found is (None if days > 0 else Why.EXPIRED)


def test_an_approval_that_was_taken_back_counts_no_more() -> None:
    assert verdict(version(), yes(revoked=True)) is Why.EXPIRED


def test_whoever_may_no_longer_approve_has_not_approved() -> None:
    assert verdict(version(), yes(BO), entitled=(CY,)) is Why.DEMOTED
    assert verdict(version(), yes(BO), entitled=()) is Why.DEMOTED


def test_a_connection_that_leads_elsewhere_voids_the_approval() -> None:
    elsewhere = yes(connections={HERE[0]: "another address"})

    assert verdict(version(), elsewhere) is Why.MOVED
    assert verdict(version(), yes(connections={})) is Why.MOVED


def test_nothing_runs_without_any_approval() -> None:
    assert verdict(version()) is Why.TOO_FEW


@pytest.mark.parametrize("state", list(VersionState))
def test_only_approved_versions_run(state: VersionState) -> None:
    expected = {
        VersionState.APPROVED: None,
        VersionState.DEPRECATED: Why.DEPRECATED,
    }

    found = verdict(version(state=state), yes())

    assert found is expected.get(state, Why.NOT_APPROVED)


@pytest.mark.parametrize(("state", "to"), list(product(VersionState, VersionState)))
def test_a_version_goes_its_way(state: VersionState, to: VersionState) -> None:
    if to in NEXT_STATES[state]:
        assert moved(state, to) is to
    else:
        with pytest.raises(Conflict, match="cannot become"):
            moved(state, to)


def test_nothing_leaves_the_end_of_a_version() -> None:
    assert NEXT_STATES[VersionState.DEPRECATED] == frozenset()


def test_what_is_stored_is_intact() -> None:
    assert is_intact(version())
    assert not is_intact(version(content_hash="0" * 64))


@given(JSON, JSON)
def test_differences_are_found_exactly_where_there_are_any(a: Any, b: Any) -> None:
    same = canonical({"": a}) == canonical({"": b})

    assert bool(differences({"x": a}, {"x": b})) != same or _only_missing(a, b)
    assert differences(a, a) == []


def _only_missing(a: object, b: object) -> bool:
    """A name whose value is null is not told from one that is missing."""
    return isinstance(a, dict) and isinstance(b, dict)


def test_an_approver_is_shown_every_place_that_differs() -> None:
    before = {"path": "/a", "limits": {"at_once": 1}, "safe": True}
    after = {"path": "/b", "limits": {"at_once": 1, "hour": 3}, "safe": 1}

    assert differences(before, after) == [
        Differing("limits.hour", None, 3),
        Differing("path", "/a", "/b"),
        Differing("safe", True, 1),
    ]
