"""The library on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.app import open_database
from bot.storage.database.engine import Database
from bot.storage.stories import Stories
from briefings.additions import Outcome
from briefings.analysis.terms import terms
from briefings.hiding import lines_with
from briefings.library import Library
from briefings.model import Article
from briefings.related import SameEvent, SharedNames, When
from briefings.scope import OPERATOR, Scope, Viewer
from tests.fakes import NOON, article

ANYBODY = Viewer()
BRIDGE = article(
    "Bridge in Norby collapses",
    "The bridge at Norby fell into the Skell on Monday, said Mayor Ilse Brandt.",
    "Nobody was hurt.",
    url="https://gazette.example/bridge",
)
CORRECTED = article(
    "Bridge in Norby collapses",
    "The bridge at Norby fell into the Skell on Monday, said Mayor Ilse Brandt.",
    "Two people were hurt.",
    url="https://gazette.example/bridge",
)
ELSEWHERE = article(
    "Norby bridge collapses",
    "The bridge at Norby fell into the Skell on Monday, said Mayor Ilse Brandt.",
    "Nobody was hurt, the police say.",
    url="https://herald.example/norby",
)
CHEESE = article(
    "A cheese wins", "The goat cheese of a small dairy was judged the best.", url="https://a.example/cheese"
)
DAIRY = article("A dairy closes", "The dairy of the goat had no more milk.", url="https://a.example/dairy")


@pytest.fixture(name="stories")
def _stories(database: Database) -> Stories:
    return Stories(database)


@pytest.fixture(name="library")
def _library(stories: Stories) -> Library:
    return Library(stories)


def titles(found: list[Article]) -> list[str]:
    return [one.headline().of(one.text) for one in found]


class TestVersions:
    async def test_what_is_added_comes_back_as_it_was(self, library: Library) -> None:
        added = await library.add(BRIDGE, NOON)
        assert added.outcome is Outcome.NEW
        assert await library.get(ANYBODY, added.version.id) == added.version

    async def test_the_same_text_at_the_same_address_is_known(self, library: Library) -> None:
        first = await library.add(BRIDGE, NOON)
        again = await library.add(BRIDGE, NOON + timedelta(days=1))
        assert (again.outcome, again.version) == (Outcome.KNOWN, first.version)

    async def test_another_text_at_the_same_address_is_a_new_version_with_what_changed(self, library: Library) -> None:
        first = (await library.add(BRIDGE, NOON)).version
        second = (await library.add(CORRECTED, NOON + timedelta(hours=1))).version
        assert second.number == 2
        assert second.changes is not None
        assert [span.of(CORRECTED.text) for span in second.changes.added] == ["Two people were hurt."]
        assert [span.of(BRIDGE.text) for span in second.changes.removed] == ["Nobody was hurt."]
        assert await library.newest(ANYBODY, 9) == [second]
        assert await library.get(ANYBODY, first.id) == first
        assert await library.get(ANYBODY, second.id) == second

    async def test_a_hidden_line_stays_hidden_in_a_corrected_version_that_has_it(
        self, library: Library, stories: Stories
    ) -> None:
        first = (await library.add(BRIDGE, NOON)).version
        lines = [*lines_with(BRIDGE, "said Mayor"), *lines_with(BRIDGE, "Nobody was hurt")]
        await stories.hide_lines(first.id, lines, hidden=True)
        second = (await library.add(CORRECTED, NOON + timedelta(hours=1))).version
        hidden = await stories.hidden_lines(second.id)
        assert [line.of(CORRECTED.text) for line in hidden] == [lines[0].of(BRIDGE.text)]
        [shown] = await library.newest(ANYBODY, 9)
        assert [block.span.of(CORRECTED.text) for block in shown.article.blocks] == ["Two people were hurt."]

    async def test_no_line_is_hidden_in_a_version_of_a_report_without_hidden_lines(
        self, library: Library, stories: Stories
    ) -> None:
        await library.add(BRIDGE, NOON)
        second = (await library.add(CORRECTED, NOON + timedelta(hours=1))).version
        assert await stories.hidden_lines(second.id) == []

    async def test_a_sign_that_changes_is_a_change(self, library: Library) -> None:
        for sign in "−+":
            address = "https://a.example/rate"
            version = (await library.add(article("Rates", f"They changed by {sign}5 %.", url=address), NOON)).version
        assert version.changes is not None
        assert len(version.changes.added) == len(version.changes.removed) == 1

    @pytest.mark.parametrize(
        "url",
        [
            "https://GAZETTE.example/bridge",
            "https://gazette.example/bridge/#top",
            "https://gazette.example/bridge?utm_source=x",
        ],
    )
    async def test_an_address_is_the_same_however_it_was_shared(self, library: Library, url: str) -> None:
        await library.add(BRIDGE, NOON)
        shared = article("Bridge in Norby collapses", "Another text.", url=url)
        assert (await library.add(shared, NOON)).version.number == 2

    async def test_a_text_that_returns_is_a_version_of_its_own(self, library: Library) -> None:
        versions = [(await library.add(one, NOON)).version for one in (BRIDGE, CORRECTED, BRIDGE)]
        assert [version.number for version in versions] == [1, 2, 3]
        assert len({version.id for version in versions}) == 3

    async def test_two_processes_that_add_the_same_report_make_one(self, database_url: str, library: Library) -> None:
        async with open_database(database_url) as other:
            both = (Library(Stories(other)), library)
            added = await asyncio.gather(*(both[n % 2].add(BRIDGE, NOON) for n in range(8)))
        assert sorted(one.outcome for one in added) == [Outcome.KNOWN] * 7 + [Outcome.NEW]
        assert len(await library.newest(ANYBODY, 9)) == 1

    async def test_two_processes_that_add_two_texts_at_once_lose_neither(
        self, database_url: str, library: Library, stories: Stories
    ) -> None:
        async with open_database(database_url) as other:
            await asyncio.gather(Library(Stories(other)).add(BRIDGE, NOON), library.add(CORRECTED, NOON))
        [report] = await stories.newest(OPERATOR, 9)
        assert report.version.number == 2
        assert await stories.numbered(report.id, 1) is not None

    async def test_a_text_without_an_address_and_its_correction_that_come_at_once_are_one_report(
        self, database_url: str, library: Library, stories: Stories
    ) -> None:
        first = replace(BRIDGE, url=None)
        corrected = replace(first, text=first.text + "\n\nAll lanes are closed.")
        async with open_database(database_url) as other:
            both = (Library(Stories(other)), library)
            await asyncio.gather(*(both[n % 2].add((first, corrected)[n % 2], NOON) for n in range(4)))
        [report] = await stories.newest(OPERATOR, 9)
        stored = [await stories.numbered(report.id, number) for number in (1, 2)]
        assert {one.article.text for one in stored if one} == {first.text, corrected.text}


class TestStories:
    async def test_two_outlets_on_one_event_are_one_story(self, library: Library, stories: Stories) -> None:
        await library.add(CHEESE, NOON)
        await library.add(BRIDGE, NOON)
        later = (await library.add(ELSEWHERE, NOON + timedelta(hours=2))).version
        reports = await stories.newest(OPERATOR, 9)
        assert len(reports) == 3
        assert len({report.story for report in reports}) == 2
        assert (await library.newest(ANYBODY, 9))[0] == later
        assert len(await library.newest(ANYBODY, 9)) == 2

    async def test_an_event_is_bounded_in_time(self, library: Library) -> None:
        await library.add(BRIDGE, NOON)
        await library.add(ELSEWHERE, NOON + timedelta(days=9))
        assert len(await library.newest(ANYBODY, 9)) == 2

    async def test_what_joins_two_stories_makes_them_one(self, library: Library, stories: Stories) -> None:
        await library.add(BRIDGE, NOON)
        await library.add(ELSEWHERE, NOON + timedelta(days=5))
        between = article(
            "Bridge at Norby collapses",
            "The bridge at Norby fell into the Skell on Monday, said Mayor Ilse Brandt.",
            "Nobody was hurt.",
            url="https://post.example/1",
        )
        await library.add(between, NOON + timedelta(days=2, hours=12))
        assert len({report.story for report in await stories.newest(OPERATOR, 9)}) == 1


class TestGrouping:
    async def test_wire_copy_at_a_second_outlet_is_a_second_report_of_the_story(
        self, library: Library, stories: Stories
    ) -> None:
        copy = replace(BRIDGE, url="https://herald.example/wire", site="Herald")
        first = (await library.add(replace(BRIDGE, site="Gazette"), NOON)).version
        second = (await library.add(copy, NOON + timedelta(hours=1))).version
        assert len({report.story for report in await stories.newest(OPERATOR, 9)}) == 1
        outlets = await library.also_in(ANYBODY, [first, second])
        assert outlets == {first.id: ("Herald",), second.id: ("Gazette",)}

    async def test_the_window_moves_on_with_the_newest_report(self, library: Library, stories: Stories) -> None:
        for number in range(4):
            report = replace(BRIDGE, url=f"https://gazette.example/{number}")
            await library.add(report, NOON + number * timedelta(hours=70))
        assert len({report.story for report in await stories.newest(OPERATOR, 9)}) == 1

    async def test_but_no_event_goes_on_for_more_than_two_weeks(self, library: Library, stories: Stories) -> None:
        for number in range(8):
            report = replace(BRIDGE, url=f"https://gazette.example/{number}")
            await library.add(report, NOON + number * timedelta(hours=60))
        found = await stories.newest(OPERATOR, 9)
        assert [report.story == found[-1].story for report in found] == [False, False, *[True] * 6]
        assert found[0].story == found[1].story

    async def test_a_hidden_outlet_or_one_that_a_chat_may_not_see_is_not_named(
        self, library: Library, stories: Stories
    ) -> None:
        shown = (await library.add(replace(BRIDGE, site="Gazette"), NOON)).version
        inner = replace(ELSEWHERE, site="Herald")
        await library.add(inner, NOON, Scope(tags=frozenset({"internal"})))
        await library.add(replace(BRIDGE, url="https://post.example/1", site="Post"), NOON)
        hidden = await stories.keyed("|https://post.example/1")
        assert hidden is not None
        await stories.hide(hidden.id, True)
        assert await library.also_in(Viewer("test:b", frozenset({"internal"})), [shown]) == {shown.id: ()}
        assert await library.also_in(ANYBODY, [shown]) == {shown.id: ("Herald",)}

    async def test_what_a_person_joined_or_split_stays_so(self, library: Library, stories: Stories) -> None:
        await library.add(BRIDGE, NOON)
        await library.add(ELSEWHERE, NOON)
        await library.add(CHEESE, NOON)
        bridge, elsewhere, cheese = [
            report
            for url in ("https://gazette.example/bridge", "https://herald.example/norby", "https://a.example/cheese")
            if (report := await stories.keyed(f"|{url}"))
        ]
        await stories.split(elsewhere.id)
        await stories.join([bridge.id, cheese.id])
        await library.add(replace(BRIDGE, url="https://post.example/1"), NOON)  # as similar to both
        grouped = {report.id: report.story for report in await stories.newest(OPERATOR, 9)}
        assert grouped[bridge.id] == grouped[cheese.id] != grouped[elsewhere.id]

    async def test_a_story_whose_first_report_was_split_off_keeps_the_others(
        self, library: Library, stories: Stories
    ) -> None:
        for number in range(3):
            await library.add(replace(BRIDGE, url=f"https://gazette.example/{number}"), NOON)
        first = await stories.keyed("|https://gazette.example/0")
        assert first is not None
        await stories.split(first.id)
        grouped = [report.story for report in await stories.newest(OPERATOR, 9)]
        assert sorted(map(grouped.count, set(grouped))) == [1, 2]


class TestFinding:
    async def test_search_finds_by_stems_and_shows_the_line(self, library: Library) -> None:
        for one in (BRIDGE, CHEESE, DAIRY):
            await library.add(one, NOON)
        found = (await library.search(ANYBODY, "dairies", 5, NOON)).found
        assert {item.version.article for item in found} == {CHEESE, DAIRY}
        [bridge] = (await library.search(ANYBODY, "mayor", 5, NOON)).found
        assert bridge.line.of(BRIDGE.text).startswith("The bridge at Norby fell")

    async def test_a_rare_word_counts_more_than_a_common_one(self, library: Library) -> None:
        for number in range(8):
            await library.add(article(f"Goat {number}", f"A goat went to market {number}."), NOON)
        await library.add(CHEESE, NOON)
        found = (await library.search(ANYBODY, "goat cheese", 5, NOON)).found
        assert found[0].version.article == CHEESE

    async def test_a_quoted_phrase_is_found_as_it_stands(self, library: Library) -> None:
        for one in (CHEESE, DAIRY):
            await library.add(one, NOON)
        for typed in ('"small dairy"', "“the small dairy”", "«small dairy» judged"):
            result = await library.search(ANYBODY, typed, 5, NOON)
            assert [item.version.article for item in result.found] == [CHEESE], typed
        assert (await library.search(ANYBODY, '"dairy small"', 5, NOON)).found == ()

    async def test_an_outlet_and_days_narrow_a_search(self, library: Library) -> None:
        await library.add(replace(CHEESE, site="The Gazette"), NOON - timedelta(days=1))
        await library.add(replace(DAIRY, site="Herald"), NOON)

        async def outlets(typed: str) -> set[str | None]:
            found = (await library.search(ANYBODY, typed, 5, NOON)).found
            return {item.version.article.site for item in found}

        assert await outlets("dairy") == {"The Gazette", "Herald"}
        assert await outlets("dairy outlet:gazette") == await outlets("outlet:thegazette") == {"The Gazette"}
        assert await outlets("dairy yesterday") == await outlets("dairy until:yesterday") == {"The Gazette"}
        assert await outlets("dairy since:2025-03-14") == await outlets("today") == {"Herald"}
        assert await outlets("dairy outlet:post") == await outlets("dairy on:2020-01-01") == set()

    async def test_stories_with_all_words_come_before_those_with_some(self, library: Library) -> None:
        for one in (CHEESE, DAIRY, BRIDGE):
            await library.add(one, NOON)
        assert len((await library.search(ANYBODY, "dairy milk", 5, NOON)).found) == 1
        assert len((await library.search(ANYBODY, "mayor cheese", 5, NOON)).found) == 2

    async def test_a_search_counts_what_it_does_not_show(self, library: Library) -> None:
        for number in range(7):
            await library.add(article(f"Goat {number}", f"A goat went to market {number}."), NOON)
        await library.add(article("Goat 8", "A goat of a chat alone."), NOON, Scope("test:a"))
        result = await library.search(ANYBODY, "goat", 3, NOON)
        assert (len(result.found), result.total) == (3, 7)
        assert (await library.search(Viewer("test:a"), "goat", 3, NOON)).total == 8

    async def test_related_reports_come_with_their_reasons(self, library: Library) -> None:
        bridge = (await library.add(replace(BRIDGE, site="Gazette"), NOON)).version
        await library.add(replace(ELSEWHERE, site="Herald"), NOON + timedelta(hours=1))
        inquiry = article("Norby asks why", "Mayor Ilse Brandt told Norby that the bridge over the Skell was old.")
        await library.add(inquiry, NOON + timedelta(days=9))
        await library.add(CHEESE, NOON)
        same, later = [item.reason for item in await library.related(ANYBODY, bridge)]
        assert same == SameEvent("Herald")
        assert isinstance(later, SharedNames)
        assert later.when is When.LATER
        assert "Ilse Brandt" in " ".join(later.names)

    async def test_a_chats_own_text_has_related_stories_and_is_nobodys_elses(self, library: Library) -> None:
        own = (await library.add(BRIDGE, NOON, Scope("test:a"))).version
        public = (await library.add(ELSEWHERE, NOON)).version
        assert [item.version for item in await library.related(Viewer("test:a"), own)] == [public]
        assert [item.version for item in await library.related(Viewer("test:a"), public)] == [own]
        assert await library.related(Viewer("test:b"), public) == []

    async def test_only_the_current_version_is_found(self, library: Library) -> None:
        await library.add(BRIDGE, NOON)
        await library.add(CORRECTED, NOON)
        assert (await library.search(ANYBODY, "nobody", 5, NOON)).found == ()
        [found] = (await library.search(ANYBODY, "people", 5, NOON)).found
        assert found.version.number == 2

    @pytest.mark.parametrize("words", ["'", '"', "a' OR 1=1 --", "* AND NOT", "\\", "don't panic:*", "%", "(", "&|!"])
    async def test_no_words_are_a_language_of_their_own(self, library: Library, words: str) -> None:
        await library.add(BRIDGE, NOON)
        await library.search(ANYBODY, words, 5, NOON)
        await library.titled(ANYBODY, words)

    async def test_words_of_any_script_are_found(self, library: Library) -> None:
        cyrillic = article("Мост рухнул", "Мост в Норби упал в реку, и двое пострадали.")
        await library.add(cyrillic, NOON)
        [found] = (await library.search(ANYBODY, "мост", 5, NOON)).found
        assert found.version.article == cyrillic

    async def test_outlets_are_counted(self, library: Library) -> None:
        await library.add(BRIDGE, NOON)
        await library.add(replace(CHEESE, site="Gazette"), NOON)
        await library.add(replace(DAIRY, site="Gazette"), NOON, Scope("test:a"))
        assert dict(await library.outlets(ANYBODY, 5)) == {"Gazette": 1, "gazette.example": 1}
        assert dict(await library.outlets(Viewer("test:a"), 5)) == {"Gazette": 2, "gazette.example": 1}


class TestVisibility:
    async def test_a_chats_own_text_is_for_that_chat_alone(self, library: Library) -> None:
        own = (await library.add(BRIDGE, NOON, Scope("test:a"))).version
        assert await library.newest(Viewer("test:a"), 9) == [own]
        for other in (ANYBODY, Viewer("test:b"), Viewer("test:a:1")):
            assert await library.newest(other, 9) == []
            assert await library.get(other, own.id) is None
            assert await library.titled(other, "bridge") == []
            assert (await library.search(other, "bridge", 9, NOON)).found == ()
            assert await library.outlets(other, 9) == []

    async def test_the_same_text_of_two_chats_is_two_texts(self, library: Library, stories: Stories) -> None:
        first = (await library.add(BRIDGE, NOON, Scope("test:a"))).version
        second = (await library.add(BRIDGE, NOON, Scope("test:b"))).version
        shared = (await library.add(BRIDGE, NOON)).version
        assert len({first.id, second.id, shared.id}) == 3
        assert len({report.story for report in await stories.newest(OPERATOR, 9)}) == 3
        assert await library.get(Viewer("test:b"), first.id) is None

    async def test_a_chats_own_texts_change_nobodys_ranking(self, library: Library) -> None:
        await library.add(BRIDGE, NOON)
        await library.add(CHEESE, NOON)
        before = [found.version.id for found in (await library.search(ANYBODY, "mayor cheese", 5, NOON)).found]
        for number in range(30):
            await library.add(
                article(f"Mayor {number}", f"The mayor said {number} times mayor."), NOON, Scope("test:a")
            )
        assert [found.version.id for found in (await library.search(ANYBODY, "mayor cheese", 5, NOON)).found] == before

    async def test_a_chats_own_words_count_for_nobody_else(self, library: Library, stories: Stories) -> None:
        await library.add(BRIDGE, NOON, Scope("test:a"))
        frequencies = await stories.frequencies(terms(BRIDGE.text, "en"))
        assert (frequencies.documents, dict(frequencies.of_terms)) == (0, {})

    async def test_a_restricted_tag_is_seen_by_its_chats_only(self, library: Library) -> None:
        kept = (await library.add(BRIDGE, NOON, Scope(tags=frozenset({"internal", "local"})))).version
        await library.add(CHEESE, NOON, Scope(tags=frozenset({"food"})))
        barred = Viewer("test:b", frozenset({"internal"}))
        assert titles([one.article for one in await library.newest(barred, 9)]) == ["A cheese wins"]
        assert await library.get(barred, kept.id) is None
        assert await library.get(Viewer("test:a"), kept.id) == kept

    async def test_a_tag_that_comes_later_counts_at_once(self, library: Library) -> None:
        await library.add(BRIDGE, NOON)
        await library.add(BRIDGE, NOON, Scope(tags=frozenset({"internal"})))
        assert await library.newest(Viewer("test:b", frozenset({"internal"})), 9) == []

    async def test_a_hidden_story_is_nobodys_but_the_operators(self, library: Library, stories: Stories) -> None:
        version = (await library.add(BRIDGE, NOON)).version
        report = await stories.report_of(version.id[:5])
        assert report is not None
        await stories.hide(report.id, True)
        assert await library.newest(ANYBODY, 9) == []
        assert await library.get(ANYBODY, version.id) is None
        assert (await library.search(ANYBODY, "bridge", 9, NOON)).found == ()
        assert [one.is_hidden for one in await stories.newest(OPERATOR, 9)] == [True]
        await library.add(CORRECTED, NOON)  # a new version of what is hidden stays hidden
        assert await library.newest(ANYBODY, 9) == []
        await stories.hide(report.id, False)
        assert len(await library.newest(ANYBODY, 9)) == 1


class TestLeaving:
    async def test_what_is_removed_leaves_nothing(self, library: Library, stories: Stories) -> None:
        for one in (BRIDGE, CORRECTED, CHEESE):
            await library.add(one, NOON)
        report = await stories.keyed("|https://gazette.example/bridge")
        assert report is not None
        await stories.remove(report.id)
        assert titles([one.article for one in await library.newest(OPERATOR, 9)]) == ["A cheese wins"]
        assert (await library.search(ANYBODY, "bridge", 9, NOON)).found == ()
        frequencies = await stories.frequencies(terms(BRIDGE.text, "en"))
        assert frequencies.documents == 1
        assert set(frequencies.of_terms.values()) <= {0, 1}

    async def test_counts_of_words_are_those_of_the_texts(self, library: Library, stories: Stories) -> None:
        for one in (BRIDGE, CORRECTED, CHEESE, DAIRY):
            await library.add(one, NOON)
        frequencies = await stories.frequencies(["dairy", "nobody", "people"])
        assert frequencies.documents == 3
        assert {word: count for word, count in frequencies.of_terms.items() if count} == {"dairy": 2, "people": 1}

    async def test_what_two_remove_at_once_is_removed_once(self, library: Library, stories: Stories) -> None:
        for one in (BRIDGE, CHEESE, DAIRY):
            await library.add(one, NOON)
        numbers = [report.id for report in await stories.newest(OPERATOR, 9)]
        await asyncio.gather(*(stories.remove(number) for number in numbers * 2), library.add(CORRECTED, NOON))
        left = await stories.frequencies(terms(BRIDGE.text, "en"))
        assert left.documents == await stories.count(OPERATOR)
        assert set(left.of_terms.values()) <= {0, 1}

    async def test_retention_takes_what_is_older(self, library: Library, stories: Stories) -> None:
        for number in range(130):
            await library.add(article(f"Old {number}", f"Something of number {number}."), NOON - timedelta(days=90))
        await library.add(CHEESE, NOON)
        assert await stories.prune(NOON - timedelta(days=30)) == 130
        assert await stories.count(OPERATOR) == 1
        assert await stories.prune(NOON - timedelta(days=30)) == 0
