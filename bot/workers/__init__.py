"""Processes that work on foreign text: each has limits on time and memory, and is replaced when it exceeds one."""
