"""Serves health and metrics over HTTP. See https://docs.aiohttp.org/en/stable/web.html."""
