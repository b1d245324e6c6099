"""To a provider and back: the authorization code flow with PKCE (RFC 6749, RFC 7636)."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.accounts.oidc import attempt_queries, queries
from pagefree.accounts.oidc.attempt_queries import Attempt
from pagefree.accounts.oidc.claims import Profile, profile
from pagefree.accounts.oidc.discovery import Configuration, Discovery, Misconfigured
from pagefree.accounts.oidc.exchange import Client, Grant, Http, redeem
from pagefree.accounts.oidc.people import Problem, Refused
from pagefree.accounts.oidc.queries import Provider
from pagefree.core.errors import NotFound, Unavailable
from pagefree.core.sign_in import proven_anew
from pagefree.infra.crypto import Unsealable, Vault, new_token, token_hash
from pagefree.infra.db import Tx, transaction
from pagefree.infra.http import Unreachable
from pagefree.infra.identity_tokens import BadToken

LIFE = timedelta(minutes=10)  # to type a password and look for the phone
LONGEST_NEXT = 2_000
HOME = "/incidents"
# OpenID Connect Core 3.1.2.1: the provider asks for the password, or whatever it asks for
ANEW = {"prompt": "login", "max_age": "0"}
VERIFIER_BYTES = 48  # 64 letters; RFC 7636 section 4.1 asks for 43 to 128


@dataclass(frozen=True, slots=True)
class Way:
    """How this installation talks to providers."""

    engine: AsyncEngine
    http: Http
    discovery: Discovery
    vault: Vault
    base_url: str

    def redirect_uri(self, provider_id: UUID) -> str:
        """Where a provider sends browsers back to; one each, so that answers are not mixed up."""
        return f"{self.base_url}/v1/sign-in/providers/{provider_id}/callback"


@dataclass(frozen=True, slots=True)
class Returned:
    """What a browser brings back."""

    provider_id: UUID
    query: Mapping[str, str] = field(repr=False)
    browser: str | None = field(repr=False)  # its cookie


@dataclass(frozen=True, slots=True)
class Proven:
    """Who it is, as the provider has proven."""

    provider: Provider
    profile: Profile
    id_token: str = field(repr=False)
    next: str
    session_id: UUID | None = None  # whose holder has proven it anew


def secret_purpose(provider_id: UUID) -> str:
    """What a provider's client secret is sealed for."""
    return f"identity provider {provider_id}"


def own_address(asked: str) -> str:
    """Where in the web app to go on: never to another site."""
    if (
        not asked.startswith("/")
        or len(asked) > LONGEST_NEXT
        or not asked.isprintable()
    ):
        return HOME
    if asked[1:2] in {"/", "\\"} or urlsplit(asked).netloc:
        return HOME
    return asked


async def begin(
    way: Way,
    provider_id: UUID,
    browser: str,
    asked: str,
    now: datetime,
    *,
    session_id: UUID | None = None,
) -> str:
    """Where to send the browser. Raises NotFound, and Unavailable if the provider is away.

    `session_id`: who is signed in there is to prove it anew; none: somebody signs in.
    """
    async with transaction(way.engine) as tx:
        provider = await _enabled(tx, provider_id)
    if provider is None:
        raise NotFound("nobody signs in there")
    try:
        configuration = await way.discovery.find(provider.issuer, now)
    except (Unreachable, Misconfigured) as e:
        raise Unavailable(f"{provider.name} does not answer as it should") from e
    state, nonce = new_token(), new_token()
    verifier = new_token(random_bytes=VERIFIER_BYTES)
    attempt = Attempt(
        provider.id,
        token_hash(state),
        token_hash(browser),
        nonce,
        way.vault.seal(verifier.encode(), _verifier_purpose(state)),
        own_address(asked),
        now + LIFE,
        session_id,
    )
    async with transaction(way.engine) as tx:
        await attempt_queries.insert_attempt(tx, attempt, now)
    query = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": way.redirect_uri(provider.id),
        "scope": " ".join(provider.scopes),
        "state": state,
        "nonce": nonce,
        "code_challenge": _challenge(verifier),
        "code_challenge_method": "S256",
        **(ANEW if session_id else {}),
    }
    address = configuration.authorization_endpoint
    return address + ("&" if urlsplit(address).query else "?") + urlencode(query)


async def finish(way: Way, returned: Returned, now: datetime) -> Proven:
    """Who came back. Raises Refused. No transaction is open while the provider is asked."""
    state = returned.query.get("state", "")
    async with transaction(way.engine) as tx:
        # taken before anything is looked at: it counts once, whatever comes of it
        attempt = await attempt_queries.take_attempt(tx, token_hash(state))
        provider = await _enabled(tx, returned.provider_id)
    if attempt is None or provider is None or now >= attempt.expires_at:
        raise Refused(Problem.EXPIRED, "no such sign-in is under way")
    _require_same(attempt, returned)
    try:
        configuration = await way.discovery.find(provider.issuer, now)
        code = _code(returned.query, configuration)
        grant = Grant(
            code,
            way.vault.open(attempt.verifier, _verifier_purpose(state)).decode(),
            attempt.nonce,
            way.redirect_uri(provider.id),
        )
        client = Client(provider.client_id, _secret(way.vault, provider))
        said = await redeem(way.http, way.discovery, configuration, client, grant, now)
    except (Unreachable, Misconfigured) as e:
        raise Refused(Problem.UNREACHABLE, str(e)) from e
    except (BadToken, Unsealable) as e:
        raise Refused(Problem.UNTRUSTED, str(e)) from e
    found = profile(said.claims, provider.group_claim)
    if attempt.session_id and not proven_anew(said.claims.get("auth_time"), now):
        raise Refused(Problem.UNTRUSTED, "the provider did not ask who it is")
    return Proven(provider, found, said.id_token, attempt.next, attempt.session_id)


async def _enabled(tx: Tx, provider_id: UUID) -> Provider | None:
    provider = await queries.get_provider(tx, provider_id)
    return provider if provider and provider.enabled else None


def _require_same(attempt: Attempt, returned: Returned) -> None:
    browser = token_hash(returned.browser or "")
    if not compare_digest(browser, attempt.browser_hash):
        raise Refused(Problem.EXPIRED, "it began in another browser")
    if attempt.provider_id != returned.provider_id:
        raise Refused(Problem.UNTRUSTED, "it began at another provider")


def _code(query: Mapping[str, str], configuration: Configuration) -> str:
    """The code, if it is from whom we asked (RFC 9207)."""
    issuer = query.get("iss")
    if issuer is None and configuration.names_itself:
        raise Refused(Problem.UNTRUSTED, "the answer does not say whose it is")
    if issuer is not None and issuer != configuration.issuer:
        raise Refused(Problem.UNTRUSTED, "the answer is of another issuer")
    if "error" in query:
        raise Refused(Problem.CANCELLED, f"the provider says {query['error'][:100]!r}")
    if not query.get("code"):
        raise Refused(Problem.UNTRUSTED, "the answer has no code")
    return query["code"]


def _secret(vault: Vault, provider: Provider) -> str | None:
    if provider.client_secret is None:
        return None
    return vault.open(provider.client_secret, secret_purpose(provider.id)).decode()


def _verifier_purpose(state: str) -> str:
    return f"sign-in {token_hash(state).hex()}"


def _challenge(verifier: str) -> str:
    digest = sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
