"""Run by Alembic: hands it our tables and the connection that `infra.migrate` opened."""

from alembic import context
from sqlalchemy import text

from pagefree.infra import audit_triggers
from pagefree.tables import metadata

connection = context.config.attributes["connection"]
# waiting longer would queue everybody else behind us
connection.execute(text("SET lock_timeout = '4s'"))
connection.execute(text("SET statement_timeout = '5s'"))
context.configure(connection=connection, target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
    audit_triggers.keep(connection)
