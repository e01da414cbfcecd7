"""Free questions in a chat: which story they are about, and how the answer is shown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.commands.last_questions import LastQuestions
from bot.i18n import Translator
from bot.views.layout import Drawing
from bot.views.model import Bullet, Button, Verbatim, View
from briefings.analysis.questions import Asked, parse
from briefings.analysis.questions.wide import wide
from briefings.matching import names_asked
from briefings.model import Span
from tests.fakes import OpenTalk, Talk, article, version
from tests.shown import said

BRIDGE = article(
    "Bridge in Norby collapses",
    "The bridge over the Tarn fell on Monday evening. Nobody was hurt, because the road had been closed at noon.",
    "Repairs will cost 4 million euros, said Inga Berg, the mayor of Norby. The builder denies any mistake.",
    "## What are the consequences?",
    "Buses take another way until the spring.",
)
MERGER = article(
    "Lindqvist buys its rival Osterman",
    "The brewer Lindqvist is buying Osterman for 90 million euros. About 300 people will lose their jobs.",
)
SALE = article("Osterman sells its last pub", "The brewer Osterman sold its last pub to a bank for 2 million euros.")


@pytest.fixture(name="talk")
async def _talk(open_talk: OpenTalk) -> Talk:
    return await open_talk(MERGER, BRIDGE)


async def test_a_question_is_answered_by_its_sentence(talk: Talk) -> None:
    text = said(await talk.ask("how much will it cost to repair the bridge?"))
    assert "Repairs will cost 4 million euros" in text
    assert "Bridge in Norby collapses" in text


async def test_the_command_asks_the_same(talk: Talk) -> None:
    assert await talk.ask("/ask who is Inga Berg") == await talk.ask("who is Inga Berg")


async def test_the_command_without_a_question_asks_for_one(talk: Talk) -> None:
    assert "What do you want to know?" in said(await talk.ask("/ask"))


async def test_what_the_article_does_not_say_is_said_with_the_nearest_section(talk: Talk) -> None:
    view = await talk.ask("what were the consequences for the fishermen of Lisbon?")
    text = said(view)
    assert "The article does not say exactly this. The nearest lines:" in text
    assert "Buses take another way" in text
    assert "The nearest section: Consequences" in text
    assert isinstance(view.buttons[0], Button)
    assert "Buses take another way" in said(await talk.press(view.buttons[0].action.encode()))


async def test_what_no_section_comes_near_is_said_alone(talk: Talk) -> None:
    text = said(await talk.ask("how many horses live in the mountains?"))
    assert "The article does not say." in text
    assert "nearest" not in text


async def test_the_price_of_something_else_is_no_answer(talk: Talk) -> None:
    text = said(await talk.ask("how much does a ticket for the bus cost?"))
    assert "The article does not say" in text


async def test_a_name_in_another_title_is_about_that_story(talk: Talk) -> None:
    await talk.ask("/summary bridge")
    assert "About 300 people will lose their jobs" in said(await talk.ask("how many people does Osterman dismiss?"))


async def test_a_word_in_another_title_that_is_no_name_is_about_the_current_story(talk: Talk) -> None:
    await talk.ask("/summary bridge")
    assert "Bridge in Norby" in said(await talk.ask("when does the mayor of Norby meet her rival?"))


async def test_of_two_stories_that_fit_the_bot_asks_which(open_talk: OpenTalk) -> None:
    talk = await open_talk(SALE, MERGER, BRIDGE)
    await talk.ask("/summary bridge")
    view = await talk.ask("how much does Osterman get?")
    assert "Which story do you mean?" in said(view)
    assert set(view.about) == {version(SALE).id, version(MERGER).id}


@pytest.mark.parametrize(
    "text",
    ["was ist passiert?", "was geschah?", "que s'est-il passé ?", "qu'est-ce qui s'est passé ?", "¿qué ocurrió?"],
)
def test_what_happened_is_asked_in_each_language(text: str) -> None:
    assert parse(text).asked is Asked.HAPPENED


@pytest.mark.parametrize(
    ("text", "language"),
    [("Was ist in Husum passiert?", "de"), ("Que s'est-il passé à Husum ?", "fr"), ("¿Qué pasó en Husum?", "es")],
)
def test_what_happened_somewhere_is_about_the_place_alone(text: str, language: str) -> None:
    assert [term.word for term in parse(text, language).terms] == ["husum"]


@pytest.mark.parametrize("text", ["Chi accusa l'Anas?", "What is Anas’s answer?", "Was sagt Anas?"])
def test_a_name_is_found_beside_an_apostrophe(text: str) -> None:
    assert "Anas" in names_asked(text, "en").values()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Wie viele Fälle gibt es?", []),
        ("Welche Folgen hat der Streik?", []),
        ("Was ist in Altenbrück passiert?", ["Altenbrück"]),
        ("Was sagte Ohlmann?", ["Ohlmann"]),
        ("Wann kommt Jens Ohlmann zurück?", ["Jens", "Ohlmann"]),
        ("Wer ist Ohlmann?", ["Ohlmann"]),
    ],
)
def test_a_german_noun_is_no_name(text: str, names: list[str]) -> None:
    assert list(names_asked(text, "en").values()) == names


async def test_a_question_in_another_language_than_the_story_is_about_it(open_talk: OpenTalk) -> None:
    blamed = article("A court rules on a hall", "A court holds the owner responsible for the collapse of a hall.")
    talk = await open_talk(blamed, article("Bridge collapses", "The bridge fell on Monday. The mayor blamed a ship."))
    await talk.ask("/brief bridge")
    assert "Bridge collapses" in said(await talk.ask("Qui est responsable ?"))


async def test_a_command_finds_a_story_by_words_in_its_text_if_no_title_has_them(talk: Talk) -> None:
    await talk.ask("/brief norby")
    assert "Lindqvist buys" in said(await talk.ask("/summary brewer"))
    assert "No story title matches" in said(await talk.ask("/summary brewer submarine"))


async def test_a_follow_up_keeps_story_and_subject(talk: Talk) -> None:
    await talk.ask("was anybody hurt in Norby?")
    assert "because the road had been closed" in said(await talk.ask("and why not?"))


async def test_what_is_new_about_something_is_asked_of_all_stories(open_talk: OpenTalk) -> None:
    talk = await open_talk(SALE, MERGER, BRIDGE)
    view = await talk.ask("what is new about Osterman?")
    text = said(view)
    assert set(view.about) == {version(SALE).id, version(MERGER).id}
    assert text.index("Osterman sells its last pub") < text.index("The brewer Osterman sold its last pub")
    assert "Bridge in Norby" not in text
    assert await talk.ask("/ask what is new about Osterman?") == view


async def test_what_somebody_said_this_week_is_told_with_its_story(talk: Talk) -> None:
    text = said(await talk.ask("what did Inga Berg say this week?"))
    assert text.index("Bridge in Norby collapses") < text.index("Repairs will cost 4 million euros")
    talk.clock.now += timedelta(days=9)
    assert "No recent story" in said(await talk.ask("what did Inga Berg say this week?"))


async def test_a_reply_keeps_a_question_to_its_story(talk: Talk) -> None:
    view = await talk.ask("what did Inga Berg say this week?", version(BRIDGE).id)
    assert view.about == (version(BRIDGE).id,)


@pytest.mark.parametrize(
    ("text", "subject", "days"),
    [
        ("What's new about the Norby bridge?", "the norby bridge", 14),
        ("any news on Osterman this week", "osterman", 14),
        ("che cosa c'è di nuovo sul ponte?", None, 0),
        ("ci sono novità sul ponte?", "ponte", 14),
        ("what did Berg say today?", "berg", 1),
        ("che cosa ha detto Berg questa settimana?", "berg", 7),
        ("what did Berg say?", None, 0),
        ("what happened this week?", None, 0),
        ("what is new", None, 0),
    ],
)
def test_which_questions_are_about_all_stories(text: str, subject: str | None, days: int) -> None:
    found = wide(text)
    assert (found.subject, found.days) == (subject, days) if subject and found else found is None


async def test_when_was_that_keeps_story_and_subject(talk: Talk) -> None:
    await talk.ask("was anybody hurt when the bridge fell in Norby?")
    view = await talk.ask("and when was that?")
    assert view.about == (version(BRIDGE).id,)
    assert "on Monday evening" in said(view)


async def test_a_question_replies_to_the_story_of_a_message(talk: Talk) -> None:
    text = said(await talk.ask("how many jobs will be lost?", version(MERGER).id))
    assert "About 300 people" in text


async def test_the_phrase_that_answers_is_bold(talk: Talk) -> None:
    view = await talk.ask("how much will it cost to repair the bridge?")
    [_, piece, *_] = Drawing(Translator("en")).pieces(view)
    assert [run.text for run in piece.runs if run.bold] == ["4 million euros"]
    assert piece.text == "• Repairs will cost 4 million euros, said Inga Berg, the mayor of Norby."


def test_nothing_is_marked_outside_of_the_words() -> None:
    words = Verbatim(version(BRIDGE), Span(0, 6), marked=Span(10, 15))
    assert words.parts() == ("Bridge", "", "")
    [piece] = Drawing(Translator("en")).pieces(View((Bullet(words),)))
    assert piece.text == "• Bridge"


def test_last_questions_are_each_persons_own_and_of_one_story() -> None:
    last, question = LastQuestions(), parse("was the bridge old?")
    last.keep("chat ann", "a", question)
    assert last.about("chat ann", "a") == question
    assert last.about("chat ann", "b") is None
    assert last.about("chat bob", "a") is None


def test_a_question_without_a_subject_is_not_kept() -> None:
    last, question = LastQuestions(), parse("was the bridge old?")
    last.keep("chat ann", "a", question)
    last.keep("chat ann", "a", parse("and why?"))
    assert last.about("chat ann", "a") == question


def test_the_oldest_of_too_many_questions_is_forgotten() -> None:
    last, question = LastQuestions(), parse("was the bridge old?")
    for number in range(2_001):
        last.keep(f"chat {number}", "a", question)
    assert last.about("chat 0", "a") is None
    assert last.about("chat 2000", "a") == question


VACCINES = article(
    "Measles returns to the Caldera valley",
    "Doctors have counted 214 cases since October, the first outbreak in eleven years. Three children are in hospital.",
    "The ministry says that few children are vaccinated because two clinics were closed in 2022.",
    "“I drove forty kilometres with a child who could not breathe,” said Teresa Maule, a mother of four.",
    "From Monday, mobile teams will vaccinate in schools. Schools will send home pupils without a certificate.",
)


class TestQuestionsForSections:
    @pytest.mark.parametrize("follow_up", ["and why?", "und warum?"])
    async def test_a_follow_up_that_finds_nothing_new_gets_the_section(
        self, open_talk: OpenTalk, follow_up: str
    ) -> None:
        talk = await open_talk(VACCINES)
        await talk.ask("how many cases are there?")
        assert "because two clinics were closed" in said(await talk.ask(follow_up))

    @pytest.mark.parametrize("typed", ["Wie geht es weiter?", "und wie geht es weiter?", "what happens next?"])
    async def test_what_happens_next_is_never_a_follow_up(self, open_talk: OpenTalk, typed: str) -> None:
        talk = await open_talk(VACCINES)
        await talk.ask("how many cases are there?")
        assert "From Monday, mobile teams" in said(await talk.ask(typed))

        talk = await open_talk(SALE)
        assert "The article does not say what happens next." in said(await talk.ask(typed))

    async def test_who_is_to_blame_stays_with_the_last_story(self, open_talk: OpenTalk) -> None:
        blamed = article("Pump floods a tunnel in Halden", "The mayor blames a pump. The builder is not to blame.")
        talk = await open_talk(SALE, blamed)
        await talk.ask("/brief osterman")
        text = said(await talk.ask("who is to blame?"))
        assert "Osterman sells its last pub" in text
        assert "The article does not say." in text
