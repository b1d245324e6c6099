"""Who wanted more than the limits allow, for admins to see."""

from sqlalchemy import BigInteger, Column, Index, String, Table

from pagefree.tables.metadata import INSTANT, instant, metadata

# One row an hour for each limit and subject, so that a flood adds no rows.
limit_violations = Table(
    "limit_violations",
    metadata,
    Column("kind", String, primary_key=True),  # the limit, e.g. ingest.key
    Column("subject", String, primary_key=True),  # an address, or the id of what asked
    Column("hour", INSTANT, primary_key=True),
    Column("count", BigInteger, nullable=False),
    instant("first_at"),
    instant("last_at"),
    Index(None, "hour"),
)
