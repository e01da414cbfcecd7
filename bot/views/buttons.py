"""Buttons and their data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from briefings.model import SectionKind

_ACTION_VERSION = "v1"


_CONTROL_VERSION = "c1"


_MOST_ACTION_BYTES = 64


_MOST_PAGES = 10_000
#: What a database can number.
_MOST_NUMBER = 2**63


def _may_be_ours(encoded: str) -> bool:
    """Returns whether the text has the length and the characters of our button data."""
    return encoded.isascii() and encoded.isprintable() and len(encoded) <= _MOST_ACTION_BYTES


class Verb(StrEnum):
    """The effect of a story button."""

    KEY = "key"
    FULL = "full"
    SUMMARY = "summary"
    RELATED = "related"
    BRIEF = "brief"
    CLAIMS = "claims"
    CONTEXT = "context"
    MISTAKE = "mistake"
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    CARD = "card"
    LIKE = "like"
    DISLIKE = "dislike"


@dataclass(frozen=True, slots=True)
class Action:
    """The action of a story button. Its data has at most 64 bytes, and any client can forge it.

    Attributes:
        ordinal: Which of several sections of that kind, from 0; only OTHER has several. For claims: which of them, see
            `bot.views.selection`.
        page: From 0. For the context of a claim: the claim's number. For a mistake: the number of the sentence, from 1.
    """

    verb: Verb
    version: str
    kind: SectionKind | None = None
    ordinal: int = 0
    page: int = 0

    def encode(self) -> str:
        """Returns ``v1|verb|version|kind|page``, at most 64 bytes."""
        kind = "" if self.kind is None else self.kind.value
        place = f"{kind}.{self.ordinal}" if self.ordinal else kind
        encoded = f"{_ACTION_VERSION}|{self.verb}|{self.version}|{place}|{self.page}"
        if len(encoded.encode()) > _MOST_ACTION_BYTES:
            raise ValueError(f"an action of more than {_MOST_ACTION_BYTES} bytes: {encoded}")
        return encoded

    @classmethod
    def decode(cls, encoded: str) -> Action | None:
        """Returns the action, or None if `encode` did not make this data."""
        fields = encoded.split("|")
        if not _may_be_ours(encoded) or len(fields) != 5 or fields[0] != _ACTION_VERSION:
            return None
        place, _, ordinal = fields[3].partition(".")
        try:
            kind = SectionKind(place) if place else None
            action = cls(Verb(fields[1]), fields[2], kind, int(ordinal or 0), int(fields[4]))
        except ValueError:
            return None
        is_sane = 0 <= action.page < _MOST_PAGES and 0 <= action.ordinal < _MOST_PAGES
        return action if is_sane and action.encode() == encoded else None


class ControlVerb(StrEnum):
    """The effect of a settings button."""

    PANEL = "panel"
    CHOOSE = "choose"
    SET = "set"
    SUBSCRIBE = "sub"
    PAUSE = "pause"
    RESUME = "resume"
    LEAVE = "leave"
    CARD = "card"
    MINE = "mine"
    TEST = "test"
    DIGEST = "digest"
    RESEND = "resend"
    FORGET = "forget"
    SEND_ALL = "sendall"
    LEAVE_ALL = "leaveall"
    SHOW_ALL = "showall"
    LATEST = "latest"
    MISSED = "missed"
    FOUND = "found"
    FORGET_TASTE = "untaste"


#: The value of a button that is about all subscriptions of the chat that its subscription posts to.
ALL = "all"
#: Buttons that continue a list. Every reader may press them.
OF_LISTS = frozenset({ControlVerb.LATEST, ControlVerb.FOUND})
#: What changes the settings of a chat that has no subscription, and the mark before that chat.
_OF_A_CHAT, _IN_CHAT = frozenset({ControlVerb.PANEL, ControlVerb.CHOOSE, ControlVerb.SET}), "@"
#: What is about all posts that failed in one way: for operators alone.
ABOUT_TROUBLE = frozenset({ControlVerb.SEND_ALL, ControlVerb.LEAVE_ALL, ControlVerb.SHOW_ALL})


@dataclass(frozen=True, slots=True)
class Control:
    """The action of a subscription button. Any client can forge its data.

    Attributes:
        subscription: Its number; for a post to be sent again its number, for posts that failed their minute. 0 where
            the button is about none. For the newest stories: how many of them were shown already.
        setting: What it is about; for posts that failed, their state; for a new subscription, the chat if it is another
            one than that of the button; for a setting of a chat without a subscription, with that chat after an @.
        value: What would be typed for it; for posts that failed, their cause; for a pause, when it began.
    """

    verb: ControlVerb
    subscription: int = 0
    setting: str = ""
    value: str = ""

    @property
    def chat(self) -> str:
        """The chat that it is about, if that is not the button's and no subscription tells."""
        return self.setting if self.verb is ControlVerb.SUBSCRIBE else self.setting.partition(_IN_CHAT)[2]

    @property
    def in_its_chat(self) -> Control:
        """The control as it would be in the chat that it is about."""
        if self.verb is ControlVerb.SUBSCRIBE:
            return self
        return replace(self, setting=self.setting.partition(_IN_CHAT)[0])

    def for_chat(self, chat: str) -> Control:
        """Returns the control as a button in another chat carries it."""
        if self.verb is ControlVerb.SUBSCRIBE:
            return replace(self, setting=chat)
        is_of_a_chat = self.verb in _OF_A_CHAT and not self.subscription
        return replace(self, setting=f"{self.setting}{_IN_CHAT}{chat}") if is_of_a_chat else self

    @property
    def fits(self) -> bool:
        """Whether a button can carry it."""
        try:
            return _may_be_ours(self.encode())
        except ValueError:
            return False

    def encode(self) -> str:
        """Returns ``c1|verb|subscription|setting|value``, at most 64 bytes."""
        encoded = f"{_CONTROL_VERSION}|{self.verb}|{self.subscription}|{self.setting}|{self.value}"
        if len(encoded.encode()) > _MOST_ACTION_BYTES:
            raise ValueError(f"a control of more than {_MOST_ACTION_BYTES} bytes: {encoded}")
        return encoded

    @classmethod
    def decode(cls, encoded: str) -> Control | None:
        """Returns the control, or None if `encode` did not make this data."""
        fields = encoded.split("|", 4)
        if not _may_be_ours(encoded) or len(fields) != 5 or fields[0] != _CONTROL_VERSION:
            return None
        try:
            control = cls(ControlVerb(fields[1]), int(fields[2]), fields[3], fields[4])
        except ValueError:
            return None
        is_sane = 0 <= control.subscription < _MOST_NUMBER
        return control if is_sane and control.encode() == encoded else None
