"""`/claims` and `/quotes`: who says what, by speaker, stance and quotation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answers.claims import claims_view, context_view
from bot.i18n import Message, Translator
from bot.platforms.console.markdown import MarkdownRenderer
from bot.platforms.console.render import ConsoleRenderer, as_text
from bot.platforms.telegram.render import TelegramRenderer
from bot.views.buttons import Action, Verb
from bot.views.model import Bullet, Button, Heading, Statement, View
from bot.views.selection import ALL, Selection
from briefings.analysis import brief, parsing
from briefings.analysis.attribution import with_attribution
from briefings.analysis.speakers import named_speakers
from briefings.model import Article, Claim, Entity, EntityKind, Mention, Span, Stance, Version
from briefings.sources import read_article
from tests.fakes import OpenTalk, Talk, article, version

PORT = article(
    "Port of Harrowby closed",
    "The Dock Workers of Harrowby accused the owner of saving on repairs. The owner, Karl Voss, denied the accusation.",
    "“The engines had been checked,” said Voss. The coastguard, quoted by the Echo, expects a long inquiry.",
    "It rained.",
)
MODEL = pytest.mark.skipif(not parsing.is_available(), reason="needs spaCy and its model, the analysis extra")


def _span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def _claim(speaker: str, stance: Stance, content: str, **more: object) -> Claim:
    text = PORT.text
    said = _span(text, content)
    end = text.index(".", said.end - 1) + 1
    start = max(text.rfind("\n", 0, said.start), text.rfind(". ", 0, said.start) + 1) + 1
    who = _span(text, speaker)
    return Claim(who, who, None, (said,), Span(start, end), stance, **more)  # type: ignore[arg-type]  # tests only


CLAIMS = (
    _claim(
        "The Dock Workers of Harrowby",
        Stance.ACCUSES,
        "of saving on repairs",
        target=_span(PORT.text, "the owner"),
    ),
    _claim("Karl Voss", Stance.DENIES, "the accusation"),
    _claim("Karl Voss", Stance.CLAIMS, "“The engines had been checked,”", quote=True),
    _claim("The coastguard", Stance.PREDICTS, "a long inquiry", via=_span(PORT.text, "the Echo")),
)
ENTITY = Entity(
    EntityKind.PERSON,
    _span(PORT.text, "Karl Voss"),
    (Mention(_span(PORT.text, "Karl Voss")),),
    _span(PORT.text, "The owner"),
)


def _version(claims: tuple[Claim, ...] | None = CLAIMS, found: Article = PORT) -> Version:
    plain = version(found)
    number = "none" if claims is None else str(len(claims))
    briefing = replace(plain.briefing, claims=claims, entities=(ENTITY,) if claims else None)
    return replace(plain, briefing=briefing, id=number.rjust(12, "0"))


def _text(view: View, locale: str = "en") -> str:
    return as_text(ConsoleRenderer().render(view, Translator(locale)), 1000)


def _headings(view: View) -> list[str]:
    return [block.text.text for block in view.blocks if isinstance(block, Heading)]


def _actions(view: View) -> dict[str, Action]:
    return {
        str(dict(button.label.values).get("number", button.label.text)): button.action
        for button in view.buttons
        if isinstance(button, Button) and isinstance(button.label, Message) and isinstance(button.action, Action)
    }


class TestViews:
    def test_claims_stand_below_their_speakers_in_the_order_of_the_text(self) -> None:
        view = claims_view(_version())
        statements = [block for block in view.blocks if isinstance(block, Statement)]

        assert _headings(view) == ["The Dock Workers of Harrowby", "Karl Voss", "The coastguard"]
        assert [block.stance.text for block in statements] == ["accuses", "denies", "says", "expects"]
        assert [block.is_quote for block in statements] == [False, False, True, False]
        assert [block.number for block in statements] == [1, 2, 3, 4]

    @pytest.mark.parametrize(("cue", "shown"), [("turned down", "refuses"), ("denied", "denies")])
    def test_an_offer_is_refused_and_not_denied(self, cue: str, shown: str) -> None:
        port = article("Port of Harrowby closed", f"Karl Voss {cue} a place in the council of the town on Monday.")
        who, sentence = _span(port.text, "Karl Voss"), port.blocks[-1].span
        said = _span(port.text, "a place in the council of the town")
        claim = Claim(who, who, _span(port.text, cue), (said,), sentence, Stance.DENIES)
        [statement] = (one for one in claims_view(_version((claim,), port)).blocks if isinstance(one, Statement))

        assert statement.stance.text == shown

    def test_quotations_on_both_sides_of_their_speaker_stand_in_the_order_of_the_text(self) -> None:
        first, second = (
            "„Jeder von uns muss heute in den Spiegel schauen“",
            "„So haben wir keine Chance auf den Titel.“",
        )
        found = read_article(f"Norby verliert\n\n{first}, sagte Kapitän Karl Voss: {second}\n".encode(), "pasted.txt")
        briefing = with_attribution(brief(found))
        told = replace(version(found), briefing=briefing)

        assert [part.of(found.text) for claim in briefing.claims or () for part in claim.content] == [first, second]
        assert "keine Chance" in _text(claims_view(told))

    def test_the_target_and_the_outlet_are_shown_where_the_words_do_not_say_them(self) -> None:
        accused, *_, expected = (block for block in claims_view(_version()).blocks if isinstance(block, Statement))

        assert accused.target
        assert accused.target.text == "the owner"
        assert expected.via
        assert expected.via.text == "the Echo"

    def test_each_number_opens_its_sentence_in_its_context(self) -> None:
        view = claims_view(_version())
        action = _actions(view)["2"]
        [bullet] = (block for block in context_view(_version(), action.page).blocks if isinstance(block, Bullet))

        assert action.verb is Verb.CONTEXT
        assert bullet.text.parts()[1] == "The owner, Karl Voss, denied the accusation."  # type: ignore[union-attr]
        assert bullet.text.text.startswith("The Dock Workers")

    def test_a_number_that_no_claim_has_shows_all(self) -> None:
        assert context_view(_version(), 99) == claims_view(_version())

    @pytest.mark.parametrize(
        ("label", "speakers"),
        [
            ("Who accuses", ["The Dock Workers of Harrowby"]),
            ("Who denies", ["Karl Voss"]),
            ("Quotes", ["Karl Voss"]),
        ],
    )
    def test_buttons_choose(self, label: str, speakers: list[str]) -> None:
        action = _actions(claims_view(_version()))[label]
        chosen = claims_view(_version(), Selection.decode(action.ordinal), action.page)

        assert _headings(chosen) == speakers
        assert "Who says what" in _actions(chosen)

    def test_many_claims_come_in_pages_and_no_claim_is_lost(self) -> None:
        many = _version(CLAIMS * 5)
        pages = [claims_view(many, ALL, page) for page in range(3)]
        shown = [block for view in pages for block in view.blocks if isinstance(block, Statement)]

        assert len(shown) == len(many.briefing.claims or ())
        assert "Next ›" in _actions(pages[0])
        assert "‹ Back" in _actions(pages[2])

    @pytest.mark.parametrize("locale", ["en", "it"])
    def test_every_platform_draws_it(self, locale: str) -> None:
        view, translator = claims_view(_version()), Translator(locale)
        telegram = "".join(text.plain for text in TelegramRenderer().render(view, translator).texts)

        for drawn in (telegram, _text(view, locale), MarkdownRenderer().render(view, translator)):
            assert "of saving on repairs" in drawn
            assert "the Echo" in drawn


class TestAbsence:
    @pytest.mark.parametrize(
        ("selection", "said"),
        [
            (Selection(Stance.DOUBTS), "No doubts in this story"),
            (Selection(speaker=99), "attributes no statements to anyone"),
        ],
    )
    def test_nothing_of_the_kind(self, selection: Selection, said: str) -> None:
        assert said in _text(claims_view(_version(), selection))

    def test_no_quotations(self) -> None:
        assert "no direct quotations" in _text(claims_view(_version(CLAIMS[:2]), Selection(only_quotes=True)))

    def test_an_article_without_claims(self) -> None:
        assert "attributes no statements to anyone" in _text(claims_view(_version(())))

    def test_a_missing_model_is_named_with_how_to_install_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(parsing, "_MODELS", ("no_such_model",))
        said = _text(claims_view(_version(None)))

        assert "spaCy" in said
        assert "pip install 'nutgraf[analysis]'" in said

    def test_a_language_without_rules_is_named(self) -> None:
        other = _version(None, article("Porto fechado", "O porto está fechado, diz a polícia."))
        portuguese = replace(other, briefing=replace(other.briefing, article=replace(other.article, language="pt")))
        assert "only in English, French" in _text(claims_view(replace(portuguese, id="d" * 12)))

    def test_an_article_that_is_too_long_says_so(self) -> None:
        lines = [f"Harbour number {n} was closed on Monday, the mayor of the town said." for n in range(600)]
        book = article("A book about harbours", *lines)
        assert "too long" in _text(claims_view(_version(None, book)))

    @MODEL
    def test_a_story_that_was_not_analysed_yet_says_so(self) -> None:
        assert "Try again later" in _text(claims_view(replace(_version(None), id="e" * 12)))


class TestSelection:
    @pytest.mark.parametrize(
        "selection", [ALL, Selection(only_quotes=True), Selection(speaker=0), *map(Selection, Stance)]
    )
    def test_survives_a_button(self, selection: Selection) -> None:
        action = Action(Verb.CLAIMS, "0123456789ab", ordinal=selection.encode(), page=3)
        decoded = Action.decode(action.encode())

        assert decoded == action
        assert Selection.decode(action.ordinal) == selection

    @pytest.mark.parametrize("number", [-1, 10, 19])
    def test_a_forged_number_chooses_all(self, number: int) -> None:
        assert Selection.decode(number) == ALL


class TestSpeakers:
    @pytest.mark.parametrize(
        ("words", "speaker"),
        [
            ("voss", "Karl Voss"),
            ("the owner", "Karl Voss"),
            ("dock workers", "The Dock Workers of Harrowby"),
            ("DWH", "The Dock Workers of Harrowby"),
            ("Coastguard", "The coastguard"),
        ],
    )
    def test_are_found_by_short_form_title_and_acronym(self, words: str, speaker: str) -> None:
        [found] = named_speakers(_version().briefing, words)
        assert found.name
        assert found.name.of(PORT.text) == speaker

    @pytest.mark.parametrize("words", ["", "the", "anglers", "karl coastguard"])
    def test_others_are_not(self, words: str) -> None:
        assert named_speakers(_version().briefing, words) == []


@MODEL
class TestCommands:
    @pytest.fixture(name="talk")
    async def _talk(self, open_talk: OpenTalk) -> Talk:
        return await open_talk(
            article("A cheese wins", "A goat cheese won a prize, the jury said."), PORT, finds_claims=True
        )

    async def test_all_claims_of_the_story_at_hand(self, talk: Talk) -> None:
        view = await talk.ask("/claims")
        assert "Dock Workers" in _text(view)

    @pytest.mark.parametrize("words", ["voss", "owner", "Karl Voss"])
    async def test_one_speaker(self, talk: Talk, words: str) -> None:
        assert _headings(await talk.ask(f"/claims {words}")) == ["Karl Voss"]

    @pytest.mark.parametrize("words", ["who denies", "denies", "chi nega"])
    async def test_one_stance(self, talk: Talk, words: str) -> None:
        assert _headings(await talk.ask(f"/claims {words}")) == ["Karl Voss"]

    async def test_another_story_by_its_title_and_by_its_number(self, talk: Talk) -> None:
        assert "jury" in _text(await talk.ask("/claims cheese"))
        await talk.ask("/latest")
        assert "jury" in _text(await talk.ask("/claims 2"))

    async def test_somebody_who_does_not_speak(self, talk: Talk) -> None:
        said = _text(await talk.ask("/claims anglers"))
        assert "No statements by “anglers”" in said
        assert "Karl Voss" in said

    async def test_quotes_only(self, talk: Talk) -> None:
        view = await talk.ask("/quotes")
        assert [block.is_quote for block in view.blocks if isinstance(block, Statement)] == [True]

    async def test_a_press_opens_the_context(self, talk: Talk) -> None:
        view = await talk.ask("/claims")
        pressed = await talk.press(_actions(view)["1"].encode())
        assert "Dock Workers of Harrowby accused" in _text(pressed)
