"""The answers of commands, without any platform or network."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from bot.answers import stories
from bot.commands.table import BY_NAME, COMMANDS
from bot.i18n import LOCALES, Message, Translator
from bot.platforms.discord.menus import payloads
from bot.views.buttons import Action, Control, Verb
from bot.views.model import Button, Title, View
from bot.views.section_names import ABSENCES, NAMES
from briefings.model import SectionKind
from briefings.scope import OPERATOR
from tests.fakes import OpenTalk, Talk, article, bundled, version
from tests.shown import said

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


def shown_characters(view: View) -> int:
    """The characters of an answer's text, without its buttons."""
    return len(said(View(view.blocks)).replace("│ ", ""))


def pressed(view: View, label: str) -> str:
    """The bytes of the button of that label."""
    for button in view.buttons:
        if isinstance(button, Button) and isinstance(button.label, Message) and button.label.text == label:
            return button.action.encode()
    raise AssertionError(f"no button {label}")


@pytest.fixture(name="talk")
async def _talk(open_talk: OpenTalk) -> Talk:
    return await open_talk(CHEESE, BRIDGE)


class TestTheTable:
    def test_has_what_the_menu_promises(self) -> None:
        menu = [command.name for command in COMMANDS if command.in_menu]
        assert menu == [
            "summary",
            "what",
            "who",
            "consequences",
            "ask",
            "claims",
            "related",
            "latest",
            "brief",
            "search",
            "digest",
            "subscribe",
            "settings",
            "status",
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
    async def test_the_newest_at_first(self, talk: Talk) -> None:
        assert "Bridge in Norby collapses" in said(await talk.ask("/who"))

    async def test_the_one_named_and_from_then_on_the_same(self, talk: Talk) -> None:
        assert "Because it is good." in said(await talk.ask("/why cheese"))
        assert "A cheese of Norby wins" in said(await talk.ask("/summary"))

    async def test_each_chat_has_its_own(self, talk: Talk) -> None:
        await talk.ask("/why cheese")
        assert "Bridge" in said(await talk.elsewhere("other").ask("/who"))

    async def test_the_one_replied_to_goes_before_the_last_one(self, talk: Talk) -> None:
        await talk.ask("/why cheese")
        assert "The mayor blames" in said(await talk.ask("/who", version(BRIDGE).id))

    async def test_of_several_replied_to_the_one_named_or_numbered(self, talk: Talk) -> None:
        both = (version(CHEESE).id, version(BRIDGE).id)
        assert "The mayor blames" in said(await talk.ask("/who 2", *both))
        assert "Because it is good." in said(await talk.ask("/why cheese", *both))
        assert "Which story do you mean?" in said(await talk.ask("/why", *both))

    async def test_several_that_fit_are_a_choice(self, talk: Talk) -> None:
        view = await talk.ask("/who norby")
        assert "Which story do you mean?" in said(view)
        assert "The mayor blames" in said(await talk.ask(f"/who {1 + view.about.index(version(BRIDGE).id)}"))

    async def test_a_number_of_the_last_list(self, talk: Talk) -> None:
        view = await talk.ask("/latest")
        assert view.about == (version(BRIDGE).id, version(CHEESE).id)
        assert "Because it is good." in said(await talk.ask("/why 2"))
        assert "The last answer had no story number 7." in said(await talk.ask("/why 7"))

    async def test_a_reply_about_a_story_that_is_gone_is_answered_kindly(self, talk: Talk) -> None:
        assert "That story is no longer here." in said(await talk.ask("/who", "ffffffffffff"))

    async def test_a_question_back_chooses_no_story(self, talk: Talk) -> None:
        await talk.ask("/why cheese")
        assert "Which story do you mean?" in said(await talk.ask("/who norby"))
        assert "A cheese of Norby wins" in said(await talk.ask("/summary"))

    async def test_a_question_about_words_that_only_another_story_has_is_about_that(self, talk: Talk) -> None:
        await talk.ask("/who")
        assert "Because it is good." in said(await talk.ask("why did the cheese win?"))
        await talk.ask("/who bridge")
        assert "The mayor blames" in said(await talk.ask("who does the mayor blame?"))

    async def test_words_of_a_title_alone_show_the_story(self, talk: Talk) -> None:
        assert "A goat cheese won a prize." in said(await talk.ask("cheese"))
        assert "Which story do you mean?" in said(await talk.ask("norby"))

    async def test_a_remark_that_shares_one_word_with_a_title_names_no_story(self, talk: Talk) -> None:
        assert "I did not understand" in said(await talk.ask("people hate such cheese"))

    async def test_words_that_name_nothing_are_no_title(self, talk: Talk) -> None:
        assert "The mayor blames" in said(await talk.ask("/who did it?"))

    async def test_none_that_fits_is_said_kindly(self, talk: Talk) -> None:
        assert "No story title matches “submarine”" in said(await talk.ask("/who submarine"))

    async def test_an_empty_library_says_so(self, open_talk: OpenTalk) -> None:
        talk = await open_talk()
        for command in ("/who", "/latest", "/summary", "/sources", "/brief"):
            assert "There are no stories yet." in said(await talk.ask(command))
        assert "No news" in said(await talk.ask("/digest"))


class TestAnswers:
    async def test_names_its_story_and_keeps_the_articles_heading(self, talk: Talk) -> None:
        view = await talk.ask("/who")
        assert isinstance(view.blocks[0], Title)
        assert "│ Bridge in Norby collapses\n│ Who is responsible?\n" in said(view)

    async def test_quotes_are_quotes_with_their_speaker(self, talk: Talk) -> None:
        assert "│ » I saw it fall.\n│   — Ann Lee, driver" in said(await talk.ask("/who"))

    async def test_pages_go_back_and_forth(self, talk: Talk) -> None:
        view = await talk.press(pressed(await talk.ask("/consequences"), "Full section"))
        pages = [view]
        while any(isinstance(button.label, Message) and button.label.text == "Next ›" for button in pages[-1].buttons):
            pages.append(await talk.press(pressed(pages[-1], "Next ›")))
        text = "\n".join(map(said, pages))
        assert len(pages) > 2
        assert all(f"Consequence number {n} " in text for n in range(30))
        assert all(shown_characters(page) <= SCREEN for page in pages)
        assert said(await talk.press(pressed(pages[1], "‹ Back"))) == said(view)

    async def test_a_page_beyond_the_last_is_the_last(self, talk: Talk) -> None:
        action = Action(Verb.FULL, version(BRIDGE).id, SectionKind.CONSEQUENCES, 0, 99)
        assert "Page 4 of 4" in said(await talk.press(action.encode()))

    async def test_what_the_article_does_not_say_is_said_and_what_it_says_is_offered(self, talk: Talk) -> None:
        view = await talk.ask("/advice")
        assert "The article does not say what to do." in said(view)
        assert "The article does answer this:" in said(view)
        assert said(view).count("Who") == 1  # on a button, and in no list besides
        assert "The mayor blames" in said(await talk.press(pressed(view, "Who")))

    async def test_what_is_gathered_says_that_it_is(self, talk: Talk) -> None:
        assert "These sentences are from the whole text" in said(await talk.ask("/when"))

    async def test_search_digest_sources_sections(self, talk: Talk) -> None:
        assert "1 story for “goat”" in said(await talk.ask("/search goat"))
        assert "Nothing found for “submarine”" in said(await talk.ask("/search submarine"))
        assert "What should I search for?" in said(await talk.ask("/search"))
        assert "Digest: 2 stories" in said(await talk.ask("/digest"))
        assert "unknown outlet: 2 stories" in said(await talk.ask("/sources"))
        assert "• Who is responsible?" in said(await talk.ask("/sections bridge"))

    async def test_all_outlets_are_counted(self, open_talk: OpenTalk) -> None:
        talk = await open_talk(*(article(f"A {n}", "It rained.", url=f"https://n{n:02}.example/a") for n in range(22)))
        text = said(await talk.ask("/sources"))
        assert "n19.example: 1 story" in text
        assert "And 2 more outlets." in text

    async def test_the_newest_stories_can_be_narrowed_down_by_words(self, talk: Talk) -> None:
        assert "1 story for “goat”" in said(await talk.ask("/latest goat"))
        assert "Latest stories" in said(await talk.ask("/latest 3"))

    async def test_a_search_for_common_words_alone_is_explained(self, talk: Talk) -> None:
        assert "“who is” is too common to search for." in said(await talk.ask("/search who is"))

    @pytest.mark.parametrize("phrase", ['"the goat"', "“the goat”", "«the goat»"])
    async def test_a_phrase_is_shown_in_one_pair_of_quotes(self, talk: Talk, phrase: str) -> None:
        assert "for “the goat”" in said(await talk.ask(f"/search {phrase}"))

    async def test_a_misspelt_word_of_a_title_is_found(self, talk: Talk) -> None:
        assert "bridge" in said(await talk.ask("/brief brigde")).casefold()
        assert "No story title matches “zeppelin”" in said(await talk.ask("/brief zeppelin"))

    async def test_a_digest_holds_the_last_day_only(self, open_talk: OpenTalk) -> None:
        talk = await open_talk(BRIDGE)
        talk.clock.now += timedelta(days=2)
        assert "No news this time." in said(await talk.ask("/digest"))

    @pytest.mark.parametrize("command", [c.name for c in COMMANDS if c.name not in {"digest", "help"}])
    async def test_every_answer_about_the_bundled_articles_fits_a_phone(
        self, command: str, open_talk: OpenTalk
    ) -> None:
        talk = await open_talk(*bundled())
        for found in await talk.library.newest(OPERATOR, 10):
            view = await talk.ask(f"/{command}", found.id)
            assert shown_characters(view) <= SCREEN, said(view)

    async def test_an_article_of_one_endless_sentence_fits_too(self, open_talk: OpenTalk) -> None:
        talk = await open_talk(article("Endless " * 60, "## Who?", "and then " * 900 + "it ended."))
        view = await talk.ask("/who")
        assert shown_characters(view) <= SCREEN
        page = await talk.press(pressed(view, "Full section"))
        assert shown_characters(page) <= SCREEN

    async def test_many_sections_are_counted_and_the_first_listed(self, open_talk: OpenTalk) -> None:
        parts = [part for n in range(40) for part in (f"## Chapter {n} of it", f"Sentence number {n} stands here.")]
        book = article("Book", *parts)
        count = len(version(book).briefing.sections)
        talk = await open_talk(book)
        for command, shown in (("/sections", 8), ("/advice", 12)):
            view = await talk.ask(command)
            assert f"… and {count - shown} more" in said(view)
            assert shown_characters(view) <= SCREEN
        assert count >= 40
        assert "The article does answer this:" in said(await talk.ask("/advice"))

    async def test_sections_of_no_kind_are_reached_by_their_heading(self, open_talk: OpenTalk) -> None:
        talk = await open_talk(
            article("Lion", "## A priest", "He had a picture of it.", "## Two inches", "It fits the plinth well.")
        )
        view = await talk.ask("/sections")
        texts = [said(await talk.press(b.action.encode())) for b in view.buttons[:2] if isinstance(b, Button)]
        assert "He had a picture" in texts[0]
        assert "It fits the plinth" in texts[1]


class TestUnderstanding:
    @pytest.mark.parametrize("typed", ["who did it?", "chi è stato?", "/WHO", "/who@nutgraf_bot", " /who "])
    async def test_a_question_is_answered_like_its_command(self, talk: Talk, typed: str) -> None:
        assert "The mayor blames the owner" in said(await talk.ask(typed))

    async def test_an_unknown_command_gets_the_nearest_one_and_says_so_once(self, talk: Talk) -> None:
        text = said(await talk.ask("/consequnces"))
        assert text.count("There is no /consequnces. Showing /consequences.") == 1
        assert "Consequence number" in text

    @pytest.mark.parametrize("typed", ["/xyzzy", "lorem ipsum", "?!"])
    async def test_what_is_not_understood_gets_one_polite_answer(self, talk: Talk, typed: str) -> None:
        assert "I did not understand" in said(await talk.ask(typed))

    async def test_what_a_person_types_cannot_control_a_screen(self, talk: Talk) -> None:
        text = said(await talk.ask("\x1b[31mred\u202e {words} %s " + "x" * 5000))
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert len(text) < 400

    @given(st.text())
    def test_no_bytes_of_a_button_are_an_error(self, forged: str) -> None:
        for typed in (forged, f"v1|key|{forged}|who|0", f"c1|set|1|tags|{forged}"):
            for found in (Action.decode(typed), Control.decode(typed)):
                assert found is None or found.encode() == typed

    async def test_numbers_stay_those_of_the_last_list(self, talk: Talk) -> None:
        await talk.ask("/latest")
        assert "Because it is good." in said(await talk.ask("/why 2"))
        assert "The mayor blames" in said(await talk.ask("/who 1"))

    async def test_what_fails_for_one_message_is_an_apology_and_no_end(self, talk: Talk) -> None:
        async with talk.bot.stories._database.write() as connection:
            await connection.execute(text("ALTER TABLE report RENAME TO gone"))
        assert "Something went wrong." in said(await talk.ask("/latest"))
        assert "Commands" in said(await talk.ask("/help"))

    @pytest.mark.parametrize(
        "forged",
        [
            "",
            "v1|key|\ud800|who|0",
            "v1|key|a\x00b|who|0",
            "v1|key|éé|who|0",
            "v1|key||who|0",
            "v1|key|ffffffffffff|who|0",
            "x" * 500,
        ],
    )
    async def test_a_forged_or_old_button_is_answered_kindly(self, talk: Talk, forged: str) -> None:
        assert "That story is no longer here." in said(await talk.press(forged))

    async def test_every_button_of_every_answer_leads_somewhere(self, open_talk: OpenTalk) -> None:
        talk = await open_talk(*bundled())
        for name in BY_NAME:
            for button in (await talk.ask(f"/{name}")).buttons:
                if isinstance(button, Button):
                    assert "no longer here" not in said(await talk.press(button.action.encode()))


class TestLanguages:
    async def test_the_bots_words_are_italian_where_asked(self, talk: Talk) -> None:
        text = said(await talk.ask("/advice"), "it")
        assert "L'articolo non dice che cosa fare." in text
        assert "L'articolo risponde a questo:" in text
        assert "Bridge in Norby collapses" in text

    def test_dates_are_those_of_the_language(self) -> None:
        found = version(next(one for one in bundled() if one.url and "low" in one.url))
        assert "November 8, 2023" in said(stories.brief_view(found), "en")
        assert "8 novembre 2023" in said(stories.brief_view(found), "it")


def test_discord_is_told_of_every_command() -> None:
    """A command without a name there keeps the whole menu from being registered."""
    assert {command.name for command in COMMANDS} <= {one["name"] for one in payloads()}
