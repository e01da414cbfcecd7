"""What Alembic runs for each migration: on the connection, and in the transaction, that it is given."""

from __future__ import annotations

from alembic import context

from bot.storage.database.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
