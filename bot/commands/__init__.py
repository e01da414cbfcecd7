"""The commands: one table, from which every platform registers its own menu."""
