"""Answers of /dashboard."""

from __future__ import annotations

from bot.i18n import own
from bot.views.model import Paragraph, View


def link_view(url: str) -> View:
    """Returns a link to the dashboard, as text: platforms refuse buttons with addresses of one machine."""
    warning = own("The link works once, within five minutes. Whoever opens it can do everything that you can.")
    return View((Paragraph(own("Open the dashboard: {url}", url=url)), Paragraph(warning)))


def operators_only_view() -> View:
    """Says that only an operator may open the dashboard."""
    return View((Paragraph(own("Only an operator of this bot may open its dashboard.")),), is_refusal=True)


def private_only_view() -> View:
    """Says that the link is only given in a private chat."""
    return View((Paragraph(own("Send /dashboard to me in a private chat, where nobody else can see the link.")),))


def off_view() -> View:
    """Says that no dashboard is served."""
    return View((Paragraph(own("The dashboard is off. To serve it, set “web: enabled” in the settings.")),))
