"""The core of Nutgraf: turns articles into briefings, without chat, database or clock."""
