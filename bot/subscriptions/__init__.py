"""Subscriptions, their settings and their slots. All functions are pure; the time is an argument."""
