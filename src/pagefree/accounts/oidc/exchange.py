"""From the code that a browser brings back to what the provider says of a person."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest
from typing import Protocol
from urllib.parse import quote, urlencode

from pagefree.accounts.oidc.discovery import Configuration, Discovery
from pagefree.infra.http import Unreachable
from pagefree.infra.http_connection import Reply
from pagefree.infra.identity_tokens import (
    ASYMMETRIC,
    BadToken,
    Claims,
    Expected,
    token_claims,
)

FORM = "application/x-www-form-urlencoded"
OK = 200
SERVER_ERROR = 500


class Http(Protocol):
    """The way out."""

    async def get(self, url: str, headers: Mapping[str, str]) -> Reply:
        """Raises Unreachable."""

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Raises Unreachable."""


@dataclass(frozen=True, slots=True)
class Client:
    """Who we are at the provider."""

    id: str
    secret: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a browser brought back, and what only we know of it."""

    code: str = field(repr=False)
    verifier: str = field(repr=False)
    nonce: str = field(repr=False)
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a provider says of a person, verified."""

    claims: Claims
    id_token: str = field(repr=False)


async def redeem(
    http: Http,
    discovery: Discovery,
    configuration: Configuration,
    client: Client,
    grant: Grant,
    now: datetime,
) -> Said:
    """Exchange the code. Raises BadToken, and Unreachable while the provider is away."""
    answer = await _tokens(http, configuration, client, grant)
    id_token = answer.get("id_token")
    if not isinstance(id_token, str):
        raise BadToken("the provider sent no identity token")
    expected = Expected(
        configuration.issuer,
        frozenset({configuration.issuer}),
        frozenset({client.id}),
        ASYMMETRIC,
        names_key=False,
    )

    async def find_key(issuer: str, number: str) -> Mapping[str, object] | None:
        return await discovery.keys.find(issuer, number, now)

    claims = await token_claims(id_token, expected, find_key, now)
    _check(claims, client.id, grant.nonce)
    more = await _more(http, configuration, answer.get("access_token"), claims)
    # what was signed counts more than what was fetched
    return Said({**more, **claims}, id_token)


def _check(claims: Claims, client_id: str, nonce: str) -> None:
    """OpenID Connect Core 3.1.3.7."""
    said = claims.get("nonce")
    if not isinstance(said, str) or not compare_digest(said.encode(), nonce.encode()):
        raise BadToken("the token was made for another sign-in")
    audience, party = claims.get("aud"), claims.get("azp")
    several = isinstance(audience, list) and len(audience) > 1
    if (several or party is not None) and party != client_id:
        raise BadToken("the token was made for another client")
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise BadToken("the token does not say who signed in")


async def _tokens(
    http: Http, configuration: Configuration, client: Client, grant: Grant
) -> Mapping[str, object]:
    form = {
        "grant_type": "authorization_code",
        "code": grant.code,
        "redirect_uri": grant.redirect_uri,
        "code_verifier": grant.verifier,
    }
    headers = {"Content-Type": FORM, "Accept": "application/json"}
    if client.secret is not None and configuration.basic_auth:
        # RFC 6749 section 2.3.1: both parts are encoded first
        pair = f"{quote(client.id, safe='')}:{quote(client.secret, safe='')}"
        basic = base64.b64encode(pair.encode()).decode()
        headers["Authorization"] = f"Basic {basic}"
    else:
        form["client_id"] = client.id
        if client.secret is not None:
            form["client_secret"] = client.secret
    body = urlencode(form).encode()
    reply = await http.post(configuration.token_endpoint, body, headers)
    if reply.status >= SERVER_ERROR:
        raise Unreachable(sent=True)
    if reply.status != OK:
        raise BadToken(f"the provider refused the code (HTTP {reply.status})")
    return _object(reply)


async def _more(
    http: Http, configuration: Configuration, access_token: object, claims: Claims
) -> Mapping[str, object]:
    """What the token leaves to ask for; nothing if it says the address itself."""
    if claims.get("email") or not isinstance(access_token, str):
        return {}
    if configuration.userinfo_endpoint is None:
        return {}
    headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
    reply = await http.get(configuration.userinfo_endpoint, headers)
    said = _object(reply) if reply.status == OK else {}
    # OpenID Connect Core 5.3.2: else it may be about somebody else
    return said if said.get("sub") == claims["sub"] else {}


def _object(reply: Reply) -> Mapping[str, object]:
    try:
        tree = json.loads(reply.body)
    except (ValueError, RecursionError) as e:
        raise BadToken("the provider's answer is not JSON") from e
    if not isinstance(tree, dict):
        raise BadToken("the provider's answer is not an object")
    return tree
