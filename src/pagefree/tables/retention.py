"""How long what is not kept for ever is kept."""

from sqlalchemy import CheckConstraint, Column, Integer, SmallInteger, Table

from pagefree.tables.metadata import instant, metadata

# One row; none: nobody has changed anything.
retention_settings = Table(
    "retention_settings",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    # none: for ever
    Column("raw_request_days", Integer, server_default="30"),
    Column("notification_days", Integer),
    instant("updated_at", nullable=True),
    CheckConstraint("id = 1", name="one_row"),
)
