"""The errors of this package. They carry data; `bot.answers.errors` has the messages for users.

::

    BriefingError
    ├── LimitExceeded               processing an input needs too much time or memory
    ├── WorkFailed                  a worker process met a mistake in this program
    ├── StoryChanged                another task added a version to the same report
    └── SourceError                 no article can be read from the input
        ├── SourceMissing           the file does not exist
        ├── SourceIsDirectory       the path is a directory
        ├── SourceIsAddress         the input is a web address, not a file
        ├── SourceUnreadable        the file cannot be opened
        ├── SourceTooLarge          the input has too many bytes
        ├── SourceTooLong           the text is longer than an article can be
        ├── SourceEmpty             the input is empty or only white space
        ├── SourceUnsupported       the input is of another type: a picture, an archive, a feed
        ├── SourceUndecodable       the text's encoding is unknown
        ├── SourceMalformed         the front matter is invalid
        ├── PdfEncrypted            the PDF needs a password
        ├── PdfWithoutText          the pages of the PDF are pictures
        ├── PdfTooLong              the PDF has too many pages
        ├── PdfDamaged              the PDF cannot be read
        ├── ArticleNotFound         the text has no article
        │   └── PageIsNoArticle     the page is of another type: a paywall, a list of stories, a video
        ├── FeedError               no items can be read from the feed
        │   ├── FeedInvalid         not RSS, Atom, RDF or JSON Feed
        │   ├── FeedUnsafe          the XML declares entities
        │   ├── FeedTooComplex      reading it needs too much time or memory
        │   ├── FeedEmpty           the feed has no items
        │   └── OpmlInvalid         no list of feeds, or one without a feed
        └── FetchError              the address cannot be fetched
            ├── AddressInvalid      not an http(s) address
            ├── AddressNotPublic    an address in a private network
            ├── HostUnknown         DNS has no such name
            ├── ServerUnreachable   no connection, or it breaks
            ├── CertificateInvalid  TLS fails
            ├── FetchTimeout        it takes too long
            ├── RobotsRefusal       the site's robots.txt forbids it
            ├── RedirectFailed      redirects in a circle, too many of them, or to nowhere
            ├── ResponseInvalid     an answer that is not HTTP, damaged or cut off
            ├── ServerBusy          429 or 503: try again later
            └── StatusRefused       another status that is an error
                └── AddressGone     410: gone for good
"""

from __future__ import annotations

from enum import StrEnum


class BriefingError(Exception):
    """The base class of all errors that this package raises."""


class WorkFailed(BriefingError):
    """A mistake in this program, met in a worker process.

    Its argument is the traceback as text, since the original error may not survive the way between processes.
    """


class LimitExceeded(BriefingError):
    """Processing an input exceeded a limit.

    Attributes:
        limit: The limit: ``time``, ``memory`` or ``queue``.
    """

    def __init__(self, limit: str) -> None:
        super().__init__(limit)
        self.limit = limit


