"""Every statement on sessions and API keys."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, any_, delete, false, func, insert, or_, select, update

from pagefree.core.access import Actor, Credential, Role, Scope, unseen
from pagefree.core.sign_in import Factor, SignInWay
from pagefree.infra.db import Tx
from pagefree.infra.ids import new_id
from pagefree.tables.accounts import api_keys, memberships, sessions, teams, users
from pagefree.tables.factors import half_sessions


@dataclass(frozen=True, slots=True)
class PasswordHolder:
    """Who an e-mail address belongs to, and the hash their password must match."""

    user_id: UUID
    password_hash: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who presented a token, and when that token was last noted as used."""

    id: UUID  # of the session or key
    actor: Actor
    noted_at: datetime | None
    networks: tuple[str, ...] = ()  # whence it counts; none: from everywhere
    enrolling: bool = False  # opens nothing but the way to a second factor


@dataclass(frozen=True, slots=True)
class Proof:
    """By what somebody signed in, and what they gave after that."""

    way: SignInWay
    second: Factor | None = None
    enrolling: bool = False  # not enough: a second factor is to be set up first


@dataclass(frozen=True, slots=True)
class NewSession:
    """A sign-in from one browser."""

    user_id: UUID
    token_hash: bytes = field(repr=False)
    user_agent: str
    address: str
    expires_at: datetime
    proof: Proof


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that is signed in."""

    id: UUID
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    user_agent: str
    address: str
    signed_in_by: str | None  # none: before that was noted
    second_factor: str | None
    current: bool  # the one that asks


@dataclass(frozen=True, slots=True)
class NewApiKey:
    """What an API key is made of."""

    user_id: UUID
    name: str
    prefix: str
    token_hash: bytes = field(repr=False)
    scopes: frozenset[Scope]
    expires_at: datetime | None
    networks: tuple[str, ...] = ()  # whence it may be used; none: from everywhere


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key, without the key itself."""

    id: UUID
    name: str
    prefix: str
    scopes: Sequence[Scope]
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    networks: Sequence[str]


async def get_password_holder(tx: Tx, email: str) -> PasswordHolder | None:
    """None for unknown addresses and for deactivated people."""
    query = select(users.c.id, users.c.password_hash).where(
        users.c.email == email,
        users.c.deactivated_at.is_(None),
        ~users.c.service_account,
    )
    row = (await tx.execute(query)).one_or_none()
    return PasswordHolder(row.id, row.password_hash) if row else None


async def get_holder(tx: Tx, user_id: UUID) -> PasswordHolder | None:
    """None once the person is deactivated; unchanged until this transaction ends."""
    query = (
        select(users.c.id, users.c.password_hash)
        .where(users.c.id == user_id, users.c.deactivated_at.is_(None))
        .with_for_update(read=True)
    )
    row = (await tx.execute(query)).one_or_none()
    return PasswordHolder(row.id, row.password_hash) if row else None


async def still_holds(tx: Tx, holder: PasswordHolder) -> bool:
    """Whether nothing has changed; nothing can until this transaction ends."""
    query = (
        select(users.c.id)
        .where(
            users.c.id == holder.user_id,
            users.c.password_hash == holder.password_hash,
            users.c.deactivated_at.is_(None),
        )
        .with_for_update(read=True)
    )
    return await tx.scalar(query) is not None


async def get_password_hash(tx: Tx, user_id: UUID) -> str | None:
    """None if the person has no password."""
    return await tx.scalar(select(users.c.password_hash).where(users.c.id == user_id))


async def get_session_bearer(tx: Tx, token_hash: bytes, now: datetime) -> Bearer | None:
    """None once the session has ended or expired, or its user is deactivated."""
    query = (
        _actors()
        .add_columns(
            sessions.c.id.label("bearer_id"),
            sessions.c.seen_at.label("at"),
            sessions.c.enrolling,
        )
        .join(sessions, sessions.c.user_id == users.c.id)
        .where(sessions.c.token_hash == token_hash, sessions.c.expires_at > now)
    )
    return await _bearer(tx, query, frozenset(Scope))


