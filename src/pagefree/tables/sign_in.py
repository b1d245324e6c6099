"""How people come from outside: identity providers, provisioning (SCIM) and invitations."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    false,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from pagefree.tables.metadata import id_column, instant, metadata, reference

NO_TEXTS = text("'{}'")

identity_providers = Table(
    "identity_providers",
    metadata,
    id_column(),
    Column("name", String, nullable=False, unique=True),  # on the button
    Column("issuer", String, nullable=False),  # its configuration is below this address
    Column("client_id", String, nullable=False),
    Column("client_secret", LargeBinary),  # sealed; none: a public client
    Column("scopes", ARRAY(String), nullable=False),
    Column("group_claim", String, nullable=False, server_default="groups"),
    Column("admin_groups", ARRAY(String), nullable=False, server_default=NO_TEXTS),
    Column("email_domains", ARRAY(String), nullable=False, server_default=NO_TEXTS),
    Column("creates_users", Boolean, nullable=False, server_default=true()),
    # an e-mail address that it says is verified is that of the person who has it here
    Column("links_by_email", Boolean, nullable=False, server_default=false()),
    Column("enabled", Boolean, nullable=False, server_default=true()),
    instant("created_at"),
)

group_mappings = Table(
    "group_mappings",
    metadata,
    id_column(),
    reference("provider_id", "identity_providers", cascade=True),
    Column("group_name", String, nullable=False),
    reference("team_id", "teams", cascade=True),
    Column("role", String, nullable=False),  # team_admin | responder | observer
    UniqueConstraint("provider_id", "group_name", "team_id"),
    Index(None, "team_id"),
)

# Who somebody is at an issuer. The address that it gives for them may go to another person.
identities = Table(
    "identities",
    metadata,
    id_column(),
    reference("user_id", "users", cascade=True),
    reference("provider_id", "identity_providers", cascade=True),  # the latest one
    Column("issuer", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("email", String, nullable=False, server_default=""),
    Column("groups", ARRAY(String), nullable=False, server_default=NO_TEXTS),
    instant("created_at"),
    instant("used_at", nullable=True),
    UniqueConstraint("issuer", "subject"),
    Index(None, "user_id"),
    Index(None, "provider_id"),
)

# A browser that was sent to a provider and is expected back, once.
sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    id_column(),
    reference("provider_id", "identity_providers", cascade=True),
    Column("state_hash", LargeBinary, nullable=False, unique=True),  # SHA-256
    Column("browser_hash", LargeBinary, nullable=False),  # SHA-256 of its cookie
    Column("nonce", String, nullable=False),
    Column("verifier", LargeBinary, nullable=False),  # sealed; RFC 7636
    Column("next", String, nullable=False),  # where in the web app to go on
    # who is signed in there is to prove it anew; none: somebody signs in
    Column("session_id", Uuid, ForeignKey("sessions.id", ondelete="CASCADE")),
    instant("expires_at"),
    Index(None, "provider_id"),
    Index(None, "session_id"),
    Index(None, "expires_at"),
)

# What it takes to end the provider's session together with ours.
provider_sessions = Table(
    "provider_sessions",
    metadata,
    Column(
        "session_id",
        Uuid,
        ForeignKey("sessions.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    reference("provider_id", "identity_providers", cascade=True),
    Column("id_token", LargeBinary, nullable=False),  # sealed
    Index(None, "provider_id"),
)

sign_in_settings = Table(
    "sign_in_settings",
    metadata,
    Column("id", Integer, primary_key=True),  # always 1
    # nobody but platform admins signs in with a password
    Column("only_providers", Boolean, nullable=False, server_default=false()),
    instant("changed_at"),
    CheckConstraint("id = 1", "one_row"),
)

scim_tokens = Table(
    "scim_tokens",
    metadata,
    id_column(),
    reference("provider_id", "identity_providers", cascade=True),
    Column("name", String, nullable=False),
    Column("prefix", String, nullable=False),  # first characters, to tell them apart
    Column("token_hash", LargeBinary, nullable=False, unique=True),  # SHA-256
    Column("created_by_id", Uuid, ForeignKey("users.id", ondelete="SET NULL")),
    instant("created_at"),
    instant("used_at", nullable=True),
    instant("revoked_at", nullable=True),
    Index(None, "provider_id"),
    Index(None, "created_by_id"),
)

# What a provider knows of people whom it provisions.
provisioned_users = Table(
    "provisioned_users",
    metadata,
    Column(
        "user_id", Uuid, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    ),
    reference("provider_id", "identity_providers", cascade=True),
    Column("user_name", String, nullable=False),  # unique whatever its case, RFC 7643
    Column("external_id", String),
    Column("attributes", JSONB, nullable=False),  # as sent: kept to be given back
    instant("created_at"),
    instant("changed_at"),
    Index(
        "uq_provisioned_users_name",
        "provider_id",
        text("lower(user_name)"),
        unique=True,
    ),
)

provisioned_groups = Table(
    "provisioned_groups",
    metadata,
    id_column(),
    reference("provider_id", "identity_providers", cascade=True),
    Column("name", String, nullable=False),
    Column("external_id", String),
    instant("created_at"),
    instant("changed_at"),
    UniqueConstraint("provider_id", "name"),
)

provisioned_group_members = Table(
    "provisioned_group_members",
    metadata,
    reference("group_id", "provisioned_groups", cascade=True),
    reference("user_id", "users", cascade=True),
    PrimaryKeyConstraint("group_id", "user_id"),
    Index(None, "user_id"),
)

invitations = Table(
    "invitations",
    metadata,
    id_column(),
    Column("email", String, nullable=False),  # lower case
    reference("team_id", "teams", cascade=True),
    Column("role", String, nullable=False),  # team_admin | responder | observer
    Column("token_hash", LargeBinary, nullable=False, unique=True),  # SHA-256
    Column("round", Integer, nullable=False, server_default=text("1")),  # times sent
    Column("invited_by_id", Uuid, ForeignKey("users.id", ondelete="SET NULL")),
    instant("created_at"),
    instant("expires_at"),
    instant("due_at", nullable=True),  # the mail is still to be sent
    instant("sent_at", nullable=True),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("error", String),  # why the mail could not be sent
    instant("accepted_at", nullable=True),
    instant("revoked_at", nullable=True),
    Column(
        "user_id", Uuid, ForeignKey("users.id", ondelete="SET NULL")
    ),  # who accepted
    Index(None, "team_id"),
    Index(None, "invited_by_id"),
    Index(None, "user_id"),
    Index("ix_invitations_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    Index(
        "uq_invitations_open",
        "email",
        "team_id",
        unique=True,
        postgresql_where=text("accepted_at IS NULL AND revoked_at IS NULL"),
    ),
)
