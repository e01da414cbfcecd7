"""Which failure of an HTTP request means that it never arrived; for all platforms that are reached over aiohttp."""

from __future__ import annotations

from datetime import timedelta

import aiohttp

#: How long a platform is left alone that wants it and does not say for how long.
UNTOLD_WAIT = timedelta(seconds=5)


_MOST_WORDS = 200


def in_a_line(words: str, otherwise: str = "the answer came from another program, such as a proxy") -> str:
    """A platform's words in one short line: without control characters, and without the page of a proxy.

    Args:
        otherwise: What is said where nothing is left.
    """
    # python-telegram-bot repeats an answer that it cannot read behind these words.
    before_page = words.partition("<")[0].partition(". Parsing the server response")[0]
    line = " ".join("".join(one if one.isprintable() else " " for one in before_page).split())
    return (line if len(line) <= _MOST_WORDS else f"{line[: _MOST_WORDS - 1]}…") or otherwise


def never_arrived(error: BaseException) -> bool:
    """Whether an error of aiohttp's came before a byte of the request could leave.

    Names that do not resolve, refused connections, failed handshakes, and the time-out of the connection, which counts
    the wait for a free one in the pool (https://docs.aiohttp.org/en/stable/client_reference.html#client-exceptions).
    Everything else, a reset above all, may have come after the platform had read the request.
    """
    return isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError | aiohttp.InvalidURL)


def describe(error: BaseException) -> str:  # noqa: PLR0911  # a table of one line each
    """An error in a line for operators: never with a URL, which may hold a token."""
    match error:
        case aiohttp.InvalidURL():
            return "the platform's address is no URL"
        case aiohttp.ClientConnectorDNSError():
            return f"the name {error.host} does not resolve"
        case aiohttp.ClientConnectorError():
            return f"no connection to {error.host}: {error.os_error.strerror or type(error.os_error).__name__}"
        case aiohttp.ConnectionTimeoutError():
            return "no connection in time"
        case TimeoutError():
            return "no answer in time"
        case aiohttp.ServerDisconnectedError():
            return "the connection was closed before an answer came"
        case aiohttp.ClientPayloadError():
            return "the answer broke off"
        case aiohttp.ClientOSError():
            return f"the connection broke: {error.strerror or type(error).__name__}"
        case _:
            return f"the answer was none ({type(error).__name__})"