async def get_key_bearer(tx: Tx, token_hash: bytes, now: datetime) -> Bearer | None:
    """None once the key has been revoked or expired, or its user is deactivated."""
    query = (
        _actors()
        .add_columns(
            api_keys.c.id.label("bearer_id"),
            api_keys.c.used_at.label("at"),
            api_keys.c.scopes,
            api_keys.c.networks,
            false().label("enrolling"),
        )
        .join(api_keys, api_keys.c.user_id == users.c.id)
        .where(
            api_keys.c.token_hash == token_hash,
            api_keys.c.revoked_at.is_(None),
            or_(api_keys.c.expires_at.is_(None), api_keys.c.expires_at > now),
        )
    )
    return await _bearer(tx, query, None)


async def insert_session(tx: Tx, new: NewSession, now: datetime) -> None:
    """Sign a browser in."""
    await tx.execute(
        insert(sessions).values(
            id=new_id(),
            user_id=new.user_id,
            token_hash=new.token_hash,
            user_agent=new.user_agent,
            address=new.address,
            created_at=now,
            seen_at=now,
            expires_at=new.expires_at,
            signed_in_by=new.proof.way,
            second_factor=new.proof.second,
            enrolling=new.proof.enrolling,
        )
    )


async def note_session(tx: Tx, session_id: UUID, now: datetime) -> None:
    """Set when it was last seen; not if another request is just doing so."""
    free = (
        select(sessions.c.id)
        .where(sessions.c.id == session_id)
        .with_for_update(skip_locked=True)
    )
    await tx.execute(
        update(sessions)
        .where(sessions.c.id == any_(func.array(free.scalar_subquery())))
        .values(seen_at=now)
    )


async def note_key(tx: Tx, key_id: UUID, now: datetime) -> None:
    """Set when it was last used; not if another request is just doing so."""
    free = (
        select(api_keys.c.id)
        .where(api_keys.c.id == key_id)
        .with_for_update(skip_locked=True)
    )
    await tx.execute(
        update(api_keys)
        .where(api_keys.c.id == any_(func.array(free.scalar_subquery())))
        .values(used_at=now)
    )


async def list_sessions(
    tx: Tx, user_id: UUID, current: bytes, now: datetime
) -> list[Session]:
    """Those that have not expired, last seen first; `current` is the asking one's hash."""
    query = (
        select(
            sessions.c.id,
            sessions.c.created_at,
            sessions.c.seen_at,
            sessions.c.expires_at,
            sessions.c.user_agent,
            sessions.c.address,
            sessions.c.signed_in_by,
            sessions.c.second_factor,
            (sessions.c.token_hash == current).label("current"),
        )
        .where(sessions.c.user_id == user_id, sessions.c.expires_at > now)
        .order_by(sessions.c.seen_at.desc(), sessions.c.id.desc())
    )
    return [Session(**row) for row in (await tx.execute(query)).mappings()]


async def list_live_sessions(tx: Tx, ids: Collection[UUID], now: datetime) -> set[UUID]:
    """Those of `ids` that still count."""
    query = (
        select(sessions.c.id)
        .join(users, users.c.id == sessions.c.user_id)
        .where(
            sessions.c.id.in_(ids),
            sessions.c.expires_at > now,
            users.c.deactivated_at.is_(None),
        )
    )
    return set(await tx.scalars(query))


async def delete_sessions(
    tx: Tx, user_id: UUID, except_hash: bytes | None = None
) -> None:
    """All of a person's, or all but the one with this token hash."""
    query = delete(sessions).where(sessions.c.user_id == user_id)
    if except_hash is not None:
        query = query.where(sessions.c.token_hash != except_hash)
    await tx.execute(query)
    # what is half done is older than what ended the others
    await tx.execute(delete(half_sessions).where(half_sessions.c.user_id == user_id))


async def delete_session(tx: Tx, user_id: UUID, session_id: UUID) -> bool:
    """False if the person has no such session."""
    query = delete(sessions).where(
        sessions.c.user_id == user_id, sessions.c.id == session_id
    )
    return (await tx.execute(query)).rowcount > 0


