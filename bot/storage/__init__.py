"""Where everything is kept: SQLite by default, PostgreSQL by URL; no SQL stands outside this package."""
