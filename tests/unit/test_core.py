"""Articles and briefings: sections, summaries, and the promise that every line is a span."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import pairwise

import jsonschema
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from briefings.analysis import brief
from briefings.analysis.sentences import sentences, split_block
from briefings.document import briefing_document, briefing_schema
from briefings.errors import BriefingError
from briefings.model import Article, Block, BlockKind, Briefing, SectionKind, Span
from briefings.related import listed
from briefings.sources import read_article
from briefings.sources.html import parse_html
from briefings.sources.markdown import parse_markdown
from briefings.sources.plain import parse_plain
from briefings.sources.text import normalise
from tests.fakes import article, bundled
from tests.shared import shared

CONTROLS = {
    *map(chr, range(32)),
    "\x7f",
    *map(chr, range(0x80, 0xA0)),
    *"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
} - {"\n"}


def spans(briefing: Briefing) -> Iterator[Span]:
    """Every line of a briefing."""
    found = briefing.article
    yield from filter(None, (found.title, found.standfirst))
    yield from (block.span for block in found.blocks)
    yield from briefing.summary
    for section in (*briefing.sections, *briefing.gathered):
        yield from section.headings
        yield from section.key
        yield from (block.span for block in section.blocks)


def assert_verbatim(found: Article) -> None:
    briefing = brief(found)
    lines = list(spans(briefing))
    assert all(0 <= span.start < span.end <= len(found.text) for span in lines)
    assert all(span.of(found.text).strip() == span.of(found.text) for span in lines)
    assert not CONTROLS & set(found.text)
    blocks = [block.span for block in found.blocks]
    assert all(one.end <= other.start for one, other in pairwise(blocks))


words = st.text(alphabet=st.sampled_from('abc ABC.?!"“”«»‘’,:;-—*>#|1. \n\t\u202e\x1bé漢ß'), max_size=60)
lines = st.one_of(
    words,
    st.sampled_from(
        [
            "What happened?",
            "- Advertisement -",
            "Read more: Another story of the day",
            "Related stories",
            "By Ann Lee, 3 May 2024",
            "12 comments",
            "The committee met on Monday and decided that the bridge will stay closed until spring.",
            "“We do not know who did it. We never will,” the minister said on the steps of the court.",
            "— Ann Lee, nurse",
            "* A list item that is long enough",
            "1. A numbered heading",
            "---",
            "title: x",
            "<p>",
            "</div>",
            "",
        ]
    ),
)
pages = st.lists(lines, max_size=25).map("\n".join)


class TestVerbatim:
    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @example("<p>\n1\n:\n- Advertisement -", parse_markdown)  # marks that divide a headline, one behind the other
    @given(st.one_of(pages, st.text(max_size=300)), st.sampled_from([parse_plain, parse_markdown, parse_html]))
    def test_every_line_is_a_span_and_only_own_errors_are_raised(
        self, text: str, parse: Callable[[str], Article]
    ) -> None:
        try:
            found = parse(text)
        except BriefingError:
            return
        assert_verbatim(found)

    @settings(max_examples=150, deadline=None)
    @given(pages)
    def test_every_line_stands_in_what_was_pasted(self, text: str) -> None:
        try:
            found = parse_plain(text)
        except BriefingError:
            return
        marks = str.maketrans("", "", "*_")  # those of Markdown are not shown
        pasted = " ".join(normalise(text).translate(marks).split())
        shown = [line.translate(marks) for block in found.blocks for line in block.span.of(found.text).split("\n")]
        assert all(" ".join(line.split()) in pasted for line in shown)

    @settings(max_examples=100, deadline=None)
    @given(st.one_of(st.binary(max_size=400), pages.map(lambda page: page.encode("utf-16"))))
    def test_no_bytes_raise_anything_else(self, raw: bytes) -> None:
        try:
            found = read_article(raw, "fuzz")
        except BriefingError:
            return
        assert_verbatim(found)

    @pytest.mark.parametrize("found", bundled(), ids=lambda found: found.headline().of(found.text)[:30])
    def test_the_bundled_articles_hold_too(self, found: Article) -> None:
        assert_verbatim(found)


class TestSections:
    def test_the_article_that_started_it_all_has_its_three(self) -> None:
        found = read_article(shared("articles", "attack-on-kremlin.txt").read_bytes(), "x")
        sections = brief(found).sections
        assert [section.kind.value for section in sections] == ["what", "who", "consequences"]
        assert [len(section.blocks) for section in sections] == [2, 4, 3]
        assert all(section.score == 1 for section in sections)

    def test_two_headings_of_one_kind_are_one_section(self) -> None:
        found = article(
            "Bridge", "## Who did it?", "Nobody knows.", "## Why?", "Rust.", "## Who is to blame?", "The owner is."
        )
        who = brief(found).section(SectionKind.WHO)
        assert who is not None
        assert [span.of(found.text) for span in who.headings] == ["Who did it?", "Who is to blame?"]
        assert [block.span.of(found.text) for block in who.blocks] == ["Nobody knows.", "The owner is."]

    def test_headings_of_no_kind_open_sections_of_their_own(self) -> None:
        found = article("Lion", "## A priest", "He had a picture.", "## Two inches", "It fits the plinth.")
        assert [section.kind.value for section in brief(found).sections if section.headings] == ["other", "other"]

    def test_headings_with_nothing_below_are_left_out(self) -> None:
        found = article("Bridge", "One sentence is here.", "## Why?", "## Who?", "The owner is to blame.")
        assert [section.kind.value for section in brief(found).sections] == ["who"]

    def test_an_article_without_headings_gets_sections_from_its_sentences(self) -> None:
        found = article(
            "Bridge collapses",
            "The bridge collapsed on Monday morning in Norby because of rust in its main girder, officials said.",
            "Two people were killed and nine injured. As a result of the collapse, the port was closed.",
            "It is not yet clear who had checked the bridge last. The mayor will be heard by the council next week.",
        )
        briefing = brief(found)
        sections = {section.kind: section for section in (*briefing.gathered, *briefing.sections)}
        assert {SectionKind.WHAT, SectionKind.WHEN, SectionKind.WHY, SectionKind.CONSEQUENCES} <= sections.keys()
        assert {SectionKind.UNKNOWNS, SectionKind.NEXT} <= sections.keys()
        assert SectionKind.ADVICE not in sections
        assert all(0 < section.score < 1 and not section.headings for section in sections.values())

    def test_none_is_better_than_a_wrong_one(self) -> None:
        found = article("Poem", "The moon is round and the night is long.", "A dog barks somewhere behind the hill.")
        kinds = {section.kind for section in brief(found).sections}
        assert kinds <= {SectionKind.WHAT}

    def test_an_article_of_its_own_sections_keeps_what_is_gathered_apart(self) -> None:
        found = article(
            "Bridge", "It fell on Monday, 3 May.", "## Who did it?", "The owner, said the mayor on the radio."
        )
        briefing = brief(found)
        assert [section.kind.value for section in briefing.sections] == ["who"]
        assert briefing.section(SectionKind.WHEN) in briefing.gathered


class TestSummary:
    def test_the_main_event_comes_first_and_furniture_never(self) -> None:
        found = article(
            "Bridge in Norby collapses after ship hits pillar",
            "It was a cold morning, and the fishermen were mending their nets as they always do in March.",
            "A container ship hit a pillar of the bridge in Norby on Monday, and most of it collapsed into the river.",
            "Sign up to our newsletter and subscribe to our podcast for more of this every single day of the week.",
            "The mayor said that she had never heard such a noise in all her life, and that she would remember it.",
            "Divers are looking for two men who had been painting the railing when the pillar gave way.",
            "The bridge was built in 1961 and carried eleven thousand cars a day across the mouth of the river.",
        )
        lines = [span.of(found.text) for span in brief(found).summary]
        assert lines[0].startswith("A container ship hit")
        assert not any("newsletter" in line for line in lines)

    def test_it_does_not_say_the_same_twice(self) -> None:
        same = "The bridge in Norby collapsed on Monday after a ship had hit one of its pillars."
        found = article(
            "Bridge in Norby collapses", same, f"{same} Nobody was hurt in the village of Norby that day.", same
        )
        lines = [span.of(found.text) for span in brief(found).summary]
        assert lines.count(same) <= 1


class TestSentences:
    def _split(self, text: str, kind: BlockKind = BlockKind.PARAGRAPH) -> list[str]:
        return [span.of(text) for span in split_block(text, Block(kind, Span(0, len(text))), None)]

    def test_a_quotation_of_several_sentences_is_kept_whole(self) -> None:
        assert self._split("He paused. “I do not know. I never did,” he said. Then he left.") == [
            "He paused.",
            "“I do not know. I never did,” he said.",
            "Then he left.",
        ]
        assert self._split("«Non lo so. Vedremo», ha detto. Poi è uscito.")[0] == "«Non lo so. Vedremo», ha detto."

    def test_a_quotation_that_never_closes_does_not_swallow_the_rest(self) -> None:
        text = "“It began. " + "Then it went on. " * 12
        assert len(self._split(text.strip())) > 3

    def test_the_speakers_line_is_no_sentence(self) -> None:
        assert self._split("It was loud. It was late.\n— Ann Lee, nurse", BlockKind.QUOTE) == [
            "It was loud.",
            "It was late.",
        ]

    def test_headings_are_no_sentences(self) -> None:
        found = article("Bridge", "## Why did it fall?", "Rust had eaten the girder.")
        assert [sentence.span.of(found.text) for sentence in sentences(found)] == ["Rust had eaten the girder."]


class TestDocument:
    @pytest.mark.parametrize("found", bundled(), ids=lambda found: found.headline().of(found.text)[:30])
    def test_it_fits_its_schema_and_its_spans_fit_the_text(self, found: Article) -> None:
        document = json.loads(json.dumps(briefing_document(brief(found), listed(found))))
        jsonschema.Draft202012Validator.check_schema(briefing_schema())
        jsonschema.validate(document, briefing_schema())
        text = document["article"]["text"]
        shown = [*document["summary"], *(span for section in document["sections"] for span in section["key"])]
        assert shown
        assert all(text[span["start"] : span["end"]] == span["text"] for span in shown)
        assert document["article"]["title"] in text

    def test_the_schema_refuses_another_shape(self) -> None:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({"article": {}}, briefing_schema())
