from sqlalchemy import Column, Index, Integer, MetaData, Table, Text

from pagefree.tables import metadata
from scripts.migration_drift import differences


async def test_the_migrations_build_the_declared_tables(own_database: str) -> None:
    assert await differences(own_database, metadata) == []


async def test_a_forgotten_migration_is_told(own_database: str) -> None:
    changed = MetaData(naming_convention=metadata.naming_convention)
    for table in metadata.sorted_tables:
        table.to_metadata(changed)
    added = Table("forgotten", changed, Column("id", Integer), Column("name", Text))
    Index("one_name", added.c.name, unique=True, postgresql_where=added.c.id > 5)

    told = await differences(own_database, changed)

    assert "+ column forgotten.name text" in "\n".join(told)
    assert any("INDEX one_name" in line and "WHERE (id > 5)" in line for line in told)
