"""Messages for operators about failed posts and their decisions."""

from __future__ import annotations

from collections.abc import Sequence

from bot.delivery.model import Delivery, State
from bot.delivery.troubles import Trouble, failed_at, reason_of
from bot.i18n import Message, own, own_n
from bot.views.buttons import Control, ControlVerb
from bot.views.model import Bullet, Button, Heading, Paragraph, View

_MOST_SHOWN = 20


def alert_view(said: Message, buttons: Sequence[Button] = ()) -> View:
    """Returns an alert for operators."""
    return View((Heading(own("For the operator")), Bullet(said)), tuple(buttons))


def trouble_view(trouble: Trouble, posts: Sequence[Delivery]) -> View:
    """Reports posts that failed in the same way, with buttons to resolve all of them."""
    return alert_view(_said(trouble.state, posts), trouble_buttons(trouble, with_list=True))


def trouble_buttons(trouble: Trouble, with_list: bool) -> list[Button]:
    """Buttons that decide about all posts that failed in one way."""
    found = [Button(own("Send all again"), _control(ControlVerb.SEND_ALL, trouble))]
    if trouble.state is State.UNCERTAIN:
        found.append(Button(own("Leave as they are"), _control(ControlVerb.LEAVE_ALL, trouble)))
    if with_list:
        found.append(Button(own("Show"), _control(ControlVerb.SHOW_ALL, trouble)))
    return found


def listed_view(trouble: Trouble, posts: Sequence[Delivery]) -> View:
    """The posts that failed in one way, with the buttons that decide about them."""
    if not posts:
        return nothing_to_decide_view()
    lines = [
        Bullet(own("Post {id} for {where}, {moment} UTC", id=post.id, where=str(post.destination), moment=_time(post)))
        for post in posts[:_MOST_SHOWN]
    ]
    more = len(posts) - len(lines)
    rest = [Paragraph(own("And {count} more.", count=more))] if more else []
    return View((Heading(_said(trouble.state, posts)), *lines, *rest), tuple(trouble_buttons(trouble, with_list=False)))


def sent_again_view(count: int) -> View:
    """Confirms how many posts will be sent again."""
    return View((Paragraph(own_n("{count} post is sent again.", "{count} posts are sent again.", count)),))


def left_view(count: int) -> View:
    """Confirms how many posts were marked as sent."""
    said = own_n(
        "{count} post stays as it is and counts as sent.", "{count} posts stay as they are and count as sent.", count
    )
    return View((Paragraph(said),))


def nothing_to_decide_view() -> View:
    """Says that another operator has decided already."""
    return View((Paragraph(own("Nothing is left to decide about these posts.")),))


def operators_only_view() -> View:
    """Says that only an operator may do this."""
    return View((Paragraph(own("Only the bot's operators may decide this.")),))


def _said(state: State, posts: Sequence[Delivery]) -> Message:
    reason = reason_of(posts[0])
    chats = len({str(post.destination) for post in posts})
    if state is State.UNCERTAIN:
        return own_n(
            "It is not known whether {count} post arrived (chats: {chats}): {reason}.",
            "It is not known whether {count} posts arrived (chats: {chats}): {reason}.",
            len(posts),
            chats=chats,
            reason=reason,
        )
    return own_n(
        "{count} post was not sent (chats: {chats}): {reason}.",
        "{count} posts were not sent (chats: {chats}): {reason}.",
        len(posts),
        chats=chats,
        reason=reason,
    )


def _control(verb: ControlVerb, trouble: Trouble) -> Control:
    return Control(verb, trouble.minute, trouble.state, trouble.cause)


def _time(post: Delivery) -> str:
    return f"{failed_at(post):%Y-%m-%d %H:%M}"
