"""The stores, in SQLite or PostgreSQL. All SQL is in this package."""
