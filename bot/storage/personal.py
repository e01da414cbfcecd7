"""The columns with personal data. /mydata shows all of them and /forgetme deletes them.

A test checks that every column of every table is declared here.
"""

from __future__ import annotations

from enum import Enum, auto

from sqlalchemy import Column

from bot.storage.database.tables import metadata


class Personal(Enum):
    """Whether a column has personal data, and for how long."""

    NO = auto()
    YES = auto()
    #: In a message that waits for its answer. It is deleted with the answer, or with /forgetme if it was set aside.
    UNTIL_ANSWERED = auto()


#: The columns with personal data of each table. All other columns are in `_IMPERSONAL`.
_PERSONAL = {
    "chat": "destination language zone title",
    "conversation": "destination told story seen",
    "source_chat": "destination tags",
    "posted": "chat message versions seen",
    "answered": "chat request messages asked seen",
    "followed": "destination story since",
    "taste": "destination kind name score changed",
    "subscription": "destination created_by settings paused cursor next_due starts since paused_until",
    "occasion": "subscription key due since version state",
    "told": "destination report number occasion part",
    "delivery": (
        "dedup subscription occasion destination op target part not_before expires_at state composition payload"
        " remote_id sending_at error created"
    ),
    "sign_in": "kind operator expires",
    # Only for articles pasted in a chat. Public articles have no owner.
    "report": "key owner",
    "version": "report received briefing changes",
    "attribution": "found",
}
_UNTIL_ANSWERED = {"inbox": "body reply"}
_IMPERSONAL = {
    "story": "id merged_into fixed",
    "report": "id story hidden site current updated published",
    "version": "id number hidden_lines",
    "attribution": "version analyser",
    "report_tag": "report tag",
    "title_term": "term report",
    "term": "term reports",
    "arrival": "id version",
    "subscription": "id is_channel",
    "occasion": "id",
    "delivery": "id platform parts epoch attempts resends",
    "inbox": "id platform number received state attempts reason process",
    "epoch": "platform number",
    "part": "name epoch holder since",
    "job_run": "task number started deaths aside_until",
    "sign_in": "digest",
    # The operators' list of public sources, and their items.
    "feed": (
        "id address title tags shown least most origin declared etag last_modified interval next_poll failures error"
        " last_read newest usual_gap ended merged_into"
    ),
    "feed_item": "id feed key fingerprint state body article attempts not_before found seen version",
}
_DECLARED = (
    (Personal.YES, _PERSONAL),
    (Personal.UNTIL_ANSWERED, _UNTIL_ANSWERED),
    (Personal.NO, _IMPERSONAL),
)


def declarations(column: Column[object]) -> list[Personal]:
    """Returns the declarations of a column. A correct column has exactly one."""
    return [kind for kind, tables in _DECLARED if column.name in tables.get(column.table.name, "").split()]


def personal_columns() -> list[Column[object]]:
    """Returns all columns with personal data."""
    return [
        column
        for table in metadata.tables.values()
        for column in table.columns
        if declarations(column) == [Personal.YES]
    ]
