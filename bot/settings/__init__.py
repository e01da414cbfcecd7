"""Reads `config.yaml` into typed settings and reports all mistakes at once."""
