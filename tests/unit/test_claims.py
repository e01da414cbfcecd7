"""Attribution: who says what about whom."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace

import jsonschema
import pytest

from briefings.analysis import brief, parsing
from briefings.analysis.accounts import is_blamed, is_denial
from briefings.analysis.attribution import analyse, analyser, can_analyse, with_attribution
from briefings.analysis.claims.headline_case import in_sentence_case
from briefings.analysis.claims.quotations import quotations
from briefings.document import briefing_document, briefing_schema
from briefings.model import Article, Claim, Span, Stance
from briefings.sources import read_article
from briefings.sources.plain import parse_plain
from tests.benchmarks.gathered import articles, disputes
from tests.claim_pairs import Tally, article_of, passages, score
from tests.fakes import article
from tests.shared import shared

pytestmark = pytest.mark.skipif(not parsing.is_available(), reason="needs spaCy and its model, the analysis extra")


class TestGoldenPairs:
    @pytest.mark.parametrize(
        ("name", "least"), [("written_first", 0.85), ("written_second", 0.78), ("written_third", 0.85)]
    )
    def test_claims_of_passages_of_many_kinds(self, name: str, least: float) -> None:
        tally = Tally()
        for passage in passages(name):
            score(passage, analyse(article_of(passage.text)).claims, tally)

        assert tally.f1() > least
        assert tally.swapped == 0


class TestExampleArticle:
    """What a careful reader finds in the example: stance, a word of the speaker, one of the target, the words."""

    EXPECTED = (
        ("claims", "Kremlin", "", "intercepted by the Russian Air defence forces"),
        ("accuses", "Russian officials", "United States", "having orchestrated the attacks"),
        ("accuses", "Moscow", "Ukraine", "Ukraine"),
        ("accuses", "Russian officials", "Ukrainian", "terrorist attack"),
        ("denies", "Zelenskyy", "Russian officials", "claims"),
        ("denies", "Zelenskyy", "", "thinking that Kyiv attacked Moscow is a mistake"),
        ("denies", "Podolyaki", "", "would not serve any military goals"),
        ("denies", "Zelenskyy", "", "involvement"),
        ("claims", "Zelenskyy", "", "do not reflect his intentions"),
        ("accuses", "Ponomarev", "Russian Partisans", "must be attributed to Russian Partisans"),
        ("accuses", "Ukrainian government", "Russian opposition groups", "being behind the attack"),
        ("accuses", "Institute for the Study of War (ISW)", "Russian government", "event organized by"),
        ("claims", "experts", "", "difficult for Ukrainian drones not to be noticed"),
        ("predicts", "Al-Thani", "", "prolongation and intensification"),
    )

    def test_attributions_of_the_example(self) -> None:
        article = read_article(shared("articles", "attack-on-kremlin.txt").read_bytes())
        found = [_told(article.text, claim) for claim in analyse(article).claims]
        missed = [
            expected
            for expected in self.EXPECTED
            if not any(
                stance == expected[0] and expected[1] in speaker and expected[2] in target and expected[3] in said
                for stance, speaker, target, said in found
            )
        ]

        assert missed == []
        assert not {speaker.lower() for _, speaker, _, _ in found} & {"he", "his", "who", "they"}
        assert not [speaker for _, speaker, _, _ in found if speaker.count("(") != speaker.count(")")]


def _told(text: str, claim: Claim) -> tuple[str, str, str, str]:
    speaker, target = (span.of(text) if span else "" for span in (claim.speaker, claim.target))
    return claim.stance.value, speaker, target, " ".join(span.of(text) for span in claim.content)


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

    def test_an_object_is_somebody_else_than_the_subject(self) -> None:
        text = "The port manager, Ruth Amery, spoke first. Her rival, Ada Finch, accused her of playing to the gallery."
        (claim,) = analyse(article_of(text)).claims

        assert claim.target
        assert claim.target.of(text) == "Ruth Amery"

    @pytest.mark.parametrize(
        "words",
        [
            '"That is a lie," said Ada Finch.',
            "Ada Finch said that the accusation was untrue.",
            "Ada Finch argued that thinking that she sank it was a mistake.",
        ],
    )
    def test_a_denial_without_a_verb_of_denying(self, words: str) -> None:
        text = f"The pilots accused the board of sinking the boat. {words}"
        claim = analyse(article_of(text)).claims[-1]

        assert claim.stance is Stance.DENIES
        assert claim.target
        assert claim.target.of(text) == "The pilots"

    @pytest.mark.parametrize(
        ("words", "stance"),
        [
            ("The club says that it had nothing to do with the fire.", Stance.DENIES),
            ("A spokesman for the bank said it was not involved in the sale.", Stance.DENIES),
            ("The general said that his troops were not responsible for the fire.", Stance.DENIES),
            ("The company says it played no part in the deal.", Stance.DENIES),
            ('"We had nothing to do with this," the trainer said.', Stance.DENIES),
            ("Ada Finch said she had nothing to do on Sunday.", Stance.CLAIMS),
            ("The mayor said that there is no role for the city in the plan.", Stance.CLAIMS),
        ],
    )
    def test_who_had_no_part_in_it_denies(self, words: str, stance: Stance) -> None:
        claim = analyse(article_of(f"The boat burned on Monday. {words}")).claims[-1]

        assert claim.stance is stance
        assert claim.target is None

    @pytest.mark.parametrize(
        ("words", "stance"),
        [
            ("Ada Finch said that the telephone had been lying on the table.", Stance.CLAIMS),
            ("Ada Finch said that the true cause lay ashore.", Stance.CLAIMS),
            ("Ada Finch said that the mayor had lied to the town.", Stance.ACCUSES),
            ("Ada Finch said that the rebels had blown up the bridge.", Stance.ACCUSES),
        ],
    )
    def test_who_is_said_to_have_done_wrong_is_accused(self, words: str, stance: Stance) -> None:
        assert analyse(article_of(f"The boat burned on Monday. {words}")).claims[-1].stance is stance

    @pytest.mark.parametrize(
        "words",
        [
            "Meridia denied Ostanian boats the fishing grounds.",
            "Meridia denied the fishermen access to the port.",
            "The court denied bail to Lund.",
        ],
    )
    def test_who_keeps_something_from_somebody_denies_no_accusation(self, words: str) -> None:
        assert analyse(article("Harbour news", words)).claims == ()

    @pytest.mark.parametrize(
        ("words", "stance"),
        [
            ("The company said that Orrell is responsible for its sorting centres.", Stance.CLAIMS),
            ("The union said that Orrell was responsible for the delays.", Stance.ACCUSES),
            ("The doctors said that Orrell was responsible for the poisoning.", Stance.ACCUSES),
            ("The union said that Orrell was responsible for the job cuts.", Stance.ACCUSES),
            ("Police said two men were responsible.", Stance.ACCUSES),
        ],
    )
    def test_who_is_responsible_for_a_task_is_not_accused(self, words: str, stance: Stance) -> None:
        assert [claim.stance for claim in analyse(article("Harbour news", words)).claims] == [stance]

    def test_what_was_not_done_is_denied(self) -> None:
        [claim] = analyse(article("Harbour news", "Meridia denied the use of force.")).claims
        assert claim.stance is Stance.DENIES

    def test_an_accusation_keeps_its_last_word(self) -> None:
        read = article("Harbour news", "The union accused Lanyard of a campaign that it called invented.")
        [claim] = analyse(read).claims
        assert [span.of(read.text) for span in claim.content] == ["Lanyard of a campaign that it called invented"]

    def test_what_only_keeps_a_name_back_is_no_claim(self) -> None:
        text = "Ada Finch declined to comment. A pilot, who asked not to be named, was at the port."
        assert analyse(article_of(text)).claims == ()

    @pytest.mark.parametrize(
        ("text", "speakers"),
        [
            ("# Anna Berg: memoirs arrive in bookshops\n\nThe memoirs of the chancellor went on sale today.", []),
            (
                "# Anna Berg: prices will fall\n\nThe president, Anna Berg, said prices would fall by spring.",
                ["Anna Berg", "Anna Berg"],
            ),
            ("The device promises ten hours of battery life. Fairlight said that it rings.", ["Fairlight"]),
            ("I think the road is too long. You can always find a place to sleep.", []),
            ("The ministry announced the report. Anna Berg demanded an inquiry.", ["Anna Berg"]),
            ("Asked whether he would resign, Karl Voss said that he would stay.", ["Karl Voss"]),
        ],
        ids=[
            "a topic",
            "a speaker before a colon",
            "a thing",
            "the writer and the reader",
            "a noun alone",
            "a question",
        ],
    )
    def test_a_claim_has_a_speaker_and_states_something(self, text: str, speakers: list[str]) -> None:
        given = replace(read_article(text.encode(), "a.md"), language="en")
        found = [claim.speaker.of(given.text) for claim in analyse(given).claims if claim.speaker]
        assert found == speakers

    def test_a_deed_after_the_accuser_of_a_passive(self) -> None:
        text = "The council has been accused by residents of wasting public money."
        (claim,) = analyse(article_of(text)).claims

        assert claim.source
        assert claim.source.of(text) == "residents"
        assert "wasting public money" in " ".join(span.of(text) for span in claim.content)

    def test_a_headline_in_capitals_is_read_as_a_sentence(self) -> None:
        text = "Harbour Board Accuses Pilots Of Negligence\nThe board accuses its pilots, it said. Of negligence? Yes."
        first = analyse(article_of(text)).claims[0]

        assert first.stance is Stance.ACCUSES
        assert first.source
        assert first.source.of(text) == "Harbour Board"
        assert first.target
        assert first.target.of(text) == "Pilots"

    @pytest.mark.parametrize("title", ["Port closed on Monday", "NATO", "Ship Hits Bridge", ""])
    def test_other_headlines_stay_as_they_are(self, title: str) -> None:
        article = article_of(f"{title}\nThe ship hits it on Monday.")
        assert in_sentence_case(article) == article.text

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
        assert re.fullmatch(r"en_core_web_sm\w* [\d.]+, rules \d+", analyser())

    def test_an_article_in_a_language_without_rules_is_not_analysed(self) -> None:
        article = article_of("O porto está fechado.", "pt")

        assert not can_analyse(article)
        assert with_attribution(brief(article)).claims is None


class TestSpeakers:
    @pytest.mark.parametrize(
        ("text", "speakers"),
        [
            # A title further down tells who "she" is, and letters after a surname are no part of it.
            (
                "Prosecutor Helen Marsh KC told Leeds Crown Court that Gordon Lacey, 58, of Otley, had forged a will. "
                '"He lied," she said. Ms Marsh said that he was rich. Mr Lacey denied the charge.',
                ["Helen Marsh KC", "Helen Marsh KC", "Helen Marsh KC", "Gordon Lacey"],
            ),
            ("Tim Orr met Mary Dunn. Mrs Dunn said that the road was closed.", ["Mary Dunn"]),
            # The agency is no company.
            (
                "The Food Safety Agency fined a bakery. The company said that it was sorry. "
                "The agency said it was right.",
                ["The company", "Food Safety Agency"],
            ),
        ],
    )
    def test_speakers_are_who_they_are(self, text: str, speakers: list[str]) -> None:
        assert [_told(text, claim)[1] for claim in analyse(article_of(text)).claims] == speakers

    def test_many_quotations_in_one_paragraph_take_linear_time(self) -> None:
        text = '"Yes," he said. ' * 1_800
        assert len(analyse(article_of(text)).claims) == 1_800


class TestEntities:
    TEXT = (
        "The port authority closed the harbour on Monday. Its chairwoman, Ada Finch, said that 40 ships had to wait. "
        "She blamed the pilots. Karl Voss, a former captain, told the Echo that he had seen Key Bridge fall. "
        "The bridge was old."
    )

    def _mentions(self, name: str) -> list[tuple[str, str]]:
        entities = with_attribution(brief(article_of(self.TEXT))).entities or ()
        found = next(entity for entity in entities if entity.name.of(self.TEXT) == name)
        return [(mention.span.of(self.TEXT), mention.form.value) for mention in found.mentions]

    def test_pronouns_and_descriptions_are_mentions(self) -> None:
        assert self._mentions("Ada Finch") == [("Ada Finch", "name"), ("She", "pronoun")]
        assert self._mentions("Karl Voss") == [("Karl Voss", "name"), ("he", "pronoun")]
        assert self._mentions("Key Bridge") == [("Key Bridge", "name"), ("The bridge", "description")]

    def test_numbers_are_entities(self) -> None:
        assert self._mentions("40 ships") == [("40 ships", "name")]

    @pytest.mark.parametrize(("name", "words"), [("Ada Finch", "Its chairwoman"), ("Karl Voss", "a former captain")])
    def test_each_has_the_words_that_introduce_it(self, name: str, words: str) -> None:
        entities = with_attribution(brief(article_of(self.TEXT))).entities or ()
        [introduction] = [one.introduction for one in entities if one.name.of(self.TEXT) == name]
        assert introduction
        assert introduction.of(self.TEXT) == words


class TestItalian:
    def test_golden_pairs(self) -> None:
        tally = Tally()
        for passage in passages("italian"):
            score(passage, analyse(article_of(passage.text, "it")).claims, tally)

        assert tally.f1() > 0.95
        assert tally.swapped == 0

    def test_needs_no_model(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(parsing, "_MODELS", ("no_such_model",))
        text = "Il ministro ha detto che il porto è chiuso."
        (claim,) = with_attribution(brief(article_of(text, "it"))).claims or ()

        assert claim.source
        assert claim.source.of(text) == "Il ministro"

    @pytest.mark.parametrize(
        ("text", "speaker", "content"),
        [
            (
                "Il giudice, che guida il tribunale, ha negato ogni errore.",
                "Il giudice",
                "ogni errore",
            ),
            (
                "Il comitato chiede le dimissioni della dirigente che firmò il permesso.",
                "Il comitato",
                "le dimissioni della dirigente che firmò il permesso",
            ),
        ],
    )
    def test_relative_clauses(self, text: str, speaker: str, content: str) -> None:
        (claim,) = analyse(article_of(text, "it")).claims

        _, found, _, said = _told(text, claim)
        assert (found, said) == (speaker, content)

    @pytest.mark.parametrize(
        ("language", "text", "speaker", "content"),
        [
            ("it", "Inoltre, secondo il sito, la neve continua.", "il sito", "Inoltre la neve continua"),
            ("it", "Dopo la cena, racconta Lello Bruni, si balla.", "Lello Bruni", "Dopo la cena si balla"),
            ("it", "Il sindaco infatti ha detto che nevica.", "Il sindaco", "nevica"),
            (
                "fr",
                "« Restons. Nous tenons au port », dit Luc Martel.",
                "Luc Martel",
                "« Restons. Nous tenons au port »",
            ),
            ("de", "So erklärt Jan Kolb dazu: „Wir bauen.“", "Jan Kolb", "„Wir bauen.“"),
        ],
        ids=[
            "an opening",
            "a time before it",
            "a linking word",
            "a quotation of two sentences",
            "a word behind a name",
        ],
    )
    def test_what_is_said_is_whole(self, language: str, text: str, speaker: str, content: str) -> None:
        (claim,) = analyse(article_of(text, language)).claims

        _, found, _, said = _told(text, claim)
        assert (found, said) == (speaker, content)

    def test_a_noun_that_looks_like_a_verb_is_none(self) -> None:
        text = "L'accusa di furto è caduta. La conferma è arrivata ieri. Il secondo ponte è chiuso."
        assert analyse(article_of(text, "it")).claims == ()

    @pytest.mark.parametrize("words", ["«a ", "nega ", "è accusato da ", "secondo ", "Il ministro, ", "ha detto «no» "])
    def test_worst_texts_take_linear_time(self, words: str) -> None:
        text = "Un titolo\n" + words * (30_000 // len(words))
        assert isinstance(analyse(article_of(text, "it")).claims, tuple)


class TestOtherLanguages:
    @pytest.mark.parametrize("half", ["", "_second"])
    @pytest.mark.parametrize(("language", "name"), [("de", "german"), ("fr", "french"), ("es", "spanish")])
    def test_golden_pairs(self, language: str, name: str, half: str) -> None:
        tally = Tally()
        for passage in passages(f"{name}{half}"):
            score(passage, analyse(article_of(passage.text, language)).claims, tally)

        assert tally.f1() > 0.95
        assert tally.swapped == 0

    @pytest.mark.parametrize(
        ("language", "text", "speaker"),
        [
            ("de", "Am Montag wirft die Partei dem Chef der Bank vor, gelogen zu haben.", "die Partei"),
            ("de", "Den Ministern werfen die Wirte vor, gelogen zu haben.", None),
            ("de", "Zudem werfen Wirte Ministern vor, gelogen zu haben.", None),
            ("de", "Der Mann, der die Firma beschuldigte, ging.", None),
            ("de", "Niemand wirft der Firma vor, gelogen zu haben.", None),
            ("de", "Die Mannschaft bestritt das Spiel ohne ihren Torwart.", None),
            ("de", "Die Vorwürfe wies die Firma zurück.", "die Firma"),
            ("fr", "Le maire accusé de fraude a démissionné.", None),
            ("fr", "Le comité n'accuse pas le maire de mentir.", None),
            ("fr", "La région dément et annonce une plainte.", "La région"),
            ("es", "La crítica a la empresa llegó tarde.", None),
            ("es", "La empresa lo niega.", "La empresa"),
            ("it", "Il comune non accusa la provincia di aver mentito.", None),
            ("it", "La società smentisce e annuncia una querela.", "La società"),
        ],
    )
    def test_who_accuses_and_denies(self, language: str, text: str, speaker: str | None) -> None:
        found = analyse(article_of(text, language)).claims

        assert [claim.speaker.of(text) for claim in found if claim.speaker] == ([speaker] if speaker else [])

    @pytest.mark.parametrize("words", ["wirft der ", "„a ", "hat die Firma ", "Die Firma bestritt ", "das, "])
    def test_worst_texts_take_linear_time(self, words: str) -> None:
        text = "Ein Titel\n" + words * (30_000 // len(words))
        assert isinstance(analyse(article_of(text, "de")).claims, tuple)


@pytest.mark.parametrize("name", ["reports_first", "reports_second"])
class TestReports:
    def test_who_accuses_and_who_denies(self, name: str) -> None:
        """Reports without headings, of five languages, each with the accusations and denials that a reader finds."""
        texts = {title: article(title, *(line for _, line in rows)) for title, rows in articles(name)}
        missed, wrong, count = [], [], 0
        for title, wanted in disputes(name):
            text = texts[title].text
            told = [_told(text, claim) for claim in analyse(texts[title]).claims if _is_dispute(texts[title], claim)]
            count += len(wanted)
            missed += [one for one in wanted if not any(_is_same_dispute(one, other) for other in told)]
            # The first words of a report may repeat its title.
            wrong += [one for one in told if not any(_is_same_dispute(other, one) for other in wanted)]

        assert len(missed) <= 0.2 * count, missed
        assert len(wrong) <= 0.2 * count, wrong


def _is_dispute(read: Article, claim: Claim) -> bool:
    return is_blamed(read, claim) or is_denial(read, claim)


def _is_same_dispute(wanted: tuple[str, str, str], found: tuple[str, str, str, str]) -> bool:
    (stance, speaker, target), (as_stance, as_speaker, as_target, _) = wanted, found
    return stance == as_stance and _shares_word(speaker, as_speaker) and (not target or _shares_word(target, as_target))


def _shares_word(one: str, other: str) -> bool:
    return any(word in other.casefold().split() for word in one.casefold().split() if len(word) > 3)


class TestWithoutModel:
    def test_nothing_is_analysed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(parsing, "_MODELS", ("no_such_model",))
        article = article_of("The port is closed, Ada Finch said.")

        assert with_attribution(brief(article)).claims is None

    def test_the_bot_and_the_core_do_not_import_spacy(self) -> None:
        code = (
            "import sys, bot.app, bot.run; from briefings.analysis import attribution;"
            "attribution.analyser(); assert not {'spacy', 'thinc', 'numpy'} & set(sys.modules)"
        )
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


class TestWhoSpeaks:
    @pytest.mark.parametrize(
        "text",
        [
            "Nobody said that the bridge was unsafe before the accident in Norby.",
            "No minister accused the driver of the train.",
            "None of the ministers blamed the driver of the train.",
            "The minister did not accuse Russia of the attack.",
            "Who is to blame for the flood in Norby?",
            "A pump was to blame for the flood in Norby.",
            "The dose is two pills per day and 4 grams per person.",
        ],
    )
    def test_nobody_says_anything_here(self, text: str) -> None:
        assert analyse(article_of(text)).claims == ()

    @pytest.mark.parametrize(
        ("text", "speaker", "stance", "target"),
        [
            ("The fire began in the kitchen, per the fire department.", "the fire department", Stance.CLAIMS, None),
            ("Ann Lund disagreed with the minister.", "Ann Lund", Stance.DENIES, "the minister"),
            (
                "The accusations made by Halden's rival Sorrel were rejected by the court.",
                "the court",
                Stance.DENIES,
                "Halden",
            ),
        ],
    )
    def test_who_says_it(self, text: str, speaker: str, stance: Stance, target: str | None) -> None:
        [claim] = analyse(article_of(text)).claims
        assert claim.speaker is not None
        assert (claim.speaker.of(text), claim.stance) == (speaker, stance)
        assert (claim.target.of(text) if claim.target else None) == target

    def test_accusations_and_denials_within_a_transcript_are_the_speakers(self) -> None:
        text = (
            "Interview on the dam\n\n"
            "KOS: The governor knew about it. I accuse the governor of lying to us.\n\n"
            "HALE: I reject that accusation. Brown says that the dam was old.\n"
        )
        claims = analyse(article_of(text)).claims
        told = [(claim.speaker.of(text), claim.stance) for claim in claims if claim.speaker]
        assert told == [
            ("KOS", Stance.CLAIMS),
            ("KOS", Stance.ACCUSES),
            ("HALE", Stance.CLAIMS),
            ("HALE", Stance.DENIES),
        ]
