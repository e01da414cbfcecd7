"""Reasons why the bot cannot post in a chat."""

from __future__ import annotations

from enum import StrEnum


class Obstacle(StrEnum):
    """A missing right or another reason. The value is stored as the reason of a pause."""

    BLOCKED = "blocked"
    REMOVED = "removed"
    CHAT_GONE = "chat-gone"
    MESSAGES = "messages"
    CHANNEL_POSTS = "channel-posts"
    GROUP_MESSAGES = "group-messages"
    TOPIC_CLOSED = "topic-closed"
    TOPIC_GONE = "topic-gone"
    SERVER_LEFT = "server-left"
    VIEW_CHANNEL = "view-channel"
    SEND_MESSAGES = "send-messages"
    CREATE_POSTS = "create-posts"
    SEND_IN_THREADS = "send-in-threads"
    THREAD_CLOSED = "thread-closed"
    DIRECT_MESSAGES = "direct-messages"
    MENTION_ROLE = "mention-role"
    ROLE_GONE = "role-gone"
    ROLE_OF_ALL = "role-of-all"
    CREATE_THREADS = "create-threads"
    NO_THREADS_HERE = "no-threads-here"
    NO_ANNOUNCEMENTS = "no-announcements"
