"""Runs a migration for Alembic, on the given connection and in its transaction."""

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
