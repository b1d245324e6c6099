"""What past incidents were like, counted once: statistics read these, never the hot tables.

Rows are written when an incident is over, and again when it was re-opened and is over again.
Below them: which figures are sent to people by mail, and when.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    Uuid,
)

from pagefree.tables.metadata import id_column, instant, metadata, reference

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

# Figures that people get by mail every week or month.
mailed_reports = Table(
    "mailed_reports",
    metadata,
    id_column(),
    reference("team_id", "teams", nullable=True, cascade=True),  # none: of everything
    Column("name", String, nullable=False),
    Column("rhythm", String, nullable=False),  # weekly | monthly
    Column("day", SmallInteger, nullable=False),  # ISO weekday, or day of the month
    Column("hour", SmallInteger, nullable=False),  # of the wall clock, 0 to 23
    Column("time_zone", String, nullable=False),
    Column("created_by_id", Uuid, ForeignKey("users.id", ondelete="SET NULL")),
    instant("created_at"),
    instant("updated_at"),
    instant("due_at"),  # when its next mails are planned
    Column(
        "planned_until", Date
    ),  # the day on which the period ended that was planned last
    Index(None, "due_at"),
    Index(None, "team_id"),
    Index(None, "created_by_id"),
)

report_readers = Table(
    "report_readers",
    metadata,
    id_column(),
    reference("report_id", "mailed_reports", cascade=True),
    reference("user_id", "users", cascade=True),
    UniqueConstraint("report_id", "user_id"),
    Index(None, "user_id"),
)

# A mail that is to leave: it stays until what came of it is known.
report_mails = Table(
    "report_mails",
    metadata,
    id_column(),
    reference("report_id", "mailed_reports", cascade=True),
    reference("user_id", "users", cascade=True),
    instant("end_at"),  # of the period that it tells of
    instant("due_at"),  # or the end of a lease, or the next try
    Column("tries", SmallInteger, nullable=False, server_default="0"),
    UniqueConstraint("report_id", "user_id", "end_at"),
    Index(None, "due_at"),
    Index(None, "user_id"),
)
