"""The errors of this package. They carry data; `bot.answers.errors` has the messages for users.

::

    BriefingError
    ├── LimitExceeded               processing an input needs too much time or memory
    ├── StoryChanged                another task added a version to the same report
    └── SourceError                 no article can be read from the input
        ├── SourceMissing           the file does not exist
        ├── SourceIsDirectory       the path is a directory
        ├── SourceIsAddress         the input is a web address, not a file
        ├── SourceUnreadable        the file cannot be opened
        ├── SourceTooLarge          the input has too many bytes
        ├── SourceTooLong           the text is longer than an article can be
        ├── SourceEmpty             the input is empty or only white space
        ├── SourceUnsupported       the input is of another type: a picture, a PDF, a feed
        ├── SourceUndecodable       the text's encoding is unknown
        ├── SourceMalformed         the front matter is invalid
        └── ArticleNotFound         the text has no article
"""

from __future__ import annotations


class BriefingError(Exception):
    """The base class of all errors that this package raises."""


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


class SourceTooLarge(SourceError):
    """The input has more than ``limit`` bytes."""

    def __init__(self, name: str, limit: int) -> None:
        super().__init__(name, limit)
        self.limit = limit


class SourceTooLong(SourceError):
    """The text has more than ``limit`` characters, or more paragraphs than an article can have."""

    def __init__(self, name: str, limit: int) -> None:
        super().__init__(name, limit)
        self.limit = limit


class SourceEmpty(SourceError):
    """The input is empty or only white space."""


class SourceUnsupported(SourceError):
    """The input is not plain text, Markdown or HTML.

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


class ArticleNotFound(SourceError):
    """The text can be read but has no article."""
