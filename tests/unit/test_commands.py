"""What the bot answers, on any platform: these tests know no terminal and no network."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.answers import stories
from bot.commands import BY_NAME, COMMANDS, Desk, Request
from bot.i18n import LOCALES, Message, Translator
from bot.platforms.console.render import ConsoleRenderer, as_text
from bot.views import Action, Button, Title, Verb, View
from bot.words import ABSENCES, NAMES
from briefings.model import SectionKind
from tests.fakes import Clock, article, bundled, desk_of, version

SCREEN = 900
BRIDGE = article(
    "Bridge in Norby collapses",
    "The bridge at Norby fell into the river on Monday.",
    "## Who is responsible?",
    "The mayor blames the owner of the ship.",
    "> I saw it fall.\n> — Ann Lee, driver",
    "## What are the consequences?",
    *(f"Consequence number {n} is that the town of Norby has to wait for another week or so." for n in range(30)),
)
CHEESE = article("A cheese of Norby wins", "A goat cheese won a prize.", "## Why?", "Because it is good.")


def said(view: View, locale: str = "en") -> str:
    """What a person reads, buttons included."""
    return as_text(ConsoleRenderer().render(view, Translator(locale)), 1000)


def shown_characters(view: View) -> int:
    """The characters of an answer's text, without its buttons."""
    return len(said(View(view.blocks)).replace("│ ", ""))


def pressed(view: View, label: str) -> str:
    """The bytes of the button of that label."""
    for button in view.buttons:
        if isinstance(button, Button) and isinstance(button.label, Message) and button.label.text == label:
            return button.action.encode()
    raise AssertionError(f"no button {label}")


@pytest.fixture(name="desk")
async def _desk() -> Desk:
    return await desk_of(CHEESE, BRIDGE)


async def ask(desk: Desk, text: str, *about: str) -> View:
    return await desk.answer(Request("chat", text, about))


class TestTheTable:
    def test_has_what_the_menu_promises(self) -> None:
        menu = [command.name for command in COMMANDS if command.in_menu]
        assert menu == [
            "summary",
            "what",
            "who",
            "consequences",
            "related",
            "latest",
            "brief",
            "search",
            "digest",
            "help",
        ]

    def test_has_a_command_for_every_kind_but_other(self) -> None:
        assert {command.kind for command in COMMANDS} - {None} == set(SectionKind) - {SectionKind.OTHER}

    def test_fits_the_platforms(self) -> None:
        for command in COMMANDS:
            assert command.name.isascii()
            assert command.name.islower()
            assert len(command.name) <= 32
            for locale in LOCALES:
                assert 3 <= len(Translator(locale).say(command.help)) <= 100

    def test_names_every_kind(self) -> None:
        assert NAMES.keys() == ABSENCES.keys() == set(SectionKind)


