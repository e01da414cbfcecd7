"""The names of chats and of their topics."""

from __future__ import annotations

from telegram import Message


def title_of(message: Message) -> str:
    """Returns the name of the chat, with that of the topic: "News: Weather", or "News #5" if Telegram names none.

    A message in a topic that replies to nothing else replies to the message that created the topic.
    """
    name = message.chat.title or ""
    if not name or not message.is_topic_message:
        return name
    replied = message.reply_to_message
    created = replied.forum_topic_created if replied else None
    return f"{name}: {created.name}" if created else f"{name} #{message.message_thread_id}"
