"""Recognises small talk: greetings, thanks, "who are you?", "any news?"."""

from __future__ import annotations

import unicodedata
from functools import cache

from bot.i18n import LOCALES, Message, Translator, own
from briefings.phrases import fold

_GREETINGS = own("hello, hi, hey, good morning, good afternoon, good evening")
_THANKS = own("thanks, thank you, thanks a lot, many thanks, great, okay, ok")
_ABOUT_BOT = own(
    "who are you, what are you, what is this, what can you do, what do you do, how do you work, how does this work,"
    " are you a bot, help me, help me please, i need help"
)
_NEWS = own(
    "news, the news, any news, what is new, what's new, whats new, show me the news, send me the news,"
    " give me the news, what are the news, today's news, latest news, the latest, what's the latest,"
    " what is the latest, what's going on, what is going on, what's going on in the world, what's happening,"
    " what is happening, what's happening in the world, what happened today"
)
_MORE = own("more, tell me more, show more, go on, continue, next page, and then")
#: Emojis that thank or agree.
_THANKFUL = frozenset("👍👌🙏❤♥👏🙌🤝✅😊🙂😀😃😄😁🥰😍💯🎉")
#: The Unicode categories of emojis: symbols, and the marks that change and join them.
_EMOJI = frozenset({"So", "Sk", "Mn", "Cf"})
#: A greeting can have a few words behind it: "hello bot".
_MOST_GREETED = 4


def is_greeting(text: str) -> bool:
    """Returns whether a text is only a greeting, in any of the bot's languages."""
    words = fold(text).split()
    begins = range(1, min(len(words), _MOST_GREETED) + 1) if len(words) <= _MOST_GREETED else ()
    return any(" ".join(words[:end]) in phrases(_GREETINGS) for end in begins)


def is_thanks(text: str) -> bool:
    """Returns whether a text only thanks or agrees, in any of the bot's languages or with emojis."""
    return fold(text) in phrases(_THANKS) or (is_emoji(text) and not _THANKFUL.isdisjoint(text))


def is_emoji(text: str) -> bool:
    """Returns whether a text has nothing but emojis."""
    return bool(text) and all(one.isspace() or unicodedata.category(one) in _EMOJI for one in text)


def asks_about_bot(text: str) -> bool:
    """Returns whether a text asks what the bot is."""
    return fold(text) in phrases(_ABOUT_BOT)


def asks_for_news(text: str) -> bool:
    """Returns whether a text asks for the newest stories, whatever they are about."""
    return fold(text) in phrases(_NEWS)


def asks_for_more(text: str) -> bool:
    """Returns whether a text asks to go on with what was shown last."""
    return fold(text) in phrases(_MORE)


@cache
def phrases(message: Message) -> frozenset[str]:
    """Returns the phrases that a message lists, divided by commas, in all languages."""
    said = (Translator(locale).say(message) for locale in LOCALES)
    return frozenset(fold(phrase) for one in said for phrase in one.split(","))
