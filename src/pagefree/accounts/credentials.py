"""Signing in and out, and the keys that programs use."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pagefree.accounts import credential_queries as queries
from pagefree.accounts import tokens
from pagefree.accounts.credential_queries import (
    ApiKey,
    Bearer,
    NewApiKey,
    NewSession,
    PasswordHolder,
    Proof,
    Session,
)
from pagefree.accounts.networks import tidy_network, within
from pagefree.core.access import Actor, Can, Person, Scope, covers, require_about
from pagefree.core.errors import Forbidden, Invalid, NotFound, NotSignedIn
from pagefree.core.sign_in import SignInWay
from pagefree.infra.crypto import new_token, token_hash
from pagefree.infra.db import Channel, Tx, notify

NOTED_EVERY = timedelta(minutes=1)  # a write a request would cost more than it tells
USER_AGENT_LIMIT = 300
LONGEST_KEY_LIFE = timedelta(days=3653)
BY_PASSWORD = Proof(SignInWay.PASSWORD)


@dataclass(frozen=True, slots=True)
class Browser:
    """Where somebody signs in from."""

    user_agent: str
    address: str


@dataclass(frozen=True, slots=True)
class AskedApiKey:
    """The key that somebody wants."""

    name: str
    scopes: frozenset[Scope]
    expires_at: datetime | None
    networks: tuple[str, ...] = ()  # CIDR; none: it counts from everywhere


async def password_holder(tx: Tx, email: str) -> PasswordHolder | None:
    """Who may sign in with this address; none if nobody may."""
    return await queries.get_password_holder(tx, email.lower())


async def holder_of(tx: Tx, user_id: UUID) -> PasswordHolder | None:
    """The same for who has proven otherwise who they are; unchanged until the end of `tx`."""
    return await queries.get_holder(tx, user_id)


async def password_hash(tx: Tx, user_id: UUID) -> str | None:
    """What a person's password must match; none if they have no password."""
    return await queries.get_password_hash(tx, user_id)


async def start_session(
    tx: Tx,
    holder: PasswordHolder,
    browser: Browser,
    lasts: timedelta,
    now: datetime,
    *,
    proof: Proof = BY_PASSWORD,
) -> str:
    """Sign a browser in; returns its token, of which only the hash is kept.

    Raises NotSignedIn if the password was changed, or its holder deactivated, while it
    was being checked.
    """
    if not await queries.still_holds(tx, holder):
        raise NotSignedIn("the password has just been changed")
    token = new_token()
    new = NewSession(
        user_id=holder.user_id,
        token_hash=token_hash(token),
        user_agent=browser.user_agent[:USER_AGENT_LIMIT].replace("\0", ""),
        address=browser.address,
        expires_at=now + lasts,
        proof=proof,
    )
    await queries.insert_session(tx, new, now)
    return token


async def session_bearer(tx: Tx, token: str, now: datetime) -> Bearer | None:
    """Who this session belongs to, if it has not ended."""
    bearer = await queries.get_session_bearer(tx, token_hash(token), now)
    if bearer and _is_old(bearer, now):
        await queries.note_session(tx, bearer.id, now)
    return bearer


async def key_bearer(tx: Tx, key: str, address: str, now: datetime) -> Bearer | None:
    """Who this API key belongs to, if it is one and counts now and from this address."""
    if not tokens.is_api_key(key):
        return None
    bearer = await queries.get_key_bearer(tx, token_hash(key), now)
    if bearer and not within(address, bearer.networks):
        return None
    if bearer and _is_old(bearer, now):
        await queries.note_key(tx, bearer.id, now)
    return bearer


async def live_sessions(tx: Tx, ids: Collection[UUID], now: datetime) -> set[UUID]:
    """Those of `ids` that have neither ended nor expired."""
    return await queries.list_live_sessions(tx, ids, now)


async def forget_expired_sessions(tx: Tx, now: datetime) -> None:
    """Delete what can no longer be used to sign in."""
    await queries.delete_expired_sessions(tx, now)


