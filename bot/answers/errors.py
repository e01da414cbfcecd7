"""Messages for invalid input and database failures: what went wrong and what to do."""

from __future__ import annotations

from bot.i18n import Message, own
from bot.storage.database.errors import (
    BackupFailed,
    DatabaseCorrupt,
    DatabaseFull,
    DatabaseLocked,
    DatabaseReadOnly,
    DatabaseReplaced,
    DatabaseTaken,
    DatabaseTooNew,
    DatabaseUnreachable,
    DatabaseUnsupported,
    StorageError,
)
from briefings.errors import (
    ArticleNotFound,
    SourceEmpty,
    SourceError,
    SourceIsAddress,
    SourceIsDirectory,
    SourceMalformed,
    SourceMissing,
    SourceTooLarge,
    SourceTooLong,
    SourceUndecodable,
    SourceUnreadable,
    SourceUnsupported,
)

_MEGABYTE = 1_000_000


def error_message(error: SourceError) -> Message:  # noqa: C901, PLR0911, PLR0912  # a table of one line each
    """The one line that a person is told."""
    name = error.name
    match error:
        case SourceMissing():
            return own("{name}: there is no such file. Check the path, or use - for standard input.", name=name)
        case SourceIsDirectory():
            return own("{name} is a directory. Name one file in it.", name=name)
        case SourceIsAddress():
            return own("{name} is an address. Save the page in your browser and give the file.", name=name)
        case SourceUnreadable():
            return own("{name} may not be read. Check its permissions.", name=name)
        case SourceTooLarge(limit=limit):
            size = limit // _MEGABYTE
            return own("{name} has more than {size} MB. Give the article alone.", name=name, size=size)
        case SourceTooLong(limit=limit):
            return own(
                "{name} has too much text (at most {limit} characters). Give one article.", name=name, limit=limit
            )
        case SourceEmpty():
            return own("{name} is empty. Paste an article into it.", name=name)
        case SourceUnsupported(media="binary"):
            return own("{name} is not a text. Give plain text, Markdown or HTML.", name=name)
        case SourceUnsupported(media=media):
            return own(
                "{name} is not an article but {media}. Give plain text, Markdown or HTML.", name=name, media=media
            )
        case SourceUndecodable():
            return own("{name}: its characters cannot be told. Save it as UTF-8.", name=name)
        case SourceMalformed(problem=problem, line=line):
            return own(
                "{name}, line {line}: the front matter is not usable ({problem}). Write lines such as “title: …”.",
                name=name,
                line=line,
                problem=problem,
            )
        case ArticleNotFound():
            return own("{name}: there is no article in it. Give a page or a text with full sentences.", name=name)
        case _:
            return own("{name} cannot be read.", name=name)


def storage_error_message(error: StorageError) -> Message:  # noqa: C901, PLR0911  # a table of one line each
    """The one line that an operator is told."""
    place, detail = error.place, error.detail
    match error:
        case DatabaseUnreachable():
            return own(
                "{place} cannot be opened ({detail})."
                " Check `database` in the settings: is its folder, or its server, there?",
                place=place,
                detail=detail,
            )
        case DatabaseLocked():
            return own(
                "{place} is locked by another program. Stop the other one, or try again when it is done.", place=place
            )
        case DatabaseFull():
            return own(
                "{place}: the disk is full, or fails ({detail}). Make room, and start again.",
                place=place,
                detail=detail,
            )
        case DatabaseReadOnly():
            return own("{place} may not be written. Check its permissions, and its folder's.", place=place)
        case DatabaseCorrupt():
            return own(
                "{place} is not a database, or damaged ({detail}). Restore a backup, or move the file away.",
                place=place,
                detail=detail,
            )
        case DatabaseTooNew():
            return own(
                "{place} was written by a newer version of Nutgraf (revision {detail}). Install that version.",
                place=place,
                detail=detail,
            )
        case DatabaseTaken():
            return own("Another `nutgraf run` works with {place}. Stop it first: there is one at a time.", place=place)
        case DatabaseReplaced():
            return own(
                "{place} was deleted or replaced while the bot was running ({detail}). The bot has stopped, so that"
                " nothing more is lost. Put the right file back, and start again.",
                place=place,
                detail=detail,
            )
        case DatabaseUnsupported():
            return own(
                "{place} is no database that can be used ({detail}). Write sqlite:///FILE, or postgresql://… and"
                " install nutgraf[postgres].",
                place=place,
                detail=detail or "?",
            )
        case BackupFailed():
            return own("No backup was made: {detail}.", detail=detail)
        case _:
            return own("{place} failed: {detail}", place=place, detail=detail)
