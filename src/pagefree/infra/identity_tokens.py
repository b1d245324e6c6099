"""Signed tokens that say who sends a request (RFC 7519), as OpenID Connect issues them.

Only signatures whose verifying key is public, and of no use to make one: by default RS256.
"""

import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import jwt
from jwt.exceptions import (
    InvalidAudienceError,
    InvalidIssuerError,
    InvalidSignatureError,
    MissingRequiredClaimError,
    PyJWTError,
)

ALGORITHM = "RS256"
# what identity providers sign with; no secret that we share, and never none
ASYMMETRIC = frozenset(
    f"{family}{bits}" for family in ("RS", "PS", "ES") for bits in (256, 384, 512)
) | {"EdDSA"}
MOST_CHARACTERS = 16 * 1024
CLOCKS_DIFFER = timedelta(seconds=300)
SCHEME = "bearer"
ONLY_KEY = ""  # the number of a key that needs none (OpenID Connect Core 10.1)
NEEDED = ["aud", "exp", "iss"]
# a short key is an error, not a warning: RFC 7518 section 3.3 asks for 2048 bits
READER = jwt.PyJWT({"enforce_minimum_key_length": True})

Jwk = Mapping[str, object]  # RFC 7517
Claims = Mapping[str, object]
# of an issuer, and the number of a key; none if it publishes no such key
FindKey = Callable[[str, str], Awaitable[Jwk | None]]


class BadToken(Exception):
    """It proves nothing. The words say which check failed, never what the token holds."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Whose tokens are believed, and for whom they must be made."""

    issuer: str  # its OpenID configuration is below this address
    called: frozenset[str]  # what it calls itself in its tokens
    audiences: frozenset[str]
    algorithms: frozenset[str] = frozenset({ALGORITHM})
    names_key: bool = True  # else a token may leave out its key: the only one there is


async def verified_claims(
    authorization: str, expected: Expected, find_key: FindKey, now: datetime
) -> Claims:
    """What the token in an Authorization header says. Raises BadToken and what `find_key` does."""
    scheme, _, token = authorization.strip().partition(" ")
    token = token.strip()
    if scheme.lower() != SCHEME or not token:
        raise BadToken("there is no token")
    return await token_claims(token, expected, find_key, now)


async def token_claims(
    token: str, expected: Expected, find_key: FindKey, now: datetime
) -> Claims:
    """What a token says. Raises BadToken and what `find_key` does."""
    if len(token) > MOST_CHARACTERS:
        raise BadToken("the token is too long")
    algorithm, number = _signed_with(token, expected)
    key = await find_key(expected.issuer, number)
    # RFC 7517 section 4.4: a key may be for one algorithm only
    if key is None or key.get("alg", algorithm) != algorithm:
        raise BadToken("the token is not signed with a key of its issuer")
    claims = _claims(token, key, algorithm, expected)
    _check_times(claims, now)
    return claims


def _signed_with(token: str, expected: Expected) -> tuple[str, str]:
    """How and with which key it says it is signed; what it says counts for nothing else."""
    try:
        header = jwt.get_unverified_header(token)
    except (PyJWTError, ValueError, TypeError, RecursionError) as e:
        raise BadToken("this is not a token") from e
    algorithm, number = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in expected.algorithms:
        names = ", ".join(sorted(expected.algorithms))
        raise BadToken(f"the token is not signed with {names}")
    if number is None and not expected.names_key:
        return algorithm, ONLY_KEY
    if not isinstance(number, str) or not number:
        raise BadToken("the token does not say which key it is signed with")
    return algorithm, number


def _claims(token: str, key: Jwk, algorithm: str, expected: Expected) -> Claims:
    try:
        claims: Claims = READER.decode(
            token,
            jwt.PyJWK(dict(key), algorithm),
            [algorithm],
            {
                "require": NEEDED,
                # times are compared with our clock, below
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
            },
            audience=expected.audiences,
            issuer=expected.called,
        )
    except InvalidSignatureError as e:
        raise BadToken("the signature of the token is wrong") from e
    except InvalidAudienceError as e:
        raise BadToken("the token is for another audience") from e
    except InvalidIssuerError as e:
        raise BadToken("the token is of another issuer") from e
    except MissingRequiredClaimError as e:
        raise BadToken(f"the token does not say `{e.claim}`") from e
    except (PyJWTError, ValueError, TypeError, RecursionError) as e:
        raise BadToken("the token cannot be verified") from e
    return claims


def _check_times(claims: Claims, now: datetime) -> None:
    leeway, at = CLOCKS_DIFFER.total_seconds(), now.timestamp()
    if at >= _seconds(claims["exp"]) + leeway:
        raise BadToken("the token has expired")
    if at < _seconds(claims.get("nbf", 0)) - leeway:
        raise BadToken("the token is not valid yet")


def _seconds(value: object) -> float:
    if isinstance(value, int | float) and math.isfinite(value):
        return value
    raise BadToken("the times of the token are not numbers")
