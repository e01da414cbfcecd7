"""Messages for what keeps the bot from posting: the missing right, and how to give it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.access import NOT_ADMITTED, PAUSED_BY_OPERATOR
from bot.i18n import Message, own
from bot.subscriptions.obstacles import Obstacle
from bot.views.buttons import Control, ControlVerb
from bot.views.model import Block, Button, Heading, Paragraph, View

_TELEGRAM_CHANNEL = own(
    "In the channel, open Manage Channel, Administrators, choose the bot and allow it to post messages."
)
_TELEGRAM_GROUP = own(
    "In the group, open Edit, Permissions and allow members to send messages, or make the bot an administrator."
)

_SAID: dict[str, tuple[Message, Message]] = {
    Obstacle.BLOCKED: (own("the bot is blocked"), own("Unblock it there, then send /start.")),
    Obstacle.REMOVED: (own("the bot was removed from the chat"), own("Add it again.")),
    Obstacle.CHAT_GONE: (own("the chat does not exist any more"), own("Subscribe in another chat.")),
    Obstacle.MESSAGES: (
        own("the bot may not send messages there"),
        own(
            "In a channel, make it an administrator that may post messages. In a group, allow members to send"
            " messages, or make it an administrator."
        ),
    ),
    Obstacle.CHANNEL_POSTS: (own("the bot may not post messages in the channel"), _TELEGRAM_CHANNEL),
    Obstacle.GROUP_MESSAGES: (own("the bot may not send messages in the group"), _TELEGRAM_GROUP),
    Obstacle.TOPIC_CLOSED: (
        own("the topic is closed"),
        own("Open it again, or make the bot an administrator that may manage topics."),
    ),
    Obstacle.TOPIC_GONE: (own("the topic was deleted"), own("Send /subscribe in another topic.")),
    Obstacle.SERVER_LEFT: (own("the bot was removed from the server"), own("Add it to the server again.")),
    Obstacle.VIEW_CHANNEL: (
        own("the bot may not see the channel"),
        own("In the channel's settings, open Permissions and allow the bot “View Channel”."),
    ),
    Obstacle.SEND_MESSAGES: (
        own("the bot may not send messages in the channel"),
        own("In the channel's settings, open Permissions and allow the bot “Send Messages”."),
    ),
    Obstacle.CREATE_POSTS: (
        own("the bot may not create posts in the forum"),
        own("In the forum's settings, open Permissions and allow the bot “Create Posts”."),
    ),
    Obstacle.SEND_IN_THREADS: (
        own("the bot may not send messages in threads"),
        own("In the settings of the thread's channel, open Permissions and allow the bot “Send Messages in Threads”."),
    ),
    Obstacle.THREAD_CLOSED: (own("the thread is closed"), own("Open it again, or subscribe in another channel.")),
    Obstacle.DIRECT_MESSAGES: (
        own("the bot may not send you direct messages"),
        own("In the privacy settings of a server where you and the bot are, allow direct messages."),
    ),
    Obstacle.MENTION_ROLE: (
        own("the bot may not ping this role"),
        own(
            "In the role's settings, allow anyone to mention it. Or in the channel's settings, open Permissions and"
            " allow the bot “Mention @everyone, @here, and All Roles”."
        ),
    ),
    Obstacle.ROLE_GONE: (own("this server does not have this role"), own("Choose another one.")),
    Obstacle.ROLE_OF_ALL: (own("the bot never pings everyone"), own("Choose another role.")),
    Obstacle.CREATE_THREADS: (
        own("the bot may not create threads"),
        own("In the channel's settings, open Permissions and allow the bot “Create Public Threads”."),
    ),
    Obstacle.NO_THREADS_HERE: (
        own("posts in threads and forums cannot have a thread of their own"),
        own("Subscribe in a text channel, or switch the threads off."),
    ),
    Obstacle.NO_ANNOUNCEMENTS: (
        own("this is not an announcement channel"),
        own("In the channel's settings, switch on “Announcement Channel”, or do not publish the posts."),
    ),
    NOT_ADMITTED: (own("the bot's operator does not admit this chat"), own("Ask the operator to admit it.")),
    PAUSED_BY_OPERATOR: (own("the bot's operator paused it"), own("Ask the operator to resume it.")),
}


def obstacle_said(reason: str) -> Message:
    """Returns what is wrong and how to mend it, in one line. An unknown reason is returned as it is."""
    known = _SAID.get(reason)
    return own("{problem}. {remedy}", problem=known[0], remedy=known[1]) if known else own("{reason}", reason=reason)


def cannot_post_note(obstacle: Obstacle) -> Block:
    """Says at once, below a new subscription, that the bot cannot post yet."""
    return Paragraph(own("I cannot post here yet: {obstacle}", obstacle=obstacle_said(obstacle)))


def missing_notes(obstacles: Sequence[Obstacle]) -> list[Block]:
    """Says at once which of the settings have no effect yet, and how to mend that."""
    return [Paragraph(own("This does not work yet: {obstacle}", obstacle=obstacle_said(one))) for one in obstacles]


def pause_notice_view(chat: str, reason: str, subscription: int) -> View:
    """Tells who subscribed that the bot cannot post any more."""
    said = own("Reason: {obstacle} Posts resume by themselves then.", obstacle=obstacle_said(reason))
    buttons = (
        Button(own("Resume"), Control(ControlVerb.RESUME, subscription)),
        Button(own("Change"), Control(ControlVerb.PANEL, subscription)),
    )
    return View((Heading(own("Your subscription in {chat} is paused", chat=chat)), Paragraph(said)), buttons)