async def list_sessions(
    tx: Tx, actor: Actor, token: str, now: datetime
) -> list[Session]:
    """Where the actor is signed in; `token` marks the browser that asks."""
    _require_own_account(actor)
    return await queries.list_sessions(tx, actor.user_id, token_hash(token), now)


async def end_session(tx: Tx, actor: Actor, session_id: UUID) -> None:
    """Sign one of the actor's browsers out."""
    _require_own_account(actor)
    if not await queries.delete_session(tx, actor.user_id, session_id):
        raise NotFound("you have no such session")
    await notify(tx, Channel.SESSIONS)


async def end_session_of_token(tx: Tx, token: str) -> None:
    """Sign this browser out, if it is signed in."""
    if await queries.delete_session_of_token(tx, token_hash(token)):
        await notify(tx, Channel.SESSIONS)


async def end_sessions(tx: Tx, user_id: UUID, except_token: str | None = None) -> None:
    """Sign a person out everywhere, or everywhere else."""
    kept = token_hash(except_token) if except_token else None
    await queries.delete_sessions(tx, user_id, kept)
    await notify(tx, Channel.SESSIONS)


async def end_other_sessions(tx: Tx, actor: Actor, token: str) -> None:
    """Sign every browser of the actor's out but the one with `token`."""
    _require_own_account(actor)
    await end_sessions(tx, actor.user_id, token)


async def end_all_access(tx: Tx, user_id: UUID, now: datetime) -> None:
    """Sign a person out everywhere and revoke their keys."""
    await end_sessions(tx, user_id)
    await queries.revoke_api_keys(tx, user_id, now)


async def list_api_keys(tx: Tx, actor: Actor) -> list[ApiKey]:
    """The actor's keys, newest first."""
    _require_own_account(actor)
    return await queries.list_api_keys(tx, actor.user_id)


async def create_api_key(
    tx: Tx, actor: Actor, asked: AskedApiKey, now: datetime
) -> tuple[ApiKey, str]:
    """A new key and its description; a key cannot make one that may do more."""
    _require_own_account(actor)
    if not all(covers(actor.scopes, scope) for scope in asked.scopes):
        raise Forbidden("a key cannot make a key that may do more than itself")
    if actor.kind != "user" or (actor.credential and actor.credential.bound):
        raise Forbidden("a key of a program, or of some addresses only, makes no other")
    return await add_api_key(tx, actor.user_id, asked, now)


async def add_api_key(
    tx: Tx, user_id: UUID, asked: AskedApiKey, now: datetime
) -> tuple[ApiKey, str]:
    """A new key of a person or a service account, whoever asks, and its description."""
    if asked.expires_at and not now < asked.expires_at <= now + LONGEST_KEY_LIFE:
        raise Invalid("a key expires between now and ten years from now, or never")
    token = tokens.new_api_key()
    new = NewApiKey(
        user_id=user_id,
        name=asked.name,
        prefix=tokens.shown_prefix(token),
        token_hash=token_hash(token),
        scopes=asked.scopes,
        expires_at=asked.expires_at,
        networks=tuple(map(tidy_network, asked.networks)),
    )
    key_id = await queries.insert_api_key(tx, new, now)
    keys = await queries.list_api_keys(tx, user_id)
    return next(key for key in keys if key.id == key_id), token


async def revoke_api_key(tx: Tx, actor: Actor, key_id: UUID, now: datetime) -> None:
    """The key counts no more. Revoking twice is not an error."""
    _require_own_account(actor)
    await queries.revoke_api_keys(tx, actor.user_id, now, key_id=key_id)


def _require_own_account(actor: Actor) -> None:
    require_about(actor, Can.OWN_ACCOUNT, Person(actor.user_id))


def _is_old(bearer: Bearer, now: datetime) -> bool:
    return bearer.noted_at is None or now - bearer.noted_at >= NOTED_EVERY
