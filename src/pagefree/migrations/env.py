"""Run by Alembic: hands it our tables and the connection that `infra.migrate` opened."""

from alembic import context

from pagefree.infra import audit_triggers, seen_views
from pagefree.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=metadata, transaction_per_migration=True
)
with context.begin_transaction():
    context.run_migrations()
    # in one transaction after the last of them: nobody finds a view missing meanwhile
    audit_triggers.keep(connection)
    seen_views.keep(connection)