class StoryChanged(BriefingError):
    """The report's current version is not the one that the new version replaces."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class SourceError(BriefingError):
    """No article can be read from the input.

    Attributes:
        name: The input's name for messages, such as its path.
    """

    def __init__(self, name: str, *more: object) -> None:
        super().__init__(name, *more)  # all arguments, because unpickling calls the constructor with them
        self.name = name


class SourceMissing(SourceError):
    """The file does not exist."""


class SourceIsDirectory(SourceError):
    """The path is a directory."""


class SourceIsAddress(SourceError):
    """The input is a web address, not a file."""


class SourceUnreadable(SourceError):
    """The file cannot be opened for reading."""


class _OverLimit(SourceError):
    def __init__(self, name: str, limit: int) -> None:
        super().__init__(name, limit)
        self.limit = limit


class SourceTooLarge(_OverLimit):
    """The input has more than ``limit`` bytes."""


class SourceTooLong(_OverLimit):
    """The text has more than ``limit`` characters, or more paragraphs than an article can have."""


class SourceEmpty(SourceError):
    """The input is empty or only white space."""


class SourceUnsupported(SourceError):
    """The input is not plain text, Markdown, HTML or PDF.

    Attributes:
        media: The type that it seems to have.
    """

    def __init__(self, name: str, media: str) -> None:
        super().__init__(name, media)
        self.media = media


class SourceUndecodable(SourceError):
    """The encoding of the text is unknown."""


class SourceMalformed(SourceError):
    """The front matter is invalid.

    Attributes:
        problem: The reason.
        line: The line number, from 1.
    """

    def __init__(self, name: str, problem: str, line: int) -> None:
        super().__init__(name, problem, line)
        self.problem = problem
        self.line = line


class PdfEncrypted(SourceError):
    """The PDF needs a password."""


class PdfWithoutText(SourceError):
    """The pages of the PDF are pictures, such as scans."""


class PdfTooLong(_OverLimit):
    """The PDF has more than ``limit`` pages."""


class PdfDamaged(SourceError):
    """The PDF cannot be read."""


class ArticleNotFound(SourceError):
    """The text can be read but has no article."""


class PageKind(StrEnum):
    """The kinds of pages that are not articles."""

    PAYWALL = "paywall"
    CONSENT = "consent"
    ERROR = "error"
    LIVE = "live"
    VIDEO = "video"
    INDEX = "index"


class PageIsNoArticle(ArticleNotFound):
    """A page of another kind; ``kind`` says which."""

    def __init__(self, name: str, kind: PageKind) -> None:
        super().__init__(name, kind)
        self.kind = kind


class PageMovedOn(ArticleNotFound):
    """A page that only sends its readers on to another address, ``target``."""

    def __init__(self, name: str, target: str) -> None:
        super().__init__(name, target)
        self.target = target


class FeedError(SourceError):
    """An address that gives no items of a feed."""


class FeedInvalid(FeedError):
    """Neither RSS, Atom, RDF nor JSON Feed."""


class FeedUnsafe(FeedError):
    """XML that declares entities, which are used for attacks and by no feed."""


class FeedTooComplex(FeedError):
    """Reading the feed needs too much time or memory."""


class FeedEmpty(FeedError):
    """A feed without items."""


class OpmlInvalid(FeedError):
    """Not an OPML list, or one that has no feed with an address."""


class FetchError(SourceError):
    """An address that gives no bytes; ``name`` is the address."""


class AddressInvalid(FetchError):
    """Not an http(s) address of a host."""


class AddressNotPublic(FetchError):
    """The address, or one that it redirects to, is in a private network."""


class HostUnknown(FetchError):
    """DNS has no such name."""


class ServerUnreachable(FetchError):
    """Nobody answers there, or the connection breaks."""


class CertificateInvalid(FetchError):
    """TLS fails; ``detail`` says how."""

    def __init__(self, name: str, detail: str) -> None:
        super().__init__(name, detail)
        self.detail = detail


class FetchTimeout(FetchError):
    """It takes more than ``seconds``."""

    def __init__(self, name: str, seconds: float) -> None:
        super().__init__(name, seconds)
        self.seconds = seconds


class RobotsRefusal(FetchError):
    """The site's robots.txt asks bots to stay away from the page."""


class RedirectFailed(FetchError):
    """Redirects in a circle, too many of them, or to nowhere."""


class ResponseInvalid(FetchError):
    """An answer that is not HTTP, is cut off, or is compressed in a wrong or unknown way."""


class ServerBusy(FetchError):
    """The server asks to come back in ``seconds``."""

    def __init__(self, name: str, seconds: float) -> None:
        super().__init__(name, seconds)
        self.seconds = seconds


class StatusRefused(FetchError):
    """The server answers with an error; ``status`` is HTTP's."""

    def __init__(self, name: str, status: int) -> None:
        super().__init__(name, status)
        self.status = status


class AddressGone(StatusRefused):
    """The server says that nothing will be there again (410)."""

    def __init__(self, name: str, status: int = 410) -> None:
        super().__init__(name, status)
