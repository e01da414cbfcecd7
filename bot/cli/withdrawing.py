"""Edits the posts that show a story when an operator hides or removes it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import is_interactive
from bot.delivery.model import Op
from bot.runtime.terminal import emit, prompt

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


async def withdraw(bot: Bot, report: Report, choice: PostsChoice | None) -> None:
    """Edits or deletes the posts that tell a hidden story, as the operator says."""
    posts = await bot.posting.withdrawals.posts(report)
    if not posts:
        return
    told = f"Posts that tell it: {len(posts)} (chats: {len({post.destination for post in posts})})."
    if choice is None and is_interactive():
        choice = _asked(f"{told} Edit them, delete them, or leave them as they are? (edit, delete, leave)")
    if choice in {None, PostsChoice.LEAVE}:
        emit(f"{told} They stay as they are; --posts edit or --posts delete withdraws it from them.")
        return
    done = await bot.posting.withdrawals.withdraw(posts, bot.clock(), deletes=choice is PostsChoice.DELETE)
    deleted = sum(one.op is Op.DELETE for one in done)
    emit(f"{told} As soon as the bot runs, {len(done) - deleted} are edited and {deleted} deleted.")


def _asked(question: str) -> PostsChoice:
    """What a person chooses; asked again until it is one of the choices."""
    while (answer := prompt(question).strip().lower()) not in set(PostsChoice):
        pass
    return PostsChoice(answer)
