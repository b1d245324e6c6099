"""Every table as somebody sees it from whom some teams are hidden: views of the same names.

A request that reads looks there first (`infra/curtain.py`), so no statement has to think of
it. Like the triggers of the audit they are no part of one migration: they are replaced after
the last, in one transaction. What only adds is not held up by them; a revision that takes a
column away, or changes its type, drops them first by itself.
"""

from sqlalchemy import Connection, Uuid, text

from pagefree.tables import metadata
from pagefree.tables.seen import hidden

SCHEMA = "pagefree_seen"
IDS = f"{SCHEMA}.hidden_ids"  # of everything that is not seen
COLUMNS = text(
    "SELECT table_name, column_name FROM information_schema.columns"
    " WHERE table_schema = current_schema()"
)


def drop(connection: Connection) -> None:
    """Make way: no column that a view shows could be taken away or changed."""
    connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))


def keep(connection: Connection) -> None:
    """Put all of them in place; none in a database that is older than our tables."""
    drop(connection)
    there = {(table, column) for table, column in connection.execute(COLUMNS)}
    if (
        not {(t.name, c.name) for t in metadata.sorted_tables for c in t.columns}
        <= there
    ):
        return
    for statement in statements():
        connection.exec_driver_sql(statement)


def statements() -> list[str]:
    """What makes them."""
    made, ids = [f"CREATE SCHEMA {SCHEMA}"], []
    for table in metadata.sorted_tables:
        condition = hidden(table, "t")
        if condition is None:
            continue
        made.append(
            f"CREATE VIEW {SCHEMA}.{table.name} AS"  # noqa: S608 -- names of ours
            f" SELECT t.* FROM {table.name} AS t WHERE ({condition}) IS NOT TRUE"
        )
        if "id" in table.c and isinstance(table.c.id.type, Uuid):
            row = f"FROM {table.name} AS t WHERE {condition}"
            ids.append(f"SELECT t.id {row}")
    return [*made, f"CREATE VIEW {IDS} AS {' UNION ALL '.join(ids)}"]
