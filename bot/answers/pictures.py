"""Pictures of stories: their words, and the answer that has them."""

from __future__ import annotations

from bot.answers.common import headline, title
from bot.answers.credits import origin
from bot.answers.story_lines import labelled_lines, summary_line
from bot.i18n import Message, Translator, own
from bot.pictures.model import Card, Line, Words
from bot.views.buttons import Action, Verb
from bot.views.files import Picture
from bot.views.model import Button, LinkButton, Paragraph, Text, Title, Verbatim, View
from briefings.model import SectionKind, Version

#: The sections of which a picture may show a line, the most wanted first.
_KINDS = (
    SectionKind.WHO,
    SectionKind.CONSEQUENCES,
    SectionKind.WHY,
    SectionKind.NEXT,
    SectionKind.REACTIONS,
    SectionKind.BACKGROUND,
)
_MOST_LINES = 3
_NOTE = own("Quoted from the article · Nutgraf")
_LONGEST_ORIGIN = 120


def card_of(version: Version, translator: Translator) -> Card:
    """Returns what the picture of a story shows: its headline, up to three lines, its outlet and address."""
    first = [Line("", _words(one)) for one in summary_line(version)]
    labelled = labelled_lines(version, _KINDS)[: _MOST_LINES - len(first)]
    others = [Line(_label(one.label, translator), _words(one.text)) for one in labelled]
    said = " ".join(translator.say(one) for one in origin(version)[:1])[:_LONGEST_ORIGIN]
    address, note = version.article.url or "", translator.say(_NOTE)
    return Card(_words(headline(version)), (*first, *others), said, address, note)


def card_view(version: Version, picture: bytes) -> View:
    """Shows the picture of a story, with the story's title and the way to its source."""
    opens: Button | LinkButton = Button(own("Read more"), Action(Verb.BRIEF, version.id))
    source = [LinkButton(own("Source"), version.article.url)] if version.article.url else []
    shown = title(version)
    drawn = Picture("story.png", picture, _alternative(version))
    return View((shown,), (opens, *source), (version.id,), picture=drawn)


def no_card_view(version: Version) -> View:
    """Says that the fonts of pictures do not have the letters of a story."""
    said = own("I cannot draw this story: my fonts do not have its letters.")
    return View((Title(headline(version), version.article.url), Paragraph(said)), (), (version.id,))


def _alternative(version: Version) -> Message:
    return own("Picture of the story “{headline}”", headline=_words(headline(version)).shown)


def _label(label: Text, translator: Translator) -> str:
    return translator.say(label) if isinstance(label, Message) else " ".join(label.text.split())


def _words(text: Verbatim) -> Words:
    return Words(text.text, text.is_cut)
