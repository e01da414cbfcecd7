"""The terminal as a chat, which needs no token."""
