"""Reading and replacing sealed secrets, whatever table they are in."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import and_, select, tuple_, update

from pagefree.infra.db import Tx
from pagefree.tables import metadata

Row = Mapping[str, Any]


async def list_sealed(
    tx: Tx, table: str, column: str, after: Row | None, limit: int
) -> list[Row]:
    """The next rows that hold a secret, in the order of their keys."""
    source = metadata.tables[table]
    keys = list(source.primary_key.columns)
    query = select(*source.columns).where(source.c[column].is_not(None))
    if after is not None:
        last = tuple_(*(after[key.name] for key in keys))
        query = query.where(tuple_(*keys) > last)
    rows = await tx.execute(query.order_by(*keys).limit(limit))
    return [dict(row) for row in rows.mappings()]


async def put_sealed(tx: Tx, table: str, column: str, row: Row, sealed: bytes) -> None:
    """Replace the secret of a row, unless somebody else has meanwhile."""
    source = metadata.tables[table]
    same = [key == row[key.name] for key in source.primary_key.columns]
    unchanged = source.c[column] == row[column]
    query = update(source).where(and_(*same, unchanged))
    await tx.execute(query.values({column: sealed}))