class TestWhichStory:
    async def test_the_newest_at_first(self, desk: Desk) -> None:
        assert "Bridge in Norby collapses" in said(await ask(desk, "/who"))

    async def test_the_one_named_and_from_then_on_the_same(self, desk: Desk) -> None:
        assert "Because it is good." in said(await ask(desk, "/why cheese"))
        assert "A cheese of Norby wins" in said(await ask(desk, "/summary"))

    async def test_each_chat_has_its_own(self, desk: Desk) -> None:
        await desk.answer(Request("one", "/why cheese"))
        assert "Bridge" in said(await desk.answer(Request("other", "/who")))

    async def test_the_one_replied_to_goes_before_the_last_one(self, desk: Desk) -> None:
        await ask(desk, "/why cheese")
        assert "The mayor blames" in said(await ask(desk, "/who", version(BRIDGE).id))

    async def test_of_several_replied_to_the_one_named_or_numbered(self, desk: Desk) -> None:
        both = (version(CHEESE).id, version(BRIDGE).id)
        assert "The mayor blames" in said(await ask(desk, "/who 2", *both))
        assert "Because it is good." in said(await ask(desk, "/why cheese", *both))
        assert "Which story do you mean?" in said(await ask(desk, "/why", *both))

    async def test_several_that_fit_are_a_choice(self, desk: Desk) -> None:
        view = await ask(desk, "/who norby")
        assert "Which story do you mean?" in said(view)
        assert "The mayor blames" in said(await ask(desk, f"/who {1 + view.about.index(version(BRIDGE).id)}"))

    async def test_a_number_of_the_last_list(self, desk: Desk) -> None:
        view = await ask(desk, "/latest")
        assert view.about == (version(BRIDGE).id, version(CHEESE).id)
        assert "Because it is good." in said(await ask(desk, "/why 2"))
        assert "The last answer had no story number 7." in said(await ask(desk, "/why 7"))

    async def test_a_reply_about_a_story_that_is_gone_is_answered_kindly(self, desk: Desk) -> None:
        assert "That story is no longer here." in said(await ask(desk, "/who", "ffffffffffff"))

    async def test_a_question_back_chooses_no_story(self, desk: Desk) -> None:
        await ask(desk, "/why cheese")
        assert "Which story do you mean?" in said(await ask(desk, "/who norby"))
        assert "A cheese of Norby wins" in said(await ask(desk, "/summary"))

    async def test_a_question_about_words_that_only_another_story_has_is_about_that(self, desk: Desk) -> None:
        await ask(desk, "/who")
        assert "Because it is good." in said(await ask(desk, "why did the cheese win?"))
        await ask(desk, "/who bridge")
        assert "The mayor blames" in said(await ask(desk, "who is the mayor?"))

    async def test_words_of_a_title_alone_show_the_story(self, desk: Desk) -> None:
        assert "A goat cheese won a prize." in said(await ask(desk, "cheese"))
        assert "Which story do you mean?" in said(await ask(desk, "norby"))

    async def test_words_that_name_nothing_are_no_title(self, desk: Desk) -> None:
        assert "The mayor blames" in said(await ask(desk, "/who did it?"))

    async def test_none_that_fits_is_said_kindly(self, desk: Desk) -> None:
        assert "No story is titled like “submarine”" in said(await ask(desk, "/who submarine"))

    async def test_an_empty_library_says_so(self) -> None:
        desk = await desk_of()
        for command in ("/who", "/latest", "/summary", "/sources", "/brief"):
            assert "There are no stories yet." in said(await ask(desk, command))
        assert "No new stories" in said(await ask(desk, "/digest"))


class TestAnswers:
    async def test_names_its_story_and_keeps_the_articles_heading(self, desk: Desk) -> None:
        view = await ask(desk, "/who")
        assert isinstance(view.blocks[0], Title)
        assert "│ Bridge in Norby collapses\n│ Who is responsible?\n" in said(view)

    async def test_quotes_are_quotes_with_their_speaker(self, desk: Desk) -> None:
        assert "│ » I saw it fall.\n│   — Ann Lee, driver" in said(await ask(desk, "/who"))

    async def test_pages_go_back_and_forth(self, desk: Desk) -> None:
        view = await desk.press("chat", pressed(await ask(desk, "/consequences"), "Full section"))
        pages = [view]
        while any(isinstance(button.label, Message) and button.label.text == "Next ›" for button in pages[-1].buttons):
            pages.append(await desk.press("chat", pressed(pages[-1], "Next ›")))
        text = "\n".join(map(said, pages))
        assert len(pages) > 2
        assert all(f"Consequence number {n} " in text for n in range(30))
        assert all(shown_characters(page) <= SCREEN for page in pages)
        assert said(await desk.press("chat", pressed(pages[1], "‹ Back"))) == said(view)

    async def test_a_page_beyond_the_last_is_the_last(self, desk: Desk) -> None:
        action = Action(Verb.FULL, version(BRIDGE).id, SectionKind.CONSEQUENCES, 0, 99)
        assert "Page 4 of 4" in said(await desk.press("chat", action.encode()))

    async def test_what_the_article_does_not_say_is_said_and_what_it_says_is_offered(self, desk: Desk) -> None:
        view = await ask(desk, "/advice")
        assert "The article does not say what to do." in said(view)
        assert "It has these 2 sections:" in said(view)
        assert "The mayor blames" in said(await desk.press("chat", pressed(view, "Who")))

    async def test_what_is_gathered_says_that_it_is(self, desk: Desk) -> None:
        assert "Gathered from the text" in said(await ask(desk, "/when"))

    async def test_search_digest_sources_sections(self, desk: Desk) -> None:
        assert "1 story for “goat”" in said(await ask(desk, "/search goat"))
        assert "Nothing found for “submarine”" in said(await ask(desk, "/search submarine"))
        assert "What should I search for?" in said(await ask(desk, "/search"))
        assert "Digest: 2 stories" in said(await ask(desk, "/digest"))
        assert "without an outlet's name: 2 stories" in said(await ask(desk, "/sources"))
        assert "• Who is responsible?" in said(await ask(desk, "/sections bridge"))

    async def test_a_digest_holds_the_last_day_only(self) -> None:
        clock = Clock()
        desk = await desk_of(BRIDGE, clock=clock)
        clock.now += timedelta(days=2)
        assert "No new stories in the last day." in said(await ask(desk, "/digest"))

    @pytest.mark.parametrize("command", [c.name for c in COMMANDS if c.name not in {"digest", "help"}])
    async def test_every_answer_about_the_bundled_articles_fits_a_phone(self, command: str) -> None:
        desk = await desk_of(*bundled())
        for found in await desk.library.newest(10):
            view = await ask(desk, f"/{command}", found.id)
            assert shown_characters(view) <= SCREEN, said(view)

    async def test_an_article_of_one_endless_sentence_fits_too(self) -> None:
        desk = await desk_of(article("Endless " * 60, "## Who?", "and then " * 900 + "it ended."))
        view = await ask(desk, "/who")
        assert shown_characters(view) <= SCREEN
        page = await desk.press("chat", pressed(view, "Full section"))
        assert shown_characters(page) <= SCREEN

    async def test_many_sections_are_counted_and_the_first_listed(self) -> None:
        parts = [part for n in range(40) for part in (f"## Chapter {n} of it", f"Sentence number {n} stands here.")]
        book = article("Book", *parts)
        count = len(version(book).briefing.sections)
        desk = await desk_of(book)
        for command in ("/sections", "/advice"):
            view = await ask(desk, command)
            assert f"… and {count - 8} more" in said(view)
            assert shown_characters(view) <= SCREEN
        assert count >= 40
        assert f"It has these {count} sections:" in said(await ask(desk, "/advice"))

    async def test_sections_of_no_kind_are_reached_by_their_heading(self) -> None:
        desk = await desk_of(
            article("Lion", "## A priest", "He had a picture of it.", "## Two inches", "It fits the plinth well.")
        )
        view = await ask(desk, "/sections")
        texts = [said(await desk.press("chat", b.action.encode())) for b in view.buttons[:2] if isinstance(b, Button)]
        assert "He had a picture" in texts[0]
        assert "It fits the plinth" in texts[1]


