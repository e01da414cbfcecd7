"""Attribution: who says what about whom."""

from __future__ import annotations

import json
import subprocess
import sys

import jsonschema
import pytest

from briefings.analysis import brief, parsing
from briefings.analysis.attribution import analyse, can_analyse, with_attribution
from briefings.analysis.claims.quotations import quotations
from briefings.document import briefing_document, briefing_schema
from briefings.model import Span, Stance
from briefings.sources.plain import parse_plain
from tests.claim_pairs import Tally, article_of, passages, score

pytestmark = pytest.mark.skipif(not parsing.is_available(), reason="needs spaCy and its model, the analysis extra")


class TestGoldenPairs:
    @pytest.mark.parametrize("name", ["written_first"])
    def test_claims_of_passages_of_many_kinds(self, name: str) -> None:
        tally = Tally()
        for passage in passages(name):
            score(passage, analyse(article_of(passage.text)).claims, tally)

        assert tally.f1() > 0.8
        assert tally.swapped == 0


class TestAnalysis:
    def test_a_speaker_before_and_after_the_words(self) -> None:
        text = 'Harbour pilots said the channel was too shallow. "We told them in March," said Ada Finch.'
        first, second = analyse(article_of(text)).claims

        assert first.source
        assert first.source.of(text) == "Harbour pilots"
        assert [span.of(text) for span in first.content] == ["the channel was too shallow"]
        assert not first.quote
        assert second.source
        assert second.source.of(text) == "Ada Finch"
        assert [span.of(text) for span in second.content] == ['"We told them in March,"']
        assert second.quote

    def test_accuser_and_accused_in_active_and_passive(self) -> None:
        active = "The harbour board accused the pilots of negligence."
        passive = "The pilots were accused of negligence by the harbour board."
        for text in (active, passive):
            (claim,) = analyse(article_of(text)).claims
            assert claim.stance is Stance.ACCUSES
            assert claim.source
            assert claim.source.of(text).lower() == "the harbour board"
            assert claim.target
            assert claim.target.of(text).lower() == "the pilots"

    def test_speakers_are_named_in_full(self) -> None:
        text = (
            "The World Grain Council (WGC) expects a record harvest. The WGC said prices would fall. "
            "Its president, Mrs Ada Finch, was less sure. She warned of shortages."
        )
        speakers = [claim.speaker.of(text) for claim in analyse(article_of(text)).claims if claim.speaker]

        assert speakers == ["World Grain Council", "World Grain Council", "Mrs Ada Finch"]

    def test_the_outlet_that_was_told(self) -> None:
        text = "Ada Finch told the Harbour Times that the channel was too shallow."
        (claim,) = analyse(article_of(text)).claims

        assert claim.via
        assert "Harbour Times" in claim.via.of(text)

    def test_a_transcript_and_a_signature_name_their_speakers(self) -> None:
        text = "A talk\nHOST: Is the channel deep enough now?\nFINCH: We told the board in March already.\n"
        speakers = [claim.source.of(text) for claim in analyse(article_of(text)).claims if claim.source]
        assert speakers == ["HOST", "FINCH"]

        signed = "Readers wrote to us.\n“The channel is a disgrace to the county.”\n― Ada Finch"
        (claim,) = analyse(article_of(signed)).claims
        assert claim.source
        assert claim.source.of(signed) == "Ada Finch"

    def test_json_of_a_briefing_has_claims_and_entities(self) -> None:
        article = parse_plain("Port closed\n\nThe port has been closed, harbour master Ada Finch said on Monday.\n")
        document = json.loads(json.dumps(briefing_document(with_attribution(brief(article)), [])))

        jsonschema.validate(document, briefing_schema())
        (claim,) = document["claims"]
        assert "Ada Finch" in claim["speaker"]
        assert claim["stance"] == "claims"
        assert document["entities"]

    def test_version_names_model_and_rules(self) -> None:
        assert analyse(article_of("Nothing was said.")).version.startswith("en_core_web_sm")

    def test_an_article_in_a_language_without_rules_is_not_analysed(self) -> None:
        article = article_of("Der Hafen ist geschlossen.", "de")

        assert not can_analyse(article)
        assert with_attribution(brief(article)).claims is None


class TestWithoutModel:
    def test_nothing_is_analysed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(parsing, "_MODELS", ("no_such_model",))
        article = article_of("The port is closed, Ada Finch said.")

        assert with_attribution(brief(article)).claims is None

    def test_the_bot_and_the_core_do_not_import_spacy(self) -> None:
        code = "import sys, bot.app, briefings.analysis.attribution; assert 'spacy' not in sys.modules"
        subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603  # our own program


class TestQuotations:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ('He said: "No." Then "Yes."', ['"No."', '"Yes."']),
            ("„Nein“, said one, “no”.", ["„Nein“", "“no”"]),
            ("‘It’s the council’s money,’ he said.", ["‘It’s the council’s money,’"]),
            ("'The players' union knew,' she said.", ["'The players' union knew,'"]),
            ("«Ja», he said.", ["«Ja»"]),
            # No partner: no quotation.
            ('The ward was "close to breaking.', []),
            ("The workers' hall and the '90s", []),
        ],
    )
    def test_marks_of_every_style(self, text: str, expected: list[str]) -> None:
        found = quotations(article_of(text), [Span(0, len(text))])
        assert [quote.span.of(text) for quote in found] == expected

    def test_a_quotation_goes_on_in_the_next_paragraph(self) -> None:
        text = 'Said.\n"The dam held.\n"It will hold again," he said.'
        article = article_of(text)
        first, second = quotations(article, [block.span for block in article.blocks])

        assert first.continues
        assert not second.continues

    @pytest.mark.parametrize("mark", ['"', "“", "'", "„", "«"])
    def test_many_marks_without_a_partner_take_linear_time(self, mark: str) -> None:
        text = f" {mark}a" * 50_000
        assert isinstance(quotations(article_of(text), [Span(0, len(text))]), list)
