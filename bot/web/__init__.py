"""Serves health, metrics and the dashboard over HTTP. See https://docs.aiohttp.org/en/stable/web.html."""
