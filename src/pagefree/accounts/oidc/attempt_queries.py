"""Every statement on sign-ins under way, and on the providers' part of sessions."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.accounts import sessions
from pagefree.tables.sign_in import identities, provider_sessions, sign_in_attempts


@dataclass(frozen=True, slots=True)
class Attempt:
    """A browser that is at a provider and is expected back."""

    provider_id: UUID
    state_hash: bytes = field(repr=False)
    browser_hash: bytes = field(repr=False)
    nonce: str = field(repr=False)
    verifier: bytes = field(repr=False)  # sealed
    next: str
    expires_at: datetime
    session_id: UUID | None = None  # whose holder proves it anew; none: a sign-in


@dataclass(frozen=True, slots=True)
class ProviderSession:
    """The sign-in at a provider that a session came from."""

    provider_id: UUID
    id_token: bytes = field(repr=False)  # sealed


async def insert_attempt(tx: Tx, attempt: Attempt, now: datetime) -> None:
    """Expect a browser; those that never came are forgotten."""
    old = sign_in_attempts.c.expires_at <= now
    await tx.execute(delete(sign_in_attempts).where(old))
    await tx.execute(
        insert(sign_in_attempts).values(
            id=new_id(),
            provider_id=attempt.provider_id,
            state_hash=attempt.state_hash,
            browser_hash=attempt.browser_hash,
            nonce=attempt.nonce,
            verifier=attempt.verifier,
            next=attempt.next,
            session_id=attempt.session_id,
            expires_at=attempt.expires_at,
        )
    )


async def take_attempt(tx: Tx, state_hash: bytes) -> Attempt | None:
    """The attempt with this state, which is over with that: of two who take it one gets none."""
    query = (
        delete(sign_in_attempts)
        .where(sign_in_attempts.c.state_hash == state_hash)
        .returning(
            sign_in_attempts.c.provider_id,
            sign_in_attempts.c.state_hash,
            sign_in_attempts.c.browser_hash,
            sign_in_attempts.c.nonce,
            sign_in_attempts.c.verifier,
            sign_in_attempts.c.next,
            sign_in_attempts.c.expires_at,
            sign_in_attempts.c.session_id,
        )
    )
    row = (await tx.execute(query)).mappings().one_or_none()
    return Attempt(**row) if row else None


async def insert_provider_session(
    tx: Tx, token_hash: bytes, provider_id: UUID, id_token: bytes
) -> None:
    """Note where the session with this token hash came from."""
    mine = select(sessions.c.id).where(sessions.c.token_hash == token_hash)
    await tx.execute(
        insert(provider_sessions).values(
            session_id=mine.scalar_subquery(),
            provider_id=provider_id,
            id_token=id_token,
        )
    )


async def get_provider_session(tx: Tx, token_hash: bytes) -> ProviderSession | None:
    """None: the session came from no provider, or there is none."""
    query = (
        select(provider_sessions.c.provider_id, provider_sessions.c.id_token)
        .join(sessions, sessions.c.id == provider_sessions.c.session_id)
        .where(sessions.c.token_hash == token_hash)
    )
    row = (await tx.execute(query)).mappings().one_or_none()
    return ProviderSession(**row) if row else None


async def confirm_session(
    tx: Tx, session_id: UUID, issuer: str, subject: str, now: datetime
) -> bool:
    """Its holder has proven anew who they are; false if this subject is somebody else."""
    same = select(identities.c.id).where(
        identities.c.user_id == sessions.c.user_id,
        identities.c.issuer == issuer,
        identities.c.subject == subject,
    )
    query = update(sessions).where(sessions.c.id == session_id, same.exists())
    return (await tx.execute(query.values(confirmed_at=now))).rowcount > 0
