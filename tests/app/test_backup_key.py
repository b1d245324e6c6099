"""A restore asks every column that is sealed whether the key opens what is in it."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import JSON, Column, insert, text
from sqlalchemy.ext.asyncio import AsyncEngine

from pagefree.app.sealed import SEALED, closed_columns
from pagefree.infra.clock import system_clock
from pagefree.infra.crypto import Vault
from pagefree.infra.db import create_engine, transaction
from pagefree.infra.ids import new_id
from pagefree.tables import metadata

OURS, OTHER = (f"{name} key that is long enough to be one" for name in "ab")
VALUES: dict[type, object] = {
    str: "x",
    int: 1,
    bool: False,
    list: [],
    bytes: b"x",
    timedelta: timedelta(),
}


def value_of(column: Column[object]) -> object:
    """Something that this column takes."""
    if isinstance(column.type, JSON):
        return {}
    kind = column.type.python_type
    if kind is UUID:
        return new_id()
    return VALUES.get(kind, system_clock())


async def put(engine: AsyncEngine, name: str, vault: Vault) -> None:
    """A row of this table with its secrets, whatever else would have to be there."""
    table = metadata.tables[name]
    row = {
        column.name: value_of(column)
        for column in table.columns
        if not column.nullable and column.server_default is None
    }
    if name == "contact_methods":  # a check wants one owner
        row["user_id"] = new_id()
    whole = {column.name: None for column in table.columns} | row
    for sealed in SEALED:
        if sealed.table == name:
            row[sealed.column] = vault.seal(b"secret", sealed.purpose(whole))
    async with transaction(engine) as tx:
        await tx.execute(text("SET LOCAL session_replication_role = replica"))
        await tx.execute(insert(table).values(row))


async def test_secrets_of_another_key_are_found_in_every_column_that_lasts(
    fresh_database: str,
) -> None:
    engine = create_engine(fresh_database, pool_size=1)
    for table in {sealed.table for sealed in SEALED}:
        await put(engine, table, Vault(OTHER))

    with_ours = await closed_columns(engine, Vault(OURS))
    with_both = await closed_columns(engine, Vault(OURS, OTHER))
    await engine.dispose()

    lasting = [one for one in SEALED if one.lasting]
    assert with_ours == {f"{one.table}.{one.column}": 1 for one in lasting}
    assert with_both == {}
