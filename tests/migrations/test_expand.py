"""The release before runs on the schema of this one: revisions add, and take away later."""

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

import asyncpg
import pytest

from pagefree import migrations
from pagefree.infra import migrate
from tests.conftest import FIRST_NUMBERS

PUBLISHED = "0016"  # the newest revision of the release before
VERSIONS = Path(migrations.__file__).parent / "versions"
CONTRACT = "Contract:"  # begins what `upgrade` says of itself, where it takes away
FEW_ROWS = frozenset({"sign_in_attempts"})  # an index on them is made in no time
REVISIONS = [
    path
    for path in sorted(VERSIONS.glob("[0-9]*_*.py"))
    if path.name.split("_")[0] > PUBLISHED
]
COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod) AS type,
    a.attnotnull AND d.oid IS NULL AND a.attidentity = '' AS needed
FROM pg_attribute AS a
JOIN pg_class AS c ON c.oid = a.attrelid
    AND c.relkind IN ('r', 'p') AND NOT c.relispartition
LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
    AND c.relname <> 'alembic_version'
"""
# something of each type that a column without a default may have
SOMETHING = {
    "uuid": "gen_random_uuid()",
    "integer": "1",
    "bigint": "1",
    "smallint": "1",
    "boolean": "true",
    "text": "'x'",
    "bytea": "'x'",
    "jsonb": "'{}'",
    "date": "'2026-01-05'",
    "interval": "'1 hour'",
    "double precision": "1",
    "timestamp with time zone": "'2026-01-05T00:00Z'",
}
OTHER = "'{}'"  # arrays
Columns = dict[tuple[str, str], tuple[str, bool]]


def breaches(source: str) -> list[str]:
    """What a revision does that the release before, or who writes meanwhile, would feel."""
    upgrade = next(
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name == "upgrade"
    )
    if (ast.get_docstring(upgrade) or "").startswith(CONTRACT):
        return []
    calls = [node for node in ast.walk(upgrade) if isinstance(node, ast.Call)]
    made = {_text(call, 0) for call in calls if _name(call) == "create_table"}
    return [told for call in calls for told in _breaches(call, made | FEW_ROWS)]


def _breaches(call: ast.Call, made: set[str]) -> Iterator[str]:
    name = _name(call)
    given = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
    if name in {"drop_column", "drop_table", "rename_table"}:
        yield f"{name} {_text(call, 0)}"
    if name == "alter_column" and (
        given.keys() & {"type_", "new_column_name"} or given.get("nullable") == "False"
    ):
        yield f"alter_column {_text(call, 0)}.{_text(call, 1)}"
    if name == "add_column":
        column = call.args[1]
        assert isinstance(column, ast.Call)
        told = {keyword.arg: ast.unparse(keyword.value) for keyword in column.keywords}
        if told.get("nullable") == "False" and not told.keys() & {
            "server_default",
            "computed",
        }:
            yield f"add_column {_text(call, 0)}.{_text(column, 0)} without a default"
    concurrently = given.get("postgresql_concurrently") == "True"
    if name == "create_index" and not concurrently and _text(call, 1) not in made:
        yield f"create_index on {_text(call, 1)}, which cannot be written to meanwhile"


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _text(call: ast.Call, place: int) -> str:
    return ast.unparse(call.args[place]).strip("'\"") if call.args[place:] else ""


@pytest.mark.parametrize("path", REVISIONS, ids=lambda path: path.stem)
def test_a_revision_takes_nothing_away_and_lets_others_write(path: Path) -> None:
    assert breaches(path.read_text()) == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("op.drop_column('a', 'b')", ["drop_column a"]),
        ("op.drop_table('a')", ["drop_table a"]),
        ("op.alter_column('a', 'b', nullable=False)", ["alter_column a.b"]),
        ("op.alter_column('a', 'b', type_=sa.Text())", ["alter_column a.b"]),
        ("op.alter_column('a', 'b', nullable=True)", []),
        (
            "op.add_column('a', sa.Column('b', sa.Text(), nullable=False))",
            ["add_column a.b without a default"],
        ),
        (
            "op.add_column('a', sa.Column('b', nullable=False, server_default='x'))",
            [],
        ),
        (
            "op.create_index('i', 'a', ['b'])",
            ["create_index on a, which cannot be written to meanwhile"],
        ),
        ("op.create_table('a'); op.create_index('i', 'a', ['b'])", []),
        ("op.create_index('i', 'a', ['b'], postgresql_concurrently=True)", []),
    ],
)
def test_what_would_be_felt_is_told(statement: str, told: list[str]) -> None:
    assert breaches(f"def upgrade():\n    {statement}") == told
    contract = f'def upgrade():\n    """{CONTRACT} later."""\n    {statement}'
    assert breaches(contract) == []


@pytest.mark.fault("T-40", "old code on the new schema")
@pytest.mark.fault("T-40", "old code runs on the new schema")
async def test_what_the_release_before_writes_and_reads_is_taken_on_the_new_schema(
    postgres: str,
) -> None:
    server = await asyncpg.connect(postgres)
    await server.execute("CREATE DATABASE of_before")
    url = postgres.replace("/pagefree?", "/of_before?")
    try:
        await migrate.upgrade(url, PUBLISHED)
        before, taken = await _columns(url), {}
        tables = sorted({table for table, _ in before})
        for table in tables:
            taken[table] = await _takes(url, _row(table, before))
        await migrate.upgrade(url)
        after = await _columns(url)
        refused = {
            table: why
            for table in tables
            if taken[table] == "" and (why := await _takes(url, _row(table, before)))
        }
    finally:
        await server.execute("DROP DATABASE of_before WITH (FORCE)")
        await server.close()

    gone = {
        place: (type_, after.get(place, ("gone", False))[0])
        for place, (type_, _) in before.items()
        if after.get(place, ("gone", False))[0] != type_
    }
    assert gone == {}
    assert sum(why == "" for why in taken.values()) > len(tables) * 0.9
    assert refused == {}


async def _columns(url: str) -> Columns:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(COLUMNS)
    finally:
        await connection.close()
    return {(r["relname"], r["attname"]): (r["type"], r["needed"]) for r in rows}


def _row(table: str, columns: Columns) -> Sequence[str]:
    """Adds a row as the older code would, naming only what it knows; then reads it."""
    known = {name: column for (of, name), column in columns.items() if of == table}
    needed = {name: type_ for name, (type_, needed) in known.items() if needed}
    values = ", ".join(_something(type_) for type_ in needed.values())
    insert = (
        f"INSERT INTO {table} ({', '.join(needed)}) VALUES ({values})"
        if needed
        else f"INSERT INTO {table} DEFAULT VALUES"
    )
    return insert, f"SELECT {', '.join(known)} FROM {table}"


def _something(type_: str) -> str:
    if type_.startswith("character varying") and not type_.endswith("]"):
        return "'x'"
    return f"{SOMETHING.get(type_, OTHER)}::{type_}"


async def _takes(url: str, statements: Sequence[str]) -> str:
    """Nothing, or why the row was refused; it is not kept."""
    connection = await asyncpg.connect(url)
    transaction = connection.transaction()
    await transaction.start()
    try:
        # whom a row belongs to is not what is asked here
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute(FIRST_NUMBERS)
        for statement in statements:
            await connection.execute(statement)
    except asyncpg.PostgresError as e:
        return f"{type(e).__name__}: {e}"
    finally:
        await transaction.rollback()
        await connection.close()
    return ""
