"""Secure webhooks of action groups: a token of Microsoft Entra ID says who sends.

As in "Configure authentication for Secure webhook" (learn.microsoft.com); tokens as in
"Access tokens in the Microsoft identity platform", versions 1.0 and 2.0.
"""

import re

from pagefree.core.verification import VERIFIED, Check, Verdict
from pagefree.infra.identity_tokens import BadToken, Claims, Expected, verified_claims
from pagefree.integrations.azure_monitor.settings import GUID, Settings
from pagefree.integrations.base import Finding, Inbound, Outside

# by cloud: what issues tokens of version 2.0, and how version 1.0 calls it
ISSUERS = {
    "Azure": ("https://login.microsoftonline.com", "https://sts.windows.net"),
    "Azure Government": ("https://login.microsoftonline.us", "https://sts.windows.net"),
    "Azure China": (
        "https://login.partner.microsoftonline.cn",
        "https://sts.chinacloudapi.cn",
    ),
}
SCHEME = "api://"
APPLICATION = re.compile(GUID)


def issuer(settings: object) -> str:
    """Whose tokens prove who sends; "" if no directory is set."""
    if not isinstance(settings, Settings) or not settings.directory_id:
        return ""
    return f"{ISSUERS[settings.cloud][0]}/{settings.directory_id.lower()}/v2.0"


async def verify(inbound: Inbound, outside: Outside) -> Finding:
    """What the token is worth; without a directory in the settings none is looked at."""
    settings = inbound.settings
    if not isinstance(settings, Settings) or not settings.directory_id:
        return Finding(Verdict(Check.UNSIGNED))
    directory = settings.directory_id.lower()
    expected = Expected(
        issuer(settings),
        frozenset({issuer(settings), f"{ISSUERS[settings.cloud][1]}/{directory}/"}),
        _audiences(settings.audience),
    )
    try:
        claims = await verified_claims(
            inbound.headers.get("authorization", ""),
            expected,
            outside.public_key,
            outside.now,
        )
        _check(claims, settings)
    except BadToken as e:
        return Finding(Verdict(Check.REJECTED, str(e)))
    return Finding(VERIFIED)


def _audiences(told: str) -> frozenset[str]:
    """One application has two names: its id, and the URI that is made of it."""
    bare = told.removeprefix(SCHEME)
    both = {bare, SCHEME + bare} if APPLICATION.fullmatch(bare) else {told}
    return frozenset(both - {""})


def _check(claims: Claims, settings: Settings) -> None:
    if claims.get("tid") != settings.directory_id.lower():
        raise BadToken("the token is of another directory")
    caller = claims.get("azp") or claims.get("appid")  # versions 2.0 and 1.0
    if caller != settings.caller.lower():
        raise BadToken("the token was made for another caller")
    roles = claims.get("roles")
    if settings.role and not (isinstance(roles, list) and settings.role in roles):
        raise BadToken("the caller does not have the role")
