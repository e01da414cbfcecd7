"""Addresses to bytes: a polite HTTP client that reaches public addresses only."""
