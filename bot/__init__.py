"""The bot: commands, views, posting, platforms, storage and the command line."""
