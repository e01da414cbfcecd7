"""Everything of Nutgraf that talks: commands, views, platforms, the command line."""
