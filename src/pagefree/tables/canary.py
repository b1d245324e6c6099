"""The synthetic event that goes all the way every minute, and how its flights ended."""

from sqlalchemy import Column, Float, LargeBinary, String, Table

from pagefree.tables.metadata import id_column, instant, metadata

# One row: whoever moves `due_at` on flies, so that there is one flight a minute.
canary = Table(
    "canary",
    metadata,
    Column("name", String, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),  # its routing key
    instant("due_at"),
)

canary_runs = Table(
    "canary_runs",
    metadata,
    id_column(),
    instant("started_at"),
    Column("seconds", Float, nullable=False),  # of the whole loop
    Column("why", String),  # it failed; none: it came back
)
