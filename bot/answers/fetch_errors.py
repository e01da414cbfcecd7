"""Messages for pages and feeds that cannot be read: what went wrong and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.i18n import Message, own
from briefings.errors import (
    AddressGone,
    AddressInvalid,
    AddressNotPublic,
    CertificateInvalid,
    FeedEmpty,
    FeedInvalid,
    FeedTooComplex,
    FeedUnsafe,
    FetchTimeout,
    HostUnknown,
    OpmlInvalid,
    PageIsNoArticle,
    PageKind,
    RedirectFailed,
    ResponseInvalid,
    RobotsRefusal,
    ServerBusy,
    ServerUnreachable,
    SourceError,
    StatusRefused,
)

_MINUTE = 60
#: The statuses of servers that want to know who asks, or that refuse bots.
LOGIN = frozenset({401, 402, 403, 451})
_MISSING = 404

_MESSAGES: Mapping[type[SourceError], Message] = {
    AddressInvalid: own("{name} is not a web address. Write one such as https://www.example.org/."),
    AddressNotPublic: own(
        "{name} is in a private network, so it was not fetched. To allow single addresses, use"
        " “fetching: allow_private” in the settings."
    ),
    HostUnknown: own("{name}: there is no such site. Check the spelling, or the DNS of this machine."),
    ServerUnreachable: own("{name}: the server does not answer. Try again later."),
    CertificateInvalid: own("{name}: the connection is not secure ({detail}). Only the site can fix that."),
    FetchTimeout: own("{name} took more than {seconds} seconds. Try again later."),
    RobotsRefusal: own("{name}: the site asks bots not to read this page (robots.txt). Paste its text instead."),
    RedirectFailed: own("{name} redirects in a circle or to nowhere. Open it in a browser and use that address."),
    ResponseInvalid: own("{name}: the server's answer is damaged or incomplete. Try again later."),
    ServerBusy: own("{name}: the server asks to wait for {minutes} min."),
    StatusRefused: own("{name}: the server answered with the error {status}. Try again later."),
    AddressGone: own("{name}: the server says that this page is gone for good. Use another address."),
    FeedInvalid: own(
        "{name} is not a feed. To find the feeds of a site, use “nutgraf feeds add” with the address of its front page."
    ),
    FeedUnsafe: own("{name} declares XML entities, which can be used for attacks. It was not read."),
    FeedTooComplex: own("{name} takes too much time or memory to read."),
    FeedEmpty: own("{name} is a feed without items. Try again when it has some."),
    OpmlInvalid: own("{name} is not an OPML list with addresses of feeds. Export one from a feed reader."),
}
_NO_PAGE = own("{name}: there is no such page. Check the address.")
_NEEDS_LOGIN = own("{name}: the server requires a login ({status}). Paste its text instead.")
_PAGES: Mapping[PageKind, Message] = {
    PageKind.PAYWALL: own("{name} is behind a paywall: most of its text is missing. Paste its text instead."),
    PageKind.CONSENT: own("{name} shows a request for consent instead of an article. Paste its text instead."),
    PageKind.ERROR: own("{name} is an error page. Check the address."),
    PageKind.LIVE: own("{name} is a live ticker, not an article. Use the address of an article."),
    PageKind.VIDEO: own("{name} is a video with little text. Use the address of an article."),
    PageKind.INDEX: own("{name} is a list of stories. Use the address of one of them."),
}


def fetch_message(error: SourceError) -> Message | None:
    """Returns the message for a page or feed that could not be read, or None for another error."""
    message = _message(error)
    if message is None:
        return None
    seconds = getattr(error, "seconds", 0.0)
    more = {"seconds": round(seconds), "minutes": max(1, round(seconds / _MINUTE))}
    return replace(message, values={**vars(error), **more})


def _message(error: SourceError) -> Message | None:
    if isinstance(error, PageIsNoArticle):
        return _PAGES[error.kind]
    if type(error) is StatusRefused and error.status == _MISSING:
        return _NO_PAGE
    if type(error) is StatusRefused and error.status in LOGIN:
        return _NEEDS_LOGIN
    return _MESSAGES.get(type(error))
