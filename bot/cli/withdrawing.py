"""Edits the posts that show a story when an operator hides or removes it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import is_interactive
from bot.cli.questions import ask_choice
from bot.delivery.model import Delivery, Op
from bot.runtime.terminal import emit

if TYPE_CHECKING:  # slow to import
    from bot.app import Bot
    from briefings.story_store import Report


class PostsChoice(StrEnum):
    """The operator's choice for the posts that show a story."""

    EDIT = "edit"
    DELETE = "delete"
    LEAVE = "leave"


Posts = Annotated[
    PostsChoice | None,
    typer.Option(
        "--posts",
        help="What to do with what was posted of it: edit takes it out, delete deletes posts that tell nothing else and"
        " edits the others, leave does nothing. By default it asks, or leaves them where nobody can be asked.",
    ),
]


async def chosen_op(bot: Bot, report: Report, choice: PostsChoice | None) -> Op | None:
    """Returns what to do with the posts that show a story. Asks the operator, if no option says it.

    Returns:
        Whether to edit or delete them, or None to leave them.
    """
    posts = await bot.posting.withdrawals.posts(report)
    if not posts:
        return None
    emit(f"Posts that tell it: {len(posts)} (chats: {len({post.destination for post in posts})}).")
    if choice is None and is_interactive():
        choice = PostsChoice(ask_choice("Edit them, delete them, or leave them as they are", tuple(PostsChoice)))
    if choice in {None, PostsChoice.LEAVE}:
        emit("They stay as they are; --posts edit or --posts delete withdraws it from them.")
        return None
    return Op.DELETE if choice is PostsChoice.DELETE else Op.EDIT


def print_withdrawn(done: Sequence[Delivery]) -> None:
    """Prints how many posts will be edited and deleted."""
    deleted = sum(one.op is Op.DELETE for one in done)
    if done:
        emit(f"As soon as the bot runs, posts are withdrawn: {len(done) - deleted} edited, {deleted} deleted.")
