"""Who wanted more than the limits allow, for admins to see."""

from sqlalchemy import BigInteger, Column, Index, String, Table, UniqueConstraint

from pagefree.tables.metadata import id_column, instant, metadata

# One row an hour for each limit and subject, so that a flood adds no rows.
limit_violations = Table(
    "limit_violations",
    metadata,
    id_column(),
    Column("kind", String, nullable=False),  # the limit, e.g. ingest.key
    Column("subject", String, nullable=False),  # an address, or the id of what asked
    instant("hour"),
    Column("count", BigInteger, nullable=False),
    instant("first_at"),
    instant("last_at"),
    UniqueConstraint("kind", "subject", "hour"),
    Index(None, "hour"),
)
