"""Scheduled posts and alerts: scheduler, tick, composer."""
