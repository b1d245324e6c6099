"""People, teams, how people sign in and how they are reached."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from pagefree.tables.metadata import id_column, instant, metadata, reference

users = Table(
    "users",
    metadata,
    id_column(),
    Column("email", String, nullable=False, unique=True),  # lower case
    Column("name", String, nullable=False),
    Column("password_hash", String),  # argon2id; none: cannot sign in with a password
    Column("platform_admin", Boolean, nullable=False, server_default=false()),
    # not a person: programs use its keys, nobody signs in as it and nobody pages it
    Column("service_account", Boolean, nullable=False, server_default=false()),
    Column("time_zone", String, nullable=False, server_default="UTC"),
    Column("pronounced", String),  # how a voice says the name; none: as it is written
    # the identity provider whose groups made them a platform admin; none: an admin did
    Column(
        "admin_by_provider_id",
        Uuid,
        ForeignKey("identity_providers.id", ondelete="SET NULL"),
    ),
    # says that they are away, until then; their calendars say so besides
    instant("away_from", nullable=True),
    instant("away_until", nullable=True),
    instant("factor_reminded_at", nullable=True),  # an admin asked for a second factor
    instant("created_at"),
    instant("deactivated_at", nullable=True),
    Index(None, "admin_by_provider_id"),
)

teams = Table(
    "teams",
    metadata,
    id_column(),
    Column("name", String, nullable=False, unique=True),
    Column("description", String, nullable=False, server_default=""),
    # what it has is seen by its people and platform admins alone
    Column("hidden", Boolean, nullable=False, server_default=false()),
    instant("created_at"),
)

memberships = Table(
    "memberships",
    metadata,
    id_column(),
    reference("team_id", "teams", cascade=True),
    reference("user_id", "users", cascade=True),
    Column("role", String, nullable=False),  # team_admin | responder | observer
    # the identity provider whose groups put them there; none: somebody did by hand
    Column(
        "provider_id",
        Uuid,
        ForeignKey("identity_providers.id", ondelete="SET NULL"),
    ),
    UniqueConstraint("team_id", "user_id"),
    Index(None, "provider_id"),
    Index(None, "user_id"),
)

sessions = Table(
    "sessions",
    metadata,
    id_column(),
    Column("token_hash", LargeBinary, nullable=False, unique=True),  # SHA-256
    reference("user_id", "users", cascade=True),
    Column("user_agent", String, nullable=False, server_default=""),
    Column("address", String, nullable=False, server_default=""),
    instant("created_at"),
    instant("seen_at"),
    instant("expires_at"),
    # who is signed in has proven it again, e.g. by the password
    instant("confirmed_at", nullable=True),
    # password | passkey | oidc | magic_link; none: before that was noted
    Column("signed_in_by", String),
    Column("second_factor", String),  # totp | passkey | recovery_code
    # opens nothing but the way to a second factor, until there is one
    Column("enrolling", Boolean, nullable=False, server_default=false()),
    Index(None, "user_id"),
)

api_keys = Table(
    "api_keys",
    metadata,
    id_column(),
    reference("user_id", "users", cascade=True),
    Column("name", String, nullable=False),
    Column("prefix", String, nullable=False),  # first characters, to tell keys apart
    Column("token_hash", LargeBinary, nullable=False, unique=True),  # SHA-256
    Column("scopes", ARRAY(String), nullable=False),  # read | write | admin
    # whence it may be used (CIDR); empty: from everywhere
    Column("networks", ARRAY(String), nullable=False, server_default=text("'{}'")),
    instant("created_at"),
    instant("expires_at", nullable=True),
    instant("used_at", nullable=True),
    instant("revoked_at", nullable=True),
    Index(None, "user_id"),
)

contact_methods = Table(
    "contact_methods",
    metadata,
    id_column(),
    # a person's, or a room of a team: never both
    reference("user_id", "users", nullable=True, cascade=True),
    reference("team_id", "teams", nullable=True, cascade=True),
    Column("channel", String, nullable=False),  # folder name in channels/
    Column("label", String, nullable=False),
    Column("address", JSONB, nullable=False),  # validated by the channel's Address
    Column("secret", LargeBinary),  # sealed; e.g. the signing secret of a webhook
    instant("created_at"),
    instant("disabled_at", nullable=True),
    Column("disabled_reason", String),
    # the sender of replies from there; none: replies cannot come from there
    Column("identity", String),
    instant("unverified_since", nullable=True),  # whose it is has yet to be proven
    instant("proven_at", nullable=True),  # something is known to have arrived there
    CheckConstraint("num_nonnulls(user_id, team_id) = 1", "one_owner"),
    Index(None, "user_id"),
    Index(None, "channel", "identity"),
    Index(
        "uq_contact_methods_room",
        "team_id",
        "label",
        unique=True,
        postgresql_where=text("team_id IS NOT NULL"),
    ),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    id_column(),
    Column("principal", String, nullable=False),
    Column("key", String, nullable=False),
    Column(
        "fingerprint", LargeBinary, nullable=False
    ),  # SHA-256 of method, path and body
    Column("status", String),  # none while the first request is still running
    Column("response", LargeBinary),
    instant("created_at"),
    UniqueConstraint("principal", "key"),
    Index(None, "created_at"),
)

process_beats = Table(
    "process_beats",
    metadata,
    Column("name", String, primary_key=True),  # kind:host:pid
    Column("kind", String, nullable=False),  # web | worker
    Column(
        "version", String, nullable=False, server_default=""
    ),  # "": of before it told
    # what it has counted, and the certificates it has met: infra/told_figures.py
    Column("figures", JSONB, nullable=False, server_default="{}"),
    instant("started_at"),
    instant("beat_at"),
)