class TestUnderstanding:
    @pytest.mark.parametrize("typed", ["who did it?", "chi è stato?", "/WHO", "/who@nutgraf_bot", " /who "])
    async def test_a_question_is_answered_like_its_command(self, desk: Desk, typed: str) -> None:
        assert "The mayor blames the owner" in said(await ask(desk, typed))

    async def test_an_unknown_command_gets_the_nearest_one_and_says_so_once(self, desk: Desk) -> None:
        text = said(await ask(desk, "/consequnces"))
        assert text.count("There is no /consequnces; here is /consequences.") == 1
        assert "Consequence number" in text

    @pytest.mark.parametrize("typed", ["/xyzzy", "lorem ipsum", "", "🙂"])
    async def test_what_is_not_understood_gets_one_polite_answer(self, desk: Desk, typed: str) -> None:
        assert "I did not understand" in said(await ask(desk, typed))

    async def test_what_a_person_types_cannot_control_a_screen(self, desk: Desk) -> None:
        text = said(await ask(desk, "\x1b[31mred\u202e {words} %s " + "x" * 5000))
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert len(text) < 400

    @pytest.mark.parametrize("forged", ["", "v1|key||who|0", "v1|key|ffffffffffff|who|0", "x" * 500])
    async def test_a_forged_or_old_button_is_answered_kindly(self, desk: Desk, forged: str) -> None:
        assert "That story is no longer here." in said(await desk.press("chat", forged))

    async def test_every_button_of_every_answer_leads_somewhere(self) -> None:
        desk = await desk_of(*bundled())
        for name in BY_NAME:
            for button in (await ask(desk, f"/{name}")).buttons:
                if isinstance(button, Button):
                    assert "no longer here" not in said(await desk.press("chat", button.action.encode()))


class TestLanguages:
    async def test_the_bots_words_are_italian_where_asked(self, desk: Desk) -> None:
        text = said(await ask(desk, "/advice"), "it")
        assert "L'articolo non dice che cosa fare." in text
        assert "Ha queste 2 sezioni:" in text
        assert "Bridge in Norby collapses" in text

    def test_dates_are_those_of_the_language(self) -> None:
        found = version(next(one for one in bundled() if one.url and "low" in one.url))
        assert "November 8, 2023" in said(stories.brief_view(found), "en")
        assert "8 novembre 2023" in said(stories.brief_view(found), "it")
