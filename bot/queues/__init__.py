"""Queues of jobs: work that any process of the bot may do."""