async def delete_session_of_token(tx: Tx, token_hash: bytes) -> bool:
    """False if there is none."""
    query = delete(sessions).where(sessions.c.token_hash == token_hash)
    return (await tx.execute(query)).rowcount > 0


async def delete_expired_sessions(tx: Tx, now: datetime) -> None:
    """Forget sessions that have expired."""
    await tx.execute(delete(sessions).where(sessions.c.expires_at <= now))


async def insert_api_key(tx: Tx, new: NewApiKey, now: datetime) -> UUID:
    """The id of the new key."""
    key_id = new_id()
    await tx.execute(
        insert(api_keys).values(
            id=key_id,
            user_id=new.user_id,
            name=new.name,
            prefix=new.prefix,
            token_hash=new.token_hash,
            scopes=[scope.value for scope in Scope if scope in new.scopes],
            created_at=now,
            expires_at=new.expires_at,
            networks=list(new.networks),
        )
    )
    return key_id


async def list_api_keys(tx: Tx, user_id: UUID) -> list[ApiKey]:
    """Those that have not been revoked, newest first."""
    query = (
        select(
            api_keys.c.id,
            api_keys.c.name,
            api_keys.c.prefix,
            api_keys.c.scopes,
            api_keys.c.created_at,
            api_keys.c.expires_at,
            api_keys.c.used_at,
            api_keys.c.networks,
        )
        .where(api_keys.c.user_id == user_id, api_keys.c.revoked_at.is_(None))
        .order_by(api_keys.c.id.desc())
    )
    return [ApiKey(**row) for row in (await tx.execute(query)).mappings()]


async def revoke_api_keys(
    tx: Tx, user_id: UUID, now: datetime, *, key_id: UUID | None = None
) -> bool:
    """All of a person's, or one of them; false if there was nothing to revoke."""
    query = update(api_keys).where(
        api_keys.c.user_id == user_id, api_keys.c.revoked_at.is_(None)
    )
    if key_id is not None:
        query = query.where(api_keys.c.id == key_id)
    return (await tx.execute(query.values(revoked_at=now))).rowcount > 0


async def get_actor(tx: Tx, user_id: UUID) -> Actor | None:
    """An active person with everything that access depends on."""
    rows = (await tx.execute(_actors().where(users.c.id == user_id))).all()
    if not rows:
        return None
    first = rows[0]
    roles = {row.team_id: Role(row.role) for row in rows if row.team_id}
    return Actor(
        first.id,
        first.name,
        first.platform_admin,
        roles,
        hidden=unseen(roles, first.hidden, platform_admin=first.platform_admin),
    )


def _actors() -> Select[tuple[object, ...]]:
    """One row a membership, or one without: everything that access depends on."""
    return (
        select(
            users.c.id,
            users.c.name,
            users.c.platform_admin,
            users.c.service_account,
            memberships.c.team_id,
            memberships.c.role,
            func.array(
                select(teams.c.id).where(teams.c.hidden).scalar_subquery()
            ).label("hidden"),
        )
        .outerjoin(memberships, memberships.c.user_id == users.c.id)
        .where(users.c.deactivated_at.is_(None))
    )


async def _bearer(
    tx: Tx, query: Select[tuple[object, ...]], scopes: frozenset[Scope] | None
) -> Bearer | None:
    rows = (await tx.execute(query)).all()
    if not rows:
        return None
    first = rows[0]
    networks = tuple(first.networks) if scopes is None else ()
    roles = {row.team_id: Role(row.role) for row in rows if row.team_id}
    actor = Actor(
        user_id=first.id,
        name=first.name,
        platform_admin=first.platform_admin,
        roles=roles,
        scopes=frozenset(map(Scope, first.scopes)) if scopes is None else scopes,
        credential=Credential(
            "api_key" if scopes is None else "session",
            first.bearer_id,
            bound=bool(networks),
        ),
        kind="service_account" if first.service_account else "user",
        hidden=unseen(roles, first.hidden, platform_admin=first.platform_admin),
    )
    return Bearer(first.bearer_id, actor, first.at, networks, first.enrolling)
