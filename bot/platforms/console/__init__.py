"""The terminal as a chat: what a person meets before there is a token."""
