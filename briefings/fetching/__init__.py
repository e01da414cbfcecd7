"""Fetches addresses: a polite HTTP client that only connects to public addresses."""
