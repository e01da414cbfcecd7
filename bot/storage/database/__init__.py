"""The database: engine, SQLite and PostgreSQL, tables, locks, migrations, full text."""
