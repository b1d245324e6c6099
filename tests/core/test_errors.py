import pytest

from pagefree.core import errors
from pagefree.core.errors import DeliveryError, PageFreeError, TooManyRequests

# Public API: clients branch on them.
CODES = {
    errors.PageFreeError: ("error", 400),
    errors.Invalid: ("invalid", 422),
    errors.NotSignedIn: ("not_signed_in", 401),
    errors.Forbidden: ("forbidden", 403),
    errors.NotConfirmed: ("not_confirmed", 403),
    errors.FactorNeeded: ("second_factor_needed", 403),
    errors.NotFound: ("not_found", 404),
    errors.Conflict: ("conflict", 409),
    errors.TooManyRequests: ("too_many_requests", 429),
    errors.Unavailable: ("unavailable", 503),
    errors.DeliveryError: ("delivery_failed", 502),
}


def test_every_error_is_listed_here() -> None:
    defined = {
        thing
        for thing in vars(errors).values()
        if isinstance(thing, type) and issubclass(thing, PageFreeError)
    }

    assert defined == set(CODES)


@pytest.mark.parametrize("kind", CODES)
def test_codes_and_statuses_never_change(kind: type[PageFreeError]) -> None:
    assert (kind.code, kind.status) == CODES[kind]


def test_codes_are_distinct() -> None:
    codes = [code for code, _ in CODES.values()]

    assert len(set(codes)) == len(codes)


def test_too_many_requests_says_for_how_long_to_slow_down() -> None:
    error = TooManyRequests("slow down", retry_after_s=30)

    assert (str(error), error.retry_after_s) == ("slow down", 30)


def test_a_delivery_error_says_whether_trying_again_can_help() -> None:
    lost = DeliveryError("no such mailbox", permanent=True)
    broken = DeliveryError("reset", permanent=False, unknown=True, retry_after_s=5)

    assert (str(lost), lost.permanent, lost.unknown) == ("no such mailbox", True, False)
    assert (broken.permanent, broken.unknown, broken.retry_after_s) == (False, True, 5)
