"""Answers about whole stories: briefing, summary, and lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.answers.common import (
    KEPT,
    LIST_TITLE,
    also_in,
    headline,
    open_buttons,
    point,
    section_buttons,
    section_name,
    story_buttons,
    title,
    under_headings,
)
from bot.answers.credits import byline, origin
from bot.answers.guide import echo
from bot.answers.related import reference
from bot.i18n import Message, own, own_n
from bot.views.buttons import Control, ControlVerb, Verb
from bot.views.model import (
    SCREEN,
    Block,
    Bullet,
    Button,
    Heading,
    Paragraph,
    Story,
    Text,
    Verbatim,
    View,
)
from briefings.analysis.selection import repeats
from briefings.caches import text_cache
from briefings.languages.leaning import leaning
from briefings.library import SearchResult
from briefings.model import Section, Span, Version
from briefings.related import Related

_MOST_LISTED = 8
_MOST_OUTLETS = 20
#: Results of a search are counted up to this number.
_MOST_COUNTED = 1000
#: Results are paged through up to this number.
_MOST_FOUND = 80
_LINE = 150
_BRIEF_SECTIONS = 4
_EXCERPT = Paragraph(own("This is the text of the outlet's feed. The article at the source may say more."))


@text_cache(KEPT)
def summary_view(version: Version) -> View:
    """Returns the key sentences of the article, in the order of the text."""
    if not version.briefing.summary:
        return View((title(version), Paragraph(own("The article is too short for a summary."))), (), (version.id,))
    spans = sorted(version.briefing.summary)
    points = [point(version, None, Verbatim(version, span).shortened(SCREEN).span) for span in spans]
    return View(
        (title(version), *_credits(version), *points),
        (*section_buttons(version), *story_buttons(version, leave_out=[Verb.SUMMARY], with_picture=True)),
        (version.id,),
    )


@text_cache(KEPT)
def brief_view(version: Version, outlets: tuple[str, ...] = ()) -> View:
    """Returns the story on one screen: standfirst or best sentence, then one line of each section.

    Args:
        outlets: The other outlets that report the story.
    """
    article = version.article
    opening = article.standfirst or next(iter(version.briefing.summary), article.headline())
    lines = _one_line_each(version, opening)[:_BRIEF_SECTIONS]
    room = SCREEN // (len(lines) + 1)
    others = also_in(outlets)
    blocks: list[Block] = [
        title(version),
        *_credits(version),
        *([Paragraph(others)] if others else []),
        Paragraph(Verbatim(version, opening).shortened(room)),
    ]
    for section, span in lines:
        blocks.append(Heading(section_name(version, section)))
        blocks.append(Bullet(Verbatim(version, span).shortened(room - 20)))
    buttons = (*section_buttons(version), *story_buttons(version, with_picture=True))
    return View(tuple(blocks), buttons, (version.id,))


def whole_view(version: Version, related: Sequence[Related]) -> View:
    """Returns the whole briefing, for a file or a terminal: summary, sections, related stories."""
    article = version.article
    blocks: list[Block] = [title(version), *_credits(version)]
    if article.standfirst:
        blocks.append(Paragraph(Verbatim(version, article.standfirst)))
    blocks.append(Heading(own("Summary")))
    below = {span for section in version.briefing.sections if section.headings for span in section.key}
    best = version.briefing.summary[:1]
    told = [article.standfirst] if article.standfirst else []
    summary = sorted(span for span in version.briefing.summary if span in best or span not in below)
    summary = [span for span in summary if not repeats(article.text, span, told)] or summary[:1]
    blocks += [Bullet(Verbatim(version, span)) for span in summary]
    seen = set(summary)
    for section in version.briefing.sections:
        new = _readable(version, section, [span for span in section.key if span not in seen])
        seen.update(new)
        if new:
            blocks += under_headings(version, section, [(span, point(version, section, span)) for span in new])
    if related:
        blocks.append(Heading(own("Related stories")))
        references = [reference(version, item) for item in related]
        blocks += [Story(None, each.title, each.url, (each.reason,) if each.reason else ()) for each in references]
    return View(tuple(blocks), (), (version.id,))


def _readable(version: Version, section: Section, lines: Sequence[Span]) -> list[Span]:
    """The lines without those gathered ones that lean on a sentence which is not shown above them: "It owes more"."""
    if section.headings:
        return list(lines)
    article, kept = version.article, list[Span]()
    marks = leaning(article.language)
    for span in lines:
        above = max((other for other in section.key if other.end <= span.start), default=None)
        if above is None or above in kept or not marks.leans(span.of(article.text)):
            kept.append(span)
    return kept


@text_cache(KEPT)
def list_view(
    heading: Message,
    versions: tuple[Version, ...],
    outlets: tuple[tuple[str, ...], ...] = (),
    more_after: int = 0,
    left: int | None = 0,
) -> View:
    """A numbered list of stories, each with a button.

    Args:
        outlets: For each story, the other outlets that report it.
        more_after: How many stories have been listed, if a button offers those that follow; 0: there is none.
        left: How many stories follow. None: too many to count.
    """
    shown = versions[:_MOST_LISTED]
    if not shown:
        return View((Heading(heading), Paragraph(own("There are no stories yet."))))
    stories = [
        Story(number, headline(version, LIST_TITLE), version.article.url, (*origin(version), *_also(others)))
        for number, (version, others) in enumerate(zip(shown, outlets or [()] * len(shown), strict=False), start=1)
    ]
    hint = [Paragraph(own("Ask about a story by its number: /who 2."))] if len(shown) > 1 else []
    return View(
        (Heading(heading), *stories, *_more_listed(left), *hint),
        (*open_buttons(list(enumerate(shown, start=1))), *([more_stories_button(more_after)] if more_after else [])),
        tuple(version.id for version in shown),
    )


def _more_listed(left: int | None) -> list[Block]:
    if left is None:
        return [Paragraph(own("There are many more. Find older ones with /search."))]
    return [Paragraph(own_n("And {count} more story.", "And {count} more stories.", left))] if left else []


def choice_view(versions: Sequence[Version]) -> View:
    """Asks which of several stories is meant."""
    return replace(list_view(own("Which story do you mean?"), tuple(versions)), is_choice=True)


def found_view(words: str, result: SearchResult, skip: int = 0) -> View:
    """The results of a search, each with the line that fits best, and how many more there are.

    Args:
        skip: How many of the results were shown already.
    """
    found = result.found[skip:]
    if not found:
        nothing = own("Nothing found for “{words}”. Try fewer or other words.", words=_unquoted(words))
        common = own("“{words}” is too common to search for. Add a name or a thing.", words=_unquoted(words))
        return View((Paragraph(common if result.is_too_common else nothing),))
    stories = [
        Story(
            number,
            headline(item.version, LIST_TITLE),
            item.version.article.url,
            (Verbatim(item.version, item.line).shortened(_LINE),),
        )
        for number, item in enumerate(found, start=1)
    ]
    heading = own_n("{count} story for “{words}”", "{count} stories for “{words}”", len(found), words=_unquoted(words))
    versions = [item.version for item in found]
    return View(
        (Heading(heading), *stories, *_more_found(result)),
        (*open_buttons(list(enumerate(versions, start=1))), *_more_found_button(words, result)),
        tuple(version.id for version in versions),
    )


def _unquoted(words: str) -> str:
    """Returns the words to show in quotes. A phrase is in quotes already."""
    phrase = words[1:-1]
    is_phrase = words[:1] in {'"', "“", "„", "«"} and words[-1:] in {'"', "”", "“", "»"} and '"' not in phrase
    return echo(phrase if is_phrase else words)


def _more_found_button(words: str, result: SearchResult) -> list[Button]:
    """Returns the button for the next results, if there are more and their words fit into a button."""
    control = Control(ControlVerb.FOUND, len(result.found), "", words)
    is_offered = result.total > len(result.found) and control.fits and len(result.found) < _MOST_FOUND
    return [Button(own("More stories"), control)] if is_offered else []


def _more_found(result: SearchResult) -> list[Block]:
    more = result.total - len(result.found)
    if more <= 0:
        return []
    if result.total >= _MOST_COUNTED:
        return [
            Paragraph(
                own(
                    "There are many more. To narrow the search, add words, “a phrase”, outlet:name or since:2026-01-31."
                )
            )
        ]
    said = own_n(
        "{count} more story. Narrow it down with “a phrase”, outlet:name or since:2026-01-31.",
        "{count} more stories. Narrow them down with “a phrase”, outlet:name or since:2026-01-31.",
        more,
    )
    return [Paragraph(said)]


def sources_view(outlets: Sequence[tuple[str | None, int]]) -> View:
    """Lists the outlets of the stories."""
    lines: list[Text] = [
        own_n("{site}: {count} story", "{site}: {count} stories", count, site=site)
        if site
        else own_n("unknown outlet: {count} story", "unknown outlet: {count} stories", count)
        for site, count in outlets[:_MOST_OUTLETS]
    ]
    if not lines:
        lines = [own("There are no stories yet.")]
    if left := len(outlets) - _MOST_OUTLETS:
        lines += [own_n("And {count} more outlet.", "And {count} more outlets.", left)] if left > 0 else []
    return View((Heading(own("Sources")), *map(Bullet, lines)))


def _also(outlets: Sequence[str]) -> tuple[Message, ...]:
    others = also_in(outlets)
    return (others,) if others else ()


def _credits(version: Version) -> list[Block]:
    """Returns the byline, outlet and date, if the article gives them, and a note if only a feed's excerpt is known."""
    return [*byline(version), *([_EXCERPT] if version.article.is_excerpt else [])]


def _one_line_each(version: Version, shown: Span) -> list[tuple[Section, Span]]:
    """Returns each section with its first key sentence that is not already shown, in these words or nearly the same.

    Below its own heading a section may have a later sentence that can be understood alone.
    """
    text, marks = version.article.text, leaning(version.article.language)
    seen = [shown]
    lines = []
    for section in version.briefing.sections:
        choice = section.key if section.headings else section.key[:1]
        new = [span for span in choice if not repeats(text, span, seen)]
        alone = [span for span in new if not marks.leans(span.of(text))]
        if span := next(iter((*alone, *new)), None):
            seen.append(span)
            lines.append((section, span))
    return lines


def more_stories_button(skip: int = 0) -> Button:
    """The button that lists the newest stories.

    Args:
        skip: How many of them were shown already.
    """
    return Button(own("More stories"), Control(ControlVerb.LATEST, skip))
