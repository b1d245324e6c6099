"""What past incidents were like, counted once: statistics read these, never the hot tables.

Rows are written when an incident is over, and again when it was re-opened and is over again.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Uuid,
)

from pagefree.tables.metadata import instant, metadata

incident_facts = Table(
    "incident_facts",
    metadata,
    Column("incident_id", Uuid, primary_key=True),
    Column("service_id", Uuid, nullable=False),
    Column("team_id", Uuid, nullable=False),
    Column("urgency", String, nullable=False),  # high | low
    instant("opened_at"),
    # the first time; giving it back later changes nothing
    instant("acknowledged_at", nullable=True),
    instant("resolved_at"),
    Column("reopened", SmallInteger, nullable=False),  # how often
    # the highest step that paged anybody, from 1; 0: nobody was paged
    Column("steps", SmallInteger, nullable=False),
    Column("gave_up", Boolean, nullable=False),  # nobody answered until the last step
    Column("merged", Boolean, nullable=False),  # a part of another one: counts nowhere
    Column("alerts", Integer, nullable=False),
    Column("events", Integer, nullable=False),  # those that were folded, too
    Index(None, "opened_at"),
    Index(None, "resolved_at"),
)

# Of an incident, what kept reporting: one row for each dedup key.
alert_facts = Table(
    "alert_facts",
    metadata,
    Column("incident_id", Uuid, primary_key=True),
    Column("dedup_key", String(collation="C"), primary_key=True),
    Column("service_id", Uuid, nullable=False),
    Column("team_id", Uuid, nullable=False),
    Column("title", String, nullable=False),  # of the newest
    instant("opened_at"),  # the incident's
    Column("alerts", Integer, nullable=False),
    Column("events", Integer, nullable=False),
    # of the incident: a million rows are counted without looking it up
    Column("urgency", String, nullable=False),
    Column("answered", Boolean, nullable=False),
    Index(None, "opened_at"),
)

# A person was called away from something: one row for each step of an incident.
interruptions = Table(
    "interruptions",
    metadata,
    Column("incident_id", Uuid, primary_key=True),
    Column("user_id", Uuid, primary_key=True),
    Column("cause", String, primary_key=True),  # "step 2"
    Column("team_id", Uuid, nullable=False),
    Column("service_id", Uuid, nullable=False),
    Column("urgency", String, nullable=False),
    instant("at"),
    Index(None, "at"),
)
