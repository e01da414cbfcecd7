"""What can go wrong while an article is read.

Errors carry data; the words for a person are found where people are talked to.

::

    BriefingError
    ├── LimitExceeded               work on an input takes more time or memory than it is given
    ├── StoryChanged                a report got another version while one was added to it
    └── SourceError                 an input that gives no article
        ├── SourceMissing           nothing stands at that path
        ├── SourceIsDirectory
        ├── SourceIsAddress         the address of a page, which is not fetched
        ├── SourceUnreadable        the system refuses to read it
        ├── SourceTooLarge          more than MAX_BYTES
        ├── SourceTooLong           more text than an article has
        ├── SourceEmpty             nothing but white space
        ├── SourceUnsupported       no text, or text of another kind: a picture, a PDF, a feed
        ├── SourceUndecodable       text, but in no encoding that can be told
        ├── SourceMalformed         front matter that is not what it should be
        └── ArticleNotFound         text without an article in it
"""

from __future__ import annotations


class BriefingError(Exception):
    """The base of every error that this package raises on purpose."""


class LimitExceeded(BriefingError):
    """Work on an input takes more than it is given; ``limit`` names of what: time, memory, queue."""

    def __init__(self, limit: str) -> None:
        super().__init__(limit)
        self.limit = limit


class StoryChanged(BriefingError):
    """A report has another current version than the one that a new version was to follow."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class SourceError(BriefingError):
    """An input gives no article; ``name`` is what its owner calls it."""

    def __init__(self, name: str, *more: object) -> None:
        super().__init__(name, *more)  # all of them: an error that comes from another process is made of them again
        self.name = name


class SourceMissing(SourceError):
    """Nothing stands at that path."""


class SourceIsDirectory(SourceError):
    """The path is a directory."""


class SourceIsAddress(SourceError):
    """The address of a page and not a file."""


class SourceUnreadable(SourceError):
    """The system refuses to read it."""


class SourceTooLarge(SourceError):
    """More than ``limit`` bytes."""

    def __init__(self, name: str, limit: int) -> None:
        super().__init__(name, limit)
        self.limit = limit


class SourceTooLong(SourceError):
    """More text than an article has: more than ``limit`` characters, or as many paragraphs as fit no article."""

    def __init__(self, name: str, limit: int) -> None:
        super().__init__(name, limit)
        self.limit = limit


class SourceEmpty(SourceError):
    """Nothing but white space."""


class SourceUnsupported(SourceError):
    """Not a text, a Markdown file or a page; ``media`` names what it seems to be."""

    def __init__(self, name: str, media: str) -> None:
        super().__init__(name, media)
        self.media = media


class SourceUndecodable(SourceError):
    """Text in no encoding that can be told."""


class SourceMalformed(SourceError):
    """The front matter cannot be used; ``problem`` says why, ``line`` where (from 1)."""

    def __init__(self, name: str, problem: str, line: int) -> None:
        super().__init__(name, problem, line)
        self.problem = problem
        self.line = line


class ArticleNotFound(SourceError):
    """Readable text, but no article in it."""
