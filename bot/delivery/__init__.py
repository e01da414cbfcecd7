"""Sends each post exactly once: the values of the ledger, pacing, retries and the courier."""
