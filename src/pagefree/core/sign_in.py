"""Signing in: what counts as proof, how often one may be wrong, how long things last."""

from datetime import datetime, timedelta
from enum import StrEnum

from pagefree.core.errors import NotConfirmed

FRESH = timedelta(minutes=5)  # so long somebody counts as the one who signed in
HALF_LIFE = timedelta(minutes=10)  # to give the second factor after the password
CHALLENGE_LIFE = timedelta(minutes=5)  # to answer with a passkey
LINK_LIFE = timedelta(minutes=10)
MOST_TRIES = 5  # wrong second factors, then the password is asked for again
MOST_PASSKEYS = 20
RECOVERY_CODES = 10
CLOCKS_APART_S = 60
STEP_S = 30  # https://www.rfc-editor.org/rfc/rfc6238 section 5.2
SKEW = 1  # steps that a phone's clock may be off
# after a failed try to send a link
WAITS = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=3))


class SignInWay(StrEnum):
    """How somebody signed in."""

    PASSWORD = "password"  # noqa: S105 -- the word, not one
    PASSKEY = "passkey"
    OIDC = "oidc"
    MAGIC_LINK = "magic_link"


class Factor(StrEnum):
    """What somebody gave after the first proof."""

    TOTP = "totp"
    PASSKEY = "passkey"
    RECOVERY_CODE = "recovery_code"


def require_fresh(confirmed_at: datetime | None, now: datetime) -> None:
    """Raise NotConfirmed unless the person has just proven again who they are."""
    if confirmed_at is None or not timedelta(0) <= now - confirmed_at <= FRESH:
        raise NotConfirmed("confirm that it is you: POST /v1/session/confirm")


def proven_anew(auth_time: object, now: datetime) -> bool:
    """Whether a provider that gives this `auth_time` has just asked who somebody is.

    Seconds since 1970, OpenID Connect Core 2; clocks may be a minute apart.
    """
    if not isinstance(auth_time, int):
        return False
    age_s = now.timestamp() - auth_time
    return -CLOCKS_APART_S <= age_s <= FRESH.total_seconds()


def owes_factor(
    required_from: datetime | None, *, has_one: bool, by_password: bool
) -> datetime | None:
    """From when on somebody needs a second factor that they lack; none: they owe nothing.

    `by_password`: something as weak lets them in. An identity provider or a passkey is
    proof enough.
    """
    return None if has_one or not by_password else required_from


def must_enrol(owed_from: datetime | None, now: datetime) -> bool:
    """Whether whoever signs in now may do nothing before they have set up a factor."""
    return owed_from is not None and now >= owed_from


def steps_taken(last_step: int | None, now: datetime) -> tuple[int, ...]:
    """The time steps whose codes count at `now`, the likeliest first.

    Each once: none that is not newer than `last_step`, the newest that was used.
    """
    step = int(now.timestamp()) // STEP_S
    near = (
        step,
        *(step + sign * off for off in range(1, SKEW + 1) for sign in (-1, 1)),
    )
    return tuple(one for one in near if last_step is None or one > last_step)


def send_again_at(tries: int, asked_at: datetime, now: datetime) -> datetime | None:
    """When to try again to send a link after `tries` failures; none: give up."""
    if tries > len(WAITS):
        return None
    again = now + WAITS[tries - 1]
    return again if again < asked_at + LINK_LIFE else None
