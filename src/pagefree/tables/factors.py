"""What people prove themselves with beside a password, and sign-ins that are half done."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from pagefree.tables.metadata import id_column, instant, metadata, reference

# An authenticator app; it counts once a code of it was given back.
totp_factors = Table(
    "totp_factors",
    metadata,
    id_column(),
    reference("user_id", "users", cascade=True),
    Column("secret", LargeBinary, nullable=False),  # sealed
    Column("last_step", BigInteger),  # RFC 6238: the newest step whose code was taken
    instant("created_at"),
    instant("confirmed_at", nullable=True),
    instant("used_at", nullable=True),
    UniqueConstraint("user_id"),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    id_column(),
    reference("user_id", "users", cascade=True),
    Column("code_hash", LargeBinary, nullable=False),  # SHA-256 of 80 random bits
    instant("created_at"),
    instant("used_at", nullable=True),
    UniqueConstraint("user_id", "code_hash"),
)

passkeys = Table(
    "passkeys",
    metadata,
    id_column(),
    reference("user_id", "users", cascade=True),
    Column("name", String, nullable=False),
    Column("credential_id", LargeBinary, nullable=False, unique=True),
    Column("public_key", LargeBinary, nullable=False),  # COSE
    Column("sign_count", BigInteger, nullable=False, server_default="0"),
    Column("transports", ARRAY(String), nullable=False, server_default="{}"),
    # kept by a service of its maker, so that losing one device does not lose it
    Column("backed_up", Boolean, nullable=False, server_default=false()),
    instant("created_at"),
    instant("used_at", nullable=True),
    Index(None, "user_id"),
)

# What a passkey is to sign; the row goes with the first answer that counts.
passkey_challenges = Table(
    "passkey_challenges",
    metadata,
    id_column(),
    reference("user_id", "users", nullable=True, cascade=True),  # none: to sign in
    Column("purpose", String, nullable=False),
    Column("challenge", LargeBinary, nullable=False),
    instant("expires_at"),
    Index(None, "expires_at"),
)

# The password was right and a second factor is still to come; opens nothing else.
half_sessions = Table(
    "half_sessions",
    metadata,
    id_column(),
    Column("token_hash", LargeBinary, nullable=False, unique=True),  # SHA-256
    reference("user_id", "users", cascade=True),
    Column("signed_in_by", String, nullable=False),  # password | magic_link
    Column("tries", Integer, nullable=False, server_default="0"),
    instant("created_at"),
    instant("expires_at"),
    Index(None, "user_id"),
    Index(None, "expires_at"),
)

# Browsers that somebody has signed in with, to tell them of another one.
known_devices = Table(
    "known_devices",
    metadata,
    id_column(),
    reference("user_id", "users", cascade=True),
    Column("device_hash", LargeBinary, nullable=False),  # SHA-256 of the cookie's id
    instant("created_at"),
    instant("seen_at"),
    UniqueConstraint("user_id", "device_hash"),
)

# A link to sign in with, asked for by anybody; its token is made when it is sent.
sign_in_links = Table(
    "sign_in_links",
    metadata,
    id_column(),
    Column("email", String, nullable=False),
    reference("user_id", "users", nullable=True, cascade=True),  # none: not sent yet
    Column("browser_hash", LargeBinary, nullable=False),  # opens only there
    Column("token_hash", LargeBinary, unique=True),
    Column("address", String, nullable=False, server_default=""),
    Column("tries", Integer, nullable=False, server_default="0"),  # to send it
    Column("error", String),
    instant("created_at"),
    instant("due_at", nullable=True),  # to be sent; none: no more
    instant("sent_at", nullable=True),
    instant("expires_at", nullable=True),
    instant("used_at", nullable=True),
    Index(None, "created_at"),
    Index(
        "ix_sign_in_links_due_at",
        "due_at",
        postgresql_where=text("due_at IS NOT NULL"),
    ),
)

# How one signs in to this installation: one row, or none for what was always so.
sign_in_rules = Table(
    "sign_in_rules",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("magic_links", Boolean, nullable=False, server_default=false()),
    # from then on everybody needs a second factor; none: nobody does
    instant("second_factor_from", nullable=True),
    CheckConstraint("id = 1", "single"),
)
