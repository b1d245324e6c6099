"""The one MetaData, with names for every constraint so that migrations can address them."""

from sqlalchemy import Column, DateTime, ForeignKey, MetaData, Uuid

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

INSTANT = DateTime(timezone=True)


def id_column() -> Column[object]:
    """A UUIDv7 primary key, made by the application so that batches know their ids."""
    return Column("id", Uuid, primary_key=True)


def reference(
    name: str, target: str, *, nullable: bool = False, cascade: bool = False
) -> Column[object]:
    """A foreign key to `target`; `cascade` deletes this row with the one it points at."""
    on_delete = "CASCADE" if cascade else None
    return Column(
        name, Uuid, ForeignKey(f"{target}.id", ondelete=on_delete), nullable=nullable
    )


def instant(name: str, *, nullable: bool = False) -> Column[object]:
    """An instant in UTC."""
    return Column(name, INSTANT, nullable=nullable)
