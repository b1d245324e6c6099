"""What belongs to a team that may be hidden: one rule over all tables, and its exceptions."""

from sqlalchemy import Table

from pagefree.tables.metadata import metadata

# an id that is kept without a foreign key, as history outlives what it is about
NAMED_BY = {
    "incident_id": "incidents",
    "integration_id": "integrations",
    "notification_id": "notifications",
    "page_id": "status_pages",
    "policy_id": "escalation_policies",
    "schedule_id": "schedules",
    "service_id": "services",
}
# nobody reads these for somebody else: who they are, how they sign in, what they were sent
PERSONAL = frozenset(
    {
        "api_keys",
        "handoffs_told",
        "identities",
        "notification_rules",
        "sessions",
        "users",
    }
)
# refused to all but those who may read the audit of the team
GUARDED = frozenset({"audit_entries", "runbook_audit"})
# counted by the million: the team that they were counted for decides alone
FACTS = frozenset({"alert_facts", "incident_facts", "interruptions"})
# of an incident: whoever sees the incident sees these, whosever else they are
OF_INCIDENTS = frozenset(
    {
        "action_links",
        "alerts",
        "escalations",
        "events",
        "incident_chats",
        "incident_responders",
        "incident_words",
        "notifications",
        "replies",
        "reply_codes",
        "runbook_runs",
        "workflow_runs",
    }
)
# the map shows that there is something, not what
SHARED = frozenset({"service_dependencies"})
CALLED = {  # who is: in which table, by which column
    "incident_responders": "user_id",
    "notifications": "user_id",
}
HIDDEN = (
    "ANY ((SELECT string_to_array(current_setting('pagefree.hidden', true), ',')"
    "::uuid[])::uuid[])"
)
VIEWER = "(SELECT nullif(current_setting('pagefree.viewer', true), '')::uuid)"


def hidden(table: Table, row: str, depth: int = 0) -> str | None:
    """The condition in SQL on `row` of the table under which it is not seen; none: always is.

    What has a team is that team's. What is about an incident is seen by whoever sees the
    incident. All else goes with what it points at.
    """
    if table.name in PERSONAL | GUARDED | SHARED:
        return None
    if table.name == "teams":
        return f"{row}.id = {HIDDEN}"
    if table.name == "incidents":
        return f"({row}.team_id = {HIDDEN} AND NOT ({_called(row)}))"
    if "team_id" in table.c and (
        table.name in FACTS or "incident_id" not in table.c
    ):  # nothing else is to be looked at
        return f"coalesce({row}.team_id = {HIDDEN}, false)"
    return _by_others(table, row, depth)


def _by_others(table: Table, row: str, depth: int) -> str | None:
    ways = {
        column: condition
        for column, parent in parents(table).items()
        if (condition := _by(parent, f"{row}.{column}", depth))
    }
    if "team_id" in table.c:
        ways["team_id"] = f"coalesce({row}.team_id = {HIDDEN}, false)"
    incident = ways.get("incident_id") if table.name in OF_INCIDENTS else None
    others = " OR ".join(way for way in ways.values() if way != incident)
    if incident is None:
        return f"({others})" if others else None
    return (
        f"CASE WHEN {row}.incident_id IS NOT NULL THEN {incident}"
        f" ELSE {others or 'false'} END"
    )


def _by(parent: Table, column: str, depth: int) -> str | None:
    name = f"p{depth}"
    condition = hidden(parent, name, depth + 1)
    if condition is None:
        return None
    return (
        f"EXISTS (SELECT 1 FROM {parent.name} AS {name}"  # noqa: S608 -- names of ours
        f" WHERE {name}.id = {column} AND {condition})"
    )


def parents(table: Table) -> dict[str, Table]:
    """What a row points at, by the column that does."""
    found = {
        column.name: key.column.table
        for column in table.columns
        for key in column.foreign_keys
        if "id" in key.column.table.c and key.column.table is not table
    }
    known = {
        column: metadata.tables[name]
        for column, name in NAMED_BY.items()
        if column in table.c and name != table.name
    }
    found = {**known, **found}
    found.pop("team_id", None)
    return {
        column: parent for column, parent in found.items() if parent.name != "users"
    }


def _called(row: str) -> str:
    asked = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} AS c"  # noqa: S608 -- names of ours
        f" WHERE c.incident_id = {row}.id AND c.{column} = {VIEWER})"
        for table, column in CALLED.items()
    )
    return f"{asked} OR coalesce({row}.acknowledged_by_id = {VIEWER}, false)"
