"""Messages for invalid input and database failures: what went wrong and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.answers.fetch_errors import fetch_message
from bot.i18n import Message, own
from bot.storage.database.errors import (
    BackupFailed,
    DatabaseCorrupt,
    DatabaseFolderMissing,
    DatabaseFull,
    DatabaseLocked,
    DatabasePooled,
    DatabaseReadOnly,
    DatabaseReplaced,
    DatabaseSlow,
    DatabaseTaken,
    DatabaseTooNew,
    DatabaseUnreachable,
    DatabaseUnsupported,
    RestoreFailed,
    ServerReadOnly,
    StorageError,
    TransferFailed,
)
from briefings.errors import (
    ArticleNotFound,
    PdfDamaged,
    PdfEncrypted,
    PdfTooLong,
    PdfWithoutText,
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

MEGABYTE = 1_000_000


_SOURCE_MESSAGES: Mapping[type[SourceError], Message] = {
    SourceMissing: own("{name}: there is no such file. Check the path, or use - for standard input."),
    SourceIsDirectory: own("{name} is a directory. Name one file in it."),
    SourceIsAddress: own("{name} is a web address. Save the page in your browser and give the file."),
    SourceUnreadable: own("No permission to read {name}. Check its permissions."),
    SourceTooLarge: own("{name} is larger than {size} MB. Give only the article."),
    SourceTooLong: own("{name} has too much text (at most {limit} characters). Give one article."),
    SourceEmpty: own("{name} is empty."),
    SourceUnsupported: own("Cannot read {name} ({media}). Give plain text, Markdown, HTML or PDF."),
    SourceUndecodable: own("{name}: unknown text encoding. Save the file as UTF-8."),
    SourceMalformed: own("{name}, line {line}: invalid front matter ({problem}). Write lines such as “title: …”."),
    PdfEncrypted: own("{name} needs a password. Save it without one."),
    PdfWithoutText: own("{name} has pictures of pages, but no text. Give a PDF whose text can be selected."),
    PdfTooLong: own("{name} has more than {limit} pages. Give one article."),
    PdfDamaged: own("{name} is a damaged PDF. Save it again, or give its text."),
    ArticleNotFound: own("No article was found in {name}. Give a page or a text with full sentences."),
}
_BINARY = own("{name} is not a text file. Give plain text, Markdown, HTML or PDF.")
_STORAGE_MESSAGES: Mapping[type[StorageError], Message] = {
    DatabaseUnreachable: own(
        "Cannot open the database {place} ({detail}). Check `database` in the settings, and that "
        "its folder or server exists."
    ),
    DatabaseFolderMissing: own(
        "Cannot open the database {place}: the folder {detail} does not exist. "
        "Create it, or write another path as `database` in the settings."
    ),
    DatabaseLocked: own("The database {place} is locked by another program. Stop that program, or try again later."),
    DatabaseFull: own(
        "Cannot write to {place}: the disk is full or failing ({detail}). Free some space, then start again."
    ),
    DatabaseReadOnly: own(
        "No permission to write to {place} ({detail}). Check the permissions of the file and of its folder, or of the "
        "user on the server."
    ),
    DatabaseSlow: own("{place} answers too slowly ({detail}). Look at the load of the server and at its time limits."),
    ServerReadOnly: own(
        "{place} takes no changes now ({detail}). If it is a replica, write the address of the main server as "
        "`database` in the settings."
    ),
    DatabaseCorrupt: own(
        "{place} is damaged or is not a database ({detail}). Restore a backup, or move the file away."
    ),
    DatabaseTooNew: own("{place} was written by a newer version of Nutgraf (revision {detail}). Install that version."),
    DatabaseTaken: own("Another `nutgraf run`, `worker`, `restore` or `import` is using {place}. Stop it first."),
    DatabasePooled: own(
        "{place} is reached through a pooler that changes connections between statements, such as PgBouncer in "
        "transaction mode. Locks do not hold there. Write the address of the server itself, or use session mode."
    ),
    DatabaseReplaced: own(
        "{place} was deleted or replaced while the bot was running ({detail}). The bot has "
        "stopped to prevent further loss. Put the right file back, then start again."
    ),
    DatabaseUnsupported: own(
        "{place} is not a supported database ({detail}). Write sqlite:///FILE. For "
        "postgresql://…, install nutgraf[postgres]."
    ),
    BackupFailed: own("No backup was made: {detail}."),
    RestoreFailed: own("Nothing was restored: {detail}."),
    TransferFailed: own("Nothing was moved: {detail}."),
}


def error_message(error: SourceError) -> Message:
    """Returns the message for an input from which no article could be read."""
    if (fetching := fetch_message(error)) is not None:
        return fetching
    is_binary = isinstance(error, SourceUnsupported) and error.media == "binary"
    message = _BINARY if is_binary else _SOURCE_MESSAGES.get(type(error), own("{name} cannot be read."))
    limit = getattr(error, "limit", 0)
    return replace(message, values={**vars(error), "size": limit // MEGABYTE})


def storage_error_message(error: StorageError) -> Message:
    """Returns the message for a failure of the database, for the operator."""
    message = _STORAGE_MESSAGES.get(type(error), own("{place} failed: {detail}"))
    return replace(message, values={"place": error.place, "detail": error.detail or "?"})
