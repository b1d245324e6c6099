"""Who may break glass, who may confirm it, and what it then lets run."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from pagefree.core.errors import Conflict, Forbidden, PageFreeError
from pagefree.core.runbook_emergencies import (
    Emergency,
    allows,
    require_may_ask,
    require_may_confirm,
    require_may_review,
)
from pagefree.core.runbooks import RunClass, Version, VersionState, content_hash

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANA, BO, CY, DAN = (UUID(int=n) for n in range(1, 5))  # Ana has written it
CONTENT = {"name": "Restart", "path": "/restart"}
HASH = content_hash(CONTENT)
HERE = ("connection", "fingerprint")


def version(**changes: Any) -> Version:
    made = Version(CONTENT, HASH, VersionState.DRAFT, RunClass.REMEDIATION, ANA, (ANA,))
    return replace(made, **changes)


def asked(**changes: Any) -> Emergency:
    made = Emergency(HASH, dict([HERE]), UUID(int=9), BO, None, NOW + HOUR)
    return replace(made, **changes)


def broken(**changes: Any) -> Emergency:
    return asked(confirmed_by_id=CY, **changes)


def test_whoever_has_written_a_version_may_ask_for_it() -> None:
    require_may_ask(version(), ANA, HASH)
    require_may_ask(version(), BO, HASH)


@pytest.mark.parametrize(
    ("changes", "shown", "error"),
    [
        ({"run_class": RunClass.DESTRUCTIVE}, HASH, Forbidden),
        ({"state": VersionState.DEPRECATED}, HASH, Conflict),
        ({}, "something else", Conflict),
        ({"content": {"name": "Delete"}}, HASH, Conflict),
    ],
)
def test_what_may_not_even_be_asked_for(
    changes: dict[str, Any], shown: str, error: type[PageFreeError]
) -> None:
    with pytest.raises(error):
        require_may_ask(version(**changes), ANA, shown)


def test_a_second_person_confirms_it_in_time() -> None:
    require_may_confirm(version(), asked(), CY, HASH, NOW)


@pytest.mark.parametrize(
    ("emergency", "who", "now", "error"),
    [
        (asked(content_hash="another"), CY, NOW, Conflict),
        (broken(), DAN, NOW, Conflict),
        (asked(), CY, NOW + HOUR, Conflict),
        (asked(), BO, NOW, Forbidden),
        (asked(), ANA, NOW, Forbidden),
    ],
)
def test_nobody_confirms_alone_too_late_or_what_they_have_written(
    emergency: Emergency, who: UUID, now: datetime, error: type[PageFreeError]
) -> None:
    with pytest.raises(error):
        require_may_confirm(version(), emergency, who, HASH, now)


def test_it_is_reviewed_once_by_somebody_else() -> None:
    require_may_review(broken(), DAN)
    for emergency, who, error in (
        (asked(), DAN, Conflict),
        (broken(reviewed_at=NOW), DAN, Conflict),
        (broken(), BO, Forbidden),
        (broken(), CY, Forbidden),
    ):
        with pytest.raises(error):
            require_may_review(emergency, who)


def test_confirmed_it_lets_run_what_was_shown_where_it_was_shown() -> None:
    assert allows(broken(), version(), frozenset({BO, CY}), HERE, NOW)


@pytest.mark.parametrize(
    "differ",
    [
        lambda: allows(asked(), version(), frozenset({BO, CY}), HERE, NOW),
        lambda: allows(broken(), version(), frozenset({BO}), HERE, NOW),
        lambda: allows(broken(), version(), frozenset({CY}), HERE, NOW),
        lambda: allows(broken(), version(), frozenset({BO, CY}), HERE, NOW + HOUR),
        lambda: allows(
            broken(), version(), frozenset({BO, CY}), ("connection", "new"), NOW
        ),
        lambda: allows(
            broken(), version(writer_ids=(ANA, CY)), frozenset({BO, CY}), HERE, NOW
        ),
        lambda: allows(
            broken(content_hash="another"), version(), frozenset({BO, CY}), HERE, NOW
        ),
        lambda: allows(
            broken(),
            version(content={"name": "Delete"}),
            frozenset({BO, CY}),
            HERE,
            NOW,
        ),
        lambda: allows(
            broken(),
            version(state=VersionState.DEPRECATED),
            frozenset({BO, CY}),
            HERE,
            NOW,
        ),
    ],
)
def test_one_difference_and_it_lets_nothing_run(differ: Callable[[], bool]) -> None:
    assert not differ()
