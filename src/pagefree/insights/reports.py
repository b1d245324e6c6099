"""Every report: what its columns are, what they mean, and where its rows come from."""

from dataclasses import dataclass
from enum import StrEnum

from pagefree.insights import statements


class Unit(StrEnum):
    """How a column is to be read."""

    TEXT = "text"
    ID = "id"  # of what the column before it names
    DAY = "day"  # ISO 8601 date
    COUNT = "count"
    SECONDS = "seconds"
    HOURS = "hours"
    SHARE = "share"  # of 1


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a report."""

    key: str  # also of the row that the statement gives
    title: str
    unit: Unit
    meaning: str = ""  # one sentence; none where the title says it


@dataclass(frozen=True, slots=True)
class Report:
    """A table that answers one question."""

    key: str
    title: str
    question: str  # that it answers, in one sentence
    columns: tuple[Column, ...]
    statement: str | None  # none: it is not read by one statement


def _count(key: str, title: str, meaning: str = "") -> Column:
    return Column(key, title, Unit.COUNT, meaning)


def _seconds(key: str, title: str, meaning: str = "") -> Column:
    return Column(key, title, Unit.SECONDS, meaning)


def _share(key: str, title: str, meaning: str = "") -> Column:
    return Column(key, title, Unit.SHARE, meaning)


def _named(key: str, title: str) -> tuple[Column, Column]:
    return Column(key, title, Unit.TEXT), Column(f"{key}_id", f"{title} id", Unit.ID)


INCIDENTS = _count(
    "incidents", "Incidents", "Opened in the window; merged ones count as one."
)
HIGH = _count("high_urgency", "High urgency")
ESCALATED = _share(
    "escalated", "Escalated", "Of all incidents: a second step had to be paged."
)
TIMES = (
    _seconds(
        "ack_mean_s",
        "MTTA",
        "Mean time from opening to the first acknowledgement, of those acknowledged.",
    ),
    _seconds("ack_median_s", "Median to acknowledge"),
    _seconds(
        "fix_mean_s",
        "MTTR",
        "Mean time from opening to the last resolution, of those resolved.",
    ),
    _seconds("fix_median_s", "Median to resolve"),
)
EVENTS = _count("events", "Events", "That sources sent, repetitions included.")
ALERTS = _count("alerts", "Alerts", "Conditions that events were folded into.")

SUMMARY = Report(
    "summary",
    "In short",
    "How many incidents were there, and how quickly were they answered and over?",
    (
        INCIDENTS,
        HIGH,
        _count("acknowledged", "Acknowledged", "By somebody, at least once."),
        _count("resolved", "Resolved", "And not opened again since."),
        *TIMES,
        _seconds("ack_p95_s", "95 % acknowledged within"),
        _seconds("fix_p95_s", "95 % resolved within"),
        ESCALATED,
        _count(
            "unanswered", "Unanswered", "Every step was paged and nobody acknowledged."
        ),
        _count("reopened", "Re-opened"),
    ),
    statements.SUMMARY,
)
TREND = Report(
    "trend",
    "Over time",
    "Is it getting better? One row for each day, or week of windows over 62 days.",
    (Column("day", "Day", Unit.DAY), INCIDENTS, *TIMES),
    statements.TREND,
)
SERVICES = Report(
    "services",
    "By service",
    "Which services call people?",
    (
        *_named("service", "Service"),
        Column("team", "Team", Unit.TEXT),
        INCIDENTS,
        HIGH,
        *TIMES,
        ESCALATED,
    ),
    statements.SERVICES,
)
TEAMS = Report(
    "teams",
    "By team",
    "Which teams are called?",
    (*_named("team", "Team"), INCIDENTS, HIGH, *TIMES, ESCALATED),
    statements.TEAMS,
)
HOURS = Report(
    "hours",
    "By hour",
    "At which hours of the week do incidents open?",
    (
        _count("weekday", "Weekday", "1 is Monday."),
        _count("hour", "Hour", "0 to 23, in the time zone that was asked for."),
        INCIDENTS,
    ),
    statements.HOURS,
)
NOISE = Report(
    "noise",
    "Noisiest alerts",
    "Which conditions report most often, and does anybody answer?",
    (
        Column("title", "Alert", Unit.TEXT),
        Column("dedup_key", "Dedup key", Unit.TEXT),
        *_named("service", "Service"),
        EVENTS,
        ALERTS,
        INCIDENTS,
        _share(
            "unanswered",
            "Unanswered",
            "Of its incidents: over without anybody's doing.",
        ),
    ),
    statements.NOISE,
)
FOLDING = Report(
    "folding",
    "Noise folded",
    "How many events became how few incidents? Of incidents that are over.",
    (
        *_named("service", "Service"),
        EVENTS,
        ALERTS,
        INCIDENTS,
        _share("folded", "Folded", "Events that opened no incident of their own."),
    ),
    statements.FOLDING,
)
ESCALATIONS = Report(
    "escalations",
    "Escalations",
    "How far up did pages have to go?",
    (
        _count("step", "Highest step paged", "0: nobody was paged."),
        INCIDENTS,
        _share("share", "Share of incidents"),
        _count("unanswered", "Unanswered"),
    ),
    statements.ESCALATIONS,
)
PEOPLE = Report(
    "people",
    "Interruptions",
    "Whom do pages call away, and from what? By each person's own clock.",
    (
        *_named("person", "Person"),
        _count(
            "interruptions",
            "Interruptions",
            "Steps of incidents at which something was sent to the person.",
        ),
        _count("working", "Working hours", "Monday to Friday, 9 to 18."),
        _count("off", "Off hours", "All others by day."),
        _count("sleep", "Sleep", "22 to 7, on every day."),
        INCIDENTS,
    ),
    statements.PEOPLE,
)
ON_CALL = Report(
    "on-call",
    "On-call hours",
    "Who carries the load, and is it shared fairly?",
    (
        *_named("person", "Person"),
        Column(
            "hours",
            "On call",
            Unit.HOURS,
            "With any schedule; two at a time count once.",
        ),
        Column("working", "Working hours", Unit.HOURS, "Monday to Friday, 9 to 18."),
        Column("off", "Off hours", Unit.HOURS),
        Column("sleep", "Sleep", Unit.HOURS, "22 to 7, on every day."),
        _share("share", "Share of all hours"),
    ),
    None,
)
CHANNELS = Report(
    "channels",
    "Channels",
    "Do messages arrive, and how quickly do they leave?",
    (
        Column("channel", "Channel", Unit.TEXT),
        _count("messages", "Messages", "That were handed to a provider at least once."),
        _count("accepted", "Accepted", "By the provider."),
        _count("delivered", "Delivered", "Of these: known to have arrived."),
        _count("failed", "Failed"),
        _count("unknown", "Not known", "The provider did not answer."),
        _count("unconfirmed", "No receipt", "A receipt was due and did not come."),
        _share("share", "Success", "Accepted or delivered, of all messages."),
        _seconds("took_median_s", "Median to leave", "From when it was due."),
        _seconds("took_p95_s", "95 % left within"),
    ),
    statements.CHANNELS,
)
IN_TIME = Report(
    "in-time",
    "Answered in time",
    "How many incidents were acknowledged, or over, within the time agreed on?",
    (
        *_named("team", "Team"),
        Column("urgency", "Urgency", Unit.TEXT),
        _count("incidents", "Incidents", "Without those that still have time."),
        _count("in_time", "In time"),
        _share("share", "Share"),
    ),
    statements.IN_TIME,
)
REPORTS = {
    report.key: report
    for report in (
        SUMMARY,
        TREND,
        SERVICES,
        TEAMS,
        HOURS,
        NOISE,
        FOLDING,
        ESCALATIONS,
        PEOPLE,
        ON_CALL,
        CHANNELS,
        IN_TIME,
    )
}
