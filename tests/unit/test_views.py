"""Views and their buttons, and how the terminal and Markdown render them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.answers import guide, sections, stories
from bot.answers.related import related_view
from bot.i18n import LOCALES, Translator, own
from bot.platforms.console.markdown import MarkdownRenderer, escape
from bot.platforms.console.render import ConsoleRenderer, as_text
from bot.views.buttons import Action, Verb
from bot.views.model import Bullet, Heading, LinkButton, ListedTitle, Paragraph, Quote, Usage, Verbatim, View
from briefings.model import SectionKind, Span
from tests.fakes import article, bundled, version

ENGLISH = Translator("en")
ids = st.text(alphabet="0123456789abcdef", min_size=12, max_size=12)


class TestActions:
    @given(st.sampled_from(Verb), ids, st.sampled_from([None, *SectionKind]), st.integers(0, 99), st.integers(0, 999))
    def test_come_back_as_they_were_within_64_bytes(
        self, verb: Verb, story: str, kind: SectionKind | None, ordinal: int, page: int
    ) -> None:
        action = Action(verb, story, kind, ordinal if kind else 0, page)
        assert len(action.encode().encode()) <= 64
        assert Action.decode(action.encode()) == action

    @given(st.text(max_size=80))
    def test_forged_bytes_are_no_action(self, forged: str) -> None:
        action = Action.decode(forged)
        assert action is None or action.encode() == forged

    @pytest.mark.parametrize(
        "forged",
        [
            "",
            "v1|key|abc|who|-1",
            "v1|key|abc|who|1e3",
            "v1|key|abc|who| 1",
            "v1|drop|abc|who|0",
            "v1|key|abc|whom|0",
            "v2|key|abc|who|0",
            "v1|key|abc|who|0|more",
            "v1|key|abc|who.0|0",
            "v1|key|abc|who|99999999999",
            "v1|key|" + "a" * 60 + "|who|0",
        ],
    )
    def test_near_misses_are_refused(self, forged: str) -> None:
        assert Action.decode(forged) is None

    def test_a_version_that_does_not_fit_is_a_mistake_of_ours(self) -> None:
        with pytest.raises(ValueError, match="64"):
            Action(Verb.KEY, "a" * 64, SectionKind.WHO).encode()


class TestVerbatim:
    def test_is_shortened_at_a_word_and_says_so(self) -> None:
        found = version(article("Bridge", "The bridge fell into the river, and nobody knows why it did."))
        words = Verbatim(found, found.article.blocks[0].span)
        short = words.shortened(32)
        assert short.text == "The bridge fell into the river"
        assert short.is_cut
        assert found.article.text[short.span.start : short.span.end] == short.text
        assert words.shortened(1000) is words

    def test_one_long_word_is_cut_inside(self) -> None:
        found = version(article("Bridge", "x" * 100))
        assert Verbatim(found, found.article.blocks[0].span).shortened(10).text == "x" * 10

    def test_articles_words_come_from_spans_and_lists_alone(self) -> None:
        """Whatever a view shows is a span of its article, a title of its list, or the catalogue's."""
        for found in map(version, bundled()):
            for view in (stories.brief_view(found), stories.summary_view(found), sections.sections_view(found)):
                for text in view.texts():
                    if isinstance(text, Verbatim):
                        assert text.text in found.article.text
                    elif isinstance(text, ListedTitle):
                        assert text.text in {story.title for story in found.article.related}


def test_a_story_without_related_ones_keeps_its_buttons() -> None:
    found = version(article("Bridge", "It fell.", url="https://paper.example/b"))
    view = related_view(found, [])
    drawn = as_text(ConsoleRenderer().render(view, ENGLISH))
    assert "No related stories found." in drawn
    assert "Summary" in drawn
    assert "Report a mistake" in drawn
    assert LinkButton(own("Source"), "https://paper.example/b") in view.buttons


@pytest.mark.parametrize("renderer", [ConsoleRenderer(), MarkdownRenderer()], ids=["console", "markdown"])
def test_every_renderer_draws_every_answer_in_every_language(renderer: ConsoleRenderer | MarkdownRenderer) -> None:
    for found in map(version, bundled()):
        for locale in LOCALES:
            assert renderer.render(stories.brief_view(found), Translator(locale))
            assert renderer.render(stories.list_view(own("Latest stories"), (found,)), Translator(locale))
            assert renderer.render(guide.help_view([Usage("who", own("Who is involved"))], []), Translator(locale))


class TestConsole:
    def test_the_articles_words_stand_behind_a_bar_and_the_bots_do_not(self) -> None:
        found = version(article("Bridge", "It fell.", url="https://paper.example/b"))
        words = Verbatim(found, found.article.blocks[0].span)
        view = View((Heading(own("Who")), Bullet(words), Quote(words, words), Paragraph(own("Sections"))))
        rows = as_text(ConsoleRenderer().render(view, ENGLISH)).splitlines()
        assert [row for row in rows if row] == ["Who", "│ • It fell.", "│ » It fell.", "│   — It fell.", "Sections"]

    def test_long_lines_are_wrapped_below_their_first_word(self) -> None:
        found = version(article("Bridge", "The bridge fell into the river in the night."))
        view = View((Bullet(Verbatim(found, found.article.blocks[0].span)),))
        rows = as_text(ConsoleRenderer().render(view, ENGLISH), 24).splitlines()
        assert rows == ["│ • The bridge fell into", "│   the river in the", "│   night."]

    def test_a_cut_ends_in_an_ellipsis_of_the_bots(self) -> None:
        found = version(article("Bridge", "The bridge fell into the river."))
        view = View((Bullet(Verbatim(found, found.article.blocks[0].span).shortened(12)),))
        assert as_text(ConsoleRenderer().render(view, ENGLISH)) == "│ • The bridge…"

    @given(st.text(max_size=200), st.integers(20, 100))
    def test_no_control_character_comes_through(self, text: str, width: int) -> None:
        view = View((Paragraph(own("I did not understand “{words}”.", words="x")),))
        found = version(article("Bridge", f"A start {' '.join(text.split())} an end."))
        shown = View((*view.blocks, Bullet(Verbatim(found, Span(0, len(found.article.text))))))
        drawn = as_text(ConsoleRenderer().render(shown, ENGLISH), width)
        assert not {char for char in drawn if ord(char) < 32} - {"\n"}


class TestMarkdown:
    @given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=40))
    def test_shows_what_the_article_says(self, text: str) -> None:
        [paragraph, inline, _] = MarkdownIt("commonmark").parse(escape(text))
        assert paragraph.type == "paragraph_open"
        assert "".join(child.content for child in inline.children or ()) == text

    def test_headings_points_and_links(self) -> None:
        found = version(article("The *Bridge*", "It fell.", url="https://paper.example/b"))
        written = MarkdownRenderer().render(stories.whole_view(found, []), ENGLISH)
        assert written.startswith("# [The \\*Bridge\\*](<https://paper.example/b>)\n")
        assert "\n## Summary\n" in written
        assert "\n- It fell.\n" in written
