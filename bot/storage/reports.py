"""Adds and removes reports, within the caller's transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import bindparam, delete, func, insert, select, update

from bot.storage.attributions import write_attribution
from bot.storage.briefings import briefing_row, read_briefing, read_lines, write_lines
from bot.storage.database import fulltext
from bot.storage.database.engine import Connection
from bot.storage.database.statements import upsert
from bot.storage.database.tables import arrival, report, report_tag, story, title_term, version
from bot.storage.frequencies import ALL_REPORTS, count, counted
from bot.storage.grouping import merge_stories, new_story, stories_of_event
from bot.storage.rows import UNREADABLE
from bot.storage.rows import report as report_unreadable
from bot.storage.story_queries import REPORTS_WITH_TITLE
from bot.storage.version_cache import Versions
from briefings.corrections import CORRECTED_WITHIN, is_correction
from briefings.errors import StoryChanged
from briefings.hiding import still_hidden
from briefings.scope import EVERYBODY
from briefings.story_store import Draft

_BY_KEY = select(report.c.id, report.c.current).where(report.c.key == bindparam("key")).with_for_update()
#: In the key of a report whose address shows another one now, this stands behind the address. No other key has it.
DISPLACED = "#"
#: Gives a report a key that nothing else has.
_FREE_KEY = (
    update(report)
    .where(report.c.id == bindparam("number"))
    .values(key=report.c.key.concat(DISPLACED).concat(report.c.current))
)
_NEW_REPORT = insert(report).returning(report.c.id)
_NEW_VERSION, _NEW_TITLE_TERMS, _NEW_ARRIVAL = insert(version), insert(title_term), insert(arrival)


async def add_draft(connection: Connection, draft: Draft, versions: Versions | None = None) -> None:
    """Stores a version and makes it the current one of its report.

    Args:
        versions: If they are given, a draft that opens a report may not correct another one.

    Raises:
        StoryChanged: The current version is neither ``draft.follows`` nor ``draft.displaces``, or the draft corrects
            another report.
    """
    if versions and draft.follows is None and draft.version.article.url is None and draft.title_terms:
        await _refuse_correction(connection, draft, versions)
    known = (await connection.execute(_BY_KEY, {"key": draft.key})).one_or_none()
    if known and known.current == draft.displaces:
        await connection.execute(_FREE_KEY, {"number": known.id})
        known = None
    if (known.current if known else None) != draft.follows:
        raise StoryChanged(draft.key)
    replaced: Counter[str] = Counter()
    if known:
        replaced = await counted(connection, [known.id])
        await _replace_current(connection, draft, known.id)
    number = known.id if known else await _open_report(connection, draft)
    added = draft.version
    columns = {"id": added.id, "report": number, "number": added.number, "received": added.received}
    if known:
        columns["hidden_lines"] = await _hidden_lines(connection, draft)
    await connection.execute(_NEW_VERSION, columns | briefing_row(added))
    if draft.analysed_by:
        await write_attribution(connection, added.id, added.briefing, draft.analysed_by)
    await tag_report(connection, number, draft.scope.tags)
    if draft.title_terms:
        await connection.execute(_NEW_TITLE_TERMS, [{"term": word, "report": number} for word in draft.title_terms])
    await fulltext.index(connection, number, draft.text_terms, draft.scope.owner == EVERYBODY)
    if draft.scope.owner == EVERYBODY:
        await count(connection, {ALL_REPORTS, *draft.text_terms}, replaced)
        await connection.execute(_NEW_ARRIVAL, {"version": added.id})


async def _refuse_correction(connection: Connection, draft: Draft, versions: Versions) -> None:
    """Raises `StoryChanged` if another task has meanwhile stored a text without an address that the draft corrects."""
    owner, words = draft.scope.owner, sorted(draft.title_terms)
    if connection.dialect.name == "postgresql":  # SQLite has one writer at a time
        await connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"{owner}|{' '.join(words)}"))))
    since = draft.version.received - CORRECTED_WITHIN
    values = {"owner": owner, "words": words, "count": len(words), "since": since}
    titled = (await connection.execute(REPORTS_WITH_TITLE, values)).all()
    if any(is_correction(draft.version.article, one.article) for one in await versions.of(connection, titled)):
        raise StoryChanged(draft.key)


async def remove_reports(connection: Connection, numbers: Sequence[int]) -> None:
    """Deletes reports, stories without reports, and their share of the frequencies."""
    # Rows are locked first, in one order, so that two tasks that remove the same report do not count it twice.
    locked = select(report.c.id).where(report.c.id.in_(numbers)).order_by(report.c.id).with_for_update()
    numbers = (await connection.execute(locked)).scalars().all()
    if not numbers:
        return
    await count(connection, (), await counted(connection, numbers))
    stories = (await connection.execute(select(report.c.story).where(report.c.id.in_(numbers)))).scalars().all()
    await fulltext.forget(connection, numbers)
    await connection.execute(delete(report).where(report.c.id.in_(numbers)))
    left = select(report.c.story).where(report.c.story == story.c.id).exists()
    forwards = story.alias()
    is_target = select(forwards.c.id).where(forwards.c.merged_into == story.c.id).exists()
    await connection.execute(delete(story).where(story.c.id.in_(stories), ~left, ~is_target))


async def tag_report(connection: Connection, number: int, tags: frozenset[str]) -> None:
    """Adds tags to a report."""
    if tags:
        statement = upsert(connection.dialect.name, report_tag).on_conflict_do_nothing()
        await connection.execute(statement, [{"report": number, "tag": tag} for tag in sorted(tags)])


async def _open_report(connection: Connection, draft: Draft) -> int:
    """Opens a report in the story about the same event. If there are several such stories, they become one."""
    stories = await stories_of_event(connection, draft) if draft.is_grouped else ()
    if stories:
        await merge_stories(connection, stories[0], stories[1:])
    kept = stories[0] if stories else await new_story(connection)
    values = {"story": kept, "owner": draft.scope.owner, "hidden": False, "key": draft.key, **_current(draft)}
    number: int = (await connection.execute(_NEW_REPORT, values)).scalar_one()
    return number


async def _hidden_lines(connection: Connection, draft: Draft) -> str | None:
    """The lines that stay hidden because the version before has them, too."""
    columns = select(version.c.hidden_lines, version.c.briefing).where(version.c.id == draft.follows)
    before = (await connection.execute(columns)).one_or_none()
    hidden = read_lines(before.hidden_lines) if before else []
    if before is None or not hidden:
        return None
    try:
        article = read_briefing(before.briefing).article
    except UNREADABLE as error:
        report_unreadable("version", draft.follows or "", error)
        return None
    return write_lines(still_hidden(hidden, article, draft.version.article))


async def _replace_current(connection: Connection, draft: Draft, number: int) -> None:
    await connection.execute(update(report).where(report.c.id == number).values(**_current(draft)))
    await connection.execute(delete(title_term).where(title_term.c.report == number))
    await fulltext.forget(connection, [number])


def _current(draft: Draft) -> dict[str, object]:
    article = draft.version.article
    return {
        "current": draft.version.id,
        "updated": draft.version.received,
        "site": article.outlet,
        "published": article.published,
    }
