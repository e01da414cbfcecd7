"""The bot on Discord, against a server of the tests."""
