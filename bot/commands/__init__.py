"""What can be asked of the bot: one table of commands, from which every platform is generated."""
