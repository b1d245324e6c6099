"""Triggers: each table is decided about, each change is kept, and no entry is changed."""

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pagefree.infra import audit_triggers
from pagefree.infra.db import Tx
from pagefree.tables import metadata
from pagefree.tables.audited import AUDITED, MOVES, NOT_AUDITED

TEAM = "INSERT INTO teams (id, name, created_at) VALUES (uuidv7(), 'Web', '2026-03-01')"
ENTRIES = text("SELECT kind, actor_kind, object_name, before, after FROM audit_entries")
HOT = ("alerts", "incidents", "escalations", "notifications", "attempts", "events")


def test_every_table_is_audited_or_named_with_the_reason_why_not() -> None:
    both = AUDITED.keys() & NOT_AUDITED.keys()
    assert not both
    assert AUDITED.keys() | NOT_AUDITED.keys() == metadata.tables.keys()
    assert all(NOT_AUDITED.values())


def test_no_table_of_paging_has_a_trigger() -> None:
    assert not AUDITED.keys() & {*HOT}


@pytest.mark.parametrize("name", sorted(AUDITED))
def test_what_is_said_of_a_table_is_true_of_its_columns(name: str) -> None:
    audited, columns = AUDITED[name], metadata.tables[name].columns
    named = {audited.team[0], audited.name[0], *audited.masked, *audited.ignored}
    assert named - {""} <= set(columns.keys())
    assert not set(audited.ignored) & {*MOVES}


async def test_the_database_has_the_triggers_that_are_written_down(tx: Tx) -> None:
    rows = await tx.execute(
        text(
            "SELECT tgrelid::regclass::text, tgname, tgenabled::text,"
            " obj_description(oid, 'pg_trigger') FROM pg_trigger"
            " WHERE tgname LIKE 'pagefree_audit%'"
        )
    )
    there = {(row[0], row[1]): (row[2], row[3]) for row in rows}
    columns = {t.name: set(t.columns.keys()) for t in metadata.sorted_tables}
    wanted = audit_triggers.triggers(columns)
    assert there == {key: ("O", said) for key, said in wanted.items()}


async def test_installing_them_again_changes_nothing(tx: Tx) -> None:
    before = await _triggers(tx)
    await tx.run_sync(audit_triggers.keep)
    assert await _triggers(tx) == before


async def test_a_change_is_kept_with_what_was_before_and_after(tx: Tx) -> None:
    await tx.execute(text(TEAM))
    await tx.execute(text("UPDATE teams SET name = 'Ops'"))
    await tx.execute(text("UPDATE teams SET name = 'Ops'"))
    await tx.execute(text("DELETE FROM teams"))

    made, changed, gone = (await tx.execute(ENTRIES)).all()
    assert made.kind == "team.created"
    assert made.after["name"] == "Web"
    assert made.before is None
    assert changed.kind == "team.updated"
    assert (changed.before, changed.after) == ({"name": "Web"}, {"name": "Ops"})
    assert gone.kind == "team.deleted"
    assert gone.before["name"] == "Ops"
    assert {row.actor_kind for row in (made, changed, gone)} == {"system"}


async def test_whoever_changes_rows_past_the_product_is_named(
    own_database: str,
) -> None:
    psql = await asyncpg.connect(own_database)
    try:
        await psql.execute(TEAM)
        row = await psql.fetchrow("SELECT actor_kind, actor_name FROM audit_entries")
        user = await psql.fetchval("SELECT session_user")
    finally:
        await psql.close()
    assert row is not None
    assert tuple(row) == ("database", user)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET actor_name = 'Nobody'",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
        (
            "INSERT INTO audit_entries (at, kind, object_kind, actor_kind, seq, hash)"
            " VALUES ('2026-03-01', 'a.b', 'a', 'user', 7, '')"
        ),
    ],
    ids=["update", "delete", "truncate", "insert_sealed"],
)
async def test_the_database_refuses_to_change_entries(tx: Tx, statement: str) -> None:
    await tx.execute(text(TEAM))
    with pytest.raises(DBAPIError, match="entries of the audit are not changed"):
        await tx.execute(text(statement))


async def _triggers(tx: Tx) -> list[tuple[object, ...]]:
    rows = await tx.execute(text("SELECT oid, tgname FROM pg_trigger ORDER BY oid"))
    return [tuple(row) for row in rows]
