"""Push subscriptions of Pub/Sub with authentication: a token of Google says who pushes.

As in "Authentication for push subscriptions" (cloud.google.com).
"""

from pagefree.core.verification import VERIFIED, Check, Verdict
from pagefree.infra.identity_tokens import BadToken, Claims, Expected, verified_claims
from pagefree.integrations.base import Finding, Inbound, Outside
from pagefree.integrations.google_cloud_monitoring.settings import Settings

ISSUER = "https://accounts.google.com"
CALLED = frozenset({ISSUER, "accounts.google.com"})


def issuer(settings: object) -> str:
    """Whose tokens prove who sends; "" if no service account is set."""
    told = isinstance(settings, Settings) and settings.service_account
    return ISSUER if told else ""


async def verify(inbound: Inbound, outside: Outside) -> Finding:
    """What the token is worth; without a service account in the settings none is looked at."""
    settings = inbound.settings
    if not isinstance(settings, Settings) or not settings.service_account:
        return Finding(Verdict(Check.UNSIGNED))
    audiences = frozenset({settings.audience} - {""})
    try:
        claims = await verified_claims(
            inbound.headers.get("authorization", ""),
            Expected(ISSUER, CALLED, audiences),
            outside.public_key,
            outside.now,
        )
        _check(claims, settings)
    except BadToken as e:
        return Finding(Verdict(Check.REJECTED, str(e)))
    return Finding(VERIFIED)


def _check(claims: Claims, settings: Settings) -> None:
    """Anybody has an account of Google's: the token must be of this one."""
    if claims.get("email") != settings.service_account:
        raise BadToken("the token is of another account")
    if claims.get("email_verified") is not True:
        raise BadToken("Google has not verified the address of the account")
