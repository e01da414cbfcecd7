"""The handler of /dashboard, for operators."""

from __future__ import annotations

from bot.answers import dashboard
from bot.commands.context import Context, Request
from bot.views.model import View


async def sign_in(context: Context, request: Request, words: str) -> View:
    """Returns a link that signs the operator in once. It is shown only where nobody else reads it."""
    if request.user not in context.access.operators:
        return dashboard.operators_only_view()
    if not context.policies.dashboard or context.sign_ins is None:
        return dashboard.off_view()
    if not request.is_private:
        return dashboard.private_only_view()
    secret = await context.sign_ins.new_link(request.user)
    return dashboard.link_view(f"{context.policies.dashboard}/sign-in/{secret}")
