"""A corrected text without an address is a new version of its report."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from briefings.additions import Outcome
from briefings.corrections import is_another_story, is_correction
from briefings.model import Article
from briefings.scope import Scope, Viewer
from tests.fakes import article, talk_over

TITLE = "Bridge at Norby closes"
FIRST = "The bridge at Norby closed on Monday after engineers found cracks in two of its pillars."
SECOND = "The county will pay for the repairs, which may take until the autumn, a spokesman said."
THIRD = "Drivers have to take the ferry, which crosses the river every twenty minutes."
OLD = article(TITLE, FIRST, SECOND, THIRD)
RAIN = article(
    "大雨导致三人死亡",
    "周二晚上，一场大雨袭击了石桥镇，三人死亡，五人失踪，镇政府启动应急响应，疏散居民一万人。",
    "气象台说，大雨将持续到周四，请居民减少外出，两条铁路停运，部分学校停课，医院照常开放。",
    "专家指出，近年来大雨增多，排水系统老旧，需要尽快改造，居民王先生说，他家一楼被淹，家具全部损坏。",
    "一所小学改作避难所，志愿者分发食物，电力公司抢修线路。",
)
RAIN_LATER = article(
    "大雨死亡人数升至七人",
    "石桥镇政府周三上午表示，死于大雨的人数已经上升到七人，仍有两人没有找到，疏散的居民达到两万人。",
    "据气象台预计，雨势周四减弱，居民最好留在家中，铁路仍未恢复，学校继续关闭，只有医院还在工作。",
    "在专家看来，这样的大雨越来越多，旧的排水系统不够用，改造不能再等，王先生告诉记者，水进了他家，家具都坏了。",
    "镇长感谢救援队，军队派出两百名士兵，救出四十人。",
)


class TestIsCorrection:
    @pytest.mark.parametrize(
        "new",
        [
            article(TITLE, FIRST.replace("two", "three"), SECOND, THIRD),  # a number was wrong
            article(TITLE.upper(), FIRST, SECOND, THIRD),  # the title was shouted
            article(TITLE, FIRST, SECOND, THIRD, "Local shops fear for their trade this summer."),  # one sentence more
            article(TITLE, THIRD, FIRST, SECOND),  # another order
            article(TITLE, FIRST, SECOND),  # the end was cut
        ],
    )
    def test_the_same_title_with_mostly_the_same_words(self, new: Article) -> None:
        assert is_correction(new, OLD)

    @pytest.mark.parametrize(
        "new",
        [
            article("Bridge at Norby opens", FIRST, SECOND, THIRD),  # another title
            article(TITLE, "Swimmers from nine towns raced across the lake, and the oldest won a cup.", THIRD),
            article(TITLE, FIRST, SECOND, THIRD, url="https://news.example/1"),  # an address is a report of its own
            replace(OLD, site="The Other Gazette"),
        ],
    )
    def test_another_article(self, new: Article) -> None:
        old = replace(OLD, site="The Gazette")
        assert not is_correction(new, old)

    def test_a_column_of_another_day(self) -> None:
        monday, tuesday = (replace(OLD, published=date(2025, 3, day)) for day in (10, 11))
        assert not is_correction(tuesday, monday)
        assert is_correction(replace(monday, published=None), monday)


class TestLibrary:
    async def test_a_correction_is_a_version_until_a_week_later(self) -> None:
        async with talk_over() as talk:
            scope = Scope(talk.where.owner)
            for text, version in ((FIRST, 1), ("It is closed. " + FIRST, 2), (FIRST + " Nobody was hurt.", 3)):
                added = await talk.library.add(article(TITLE, text, SECOND, THIRD), talk.clock(), scope)
                assert (added.version.number, added.outcome) == (version, list(Outcome)[min(version - 1, 1)])
            again = await talk.library.add(
                article(TITLE, FIRST + " Nobody was hurt.", SECOND, THIRD), talk.clock(), scope
            )
            assert again.outcome is Outcome.KNOWN
            assert len(await talk.library.newest(Viewer(talk.where.owner), 5)) == 1
            talk.clock.now += timedelta(days=8)
            later = await talk.library.add(article(TITLE, FIRST, SECOND, THIRD + " It is full."), talk.clock(), scope)
            assert later.outcome is Outcome.NEW

    async def test_the_text_of_another_chat_is_another_report(self) -> None:
        async with talk_over() as talk:
            for owner in (talk.where.owner, "test:other", ""):
                added = await talk.library.add(replace(OLD, language="en"), talk.clock(), Scope(owner))
                assert added.outcome is Outcome.NEW

    async def test_a_hidden_report_stays_hidden_when_it_is_corrected(self) -> None:
        async with talk_over() as talk:
            added = await talk.library.add(OLD, talk.clock())
            report = await talk.library.report_of(added.version.id)
            assert report is not None
            await talk.bot.stories.hide(report.id, hidden=True)
            again = await talk.library.add(article(TITLE, FIRST, SECOND), talk.clock())
            assert again.outcome is Outcome.UPDATED
            assert await talk.library.newest(Viewer(), 5) == []


class TestAnotherStoryAtTheAddress:
    PAGE = "https://gazette.example/today"
    BRIDGE = replace(OLD, url=PAGE, language="en")
    CHEESE = replace(
        article(
            "Goat cheese wins first prize",
            "A goat cheese from Selwick won the national contest, which was held in a tent beside the abbey.",
            "The judges praised its rind and said that they had tasted nothing like it for ten years.",
            "Its maker sells it at the market on Saturdays and will now buy twenty more animals.",
        ),
        url=PAGE,
        language="en",
    )

    async def test_it_is_a_report_of_its_own_and_keeps_the_address(self) -> None:
        async with talk_over() as talk:
            await talk.library.add(self.BRIDGE, talk.clock())
            added = await talk.library.add(self.CHEESE, talk.clock())
            assert (added.outcome, added.version.number) == (Outcome.NEW, 1)
            assert {one.article for one in await talk.library.newest(Viewer(), 5)} == {self.BRIDGE, self.CHEESE}
            assert await talk.library.at(Viewer(), self.PAGE) == added.version
            longer = replace(self.CHEESE, text=f"{self.CHEESE.text} It is sold out.")
            assert (await talk.library.add(longer, talk.clock())).outcome is Outcome.UPDATED

    async def test_an_address_that_shows_two_stories_by_turns_adds_each_once(self) -> None:
        async with talk_over() as talk:
            for shown in (self.BRIDGE, self.CHEESE) * 2:
                await talk.library.add(shown, talk.clock())
            assert len(await talk.library.newest(Viewer(), 5)) == 2

    async def test_a_story_that_returns_gets_the_tags_of_who_brings_it(self) -> None:
        async with talk_over() as talk:
            for shown, tag in ((self.BRIDGE, "bridges"), (self.CHEESE, "food"), (self.BRIDGE, "traffic")):
                added = await talk.library.add(shown, talk.clock(), Scope(tags=frozenset({tag})))
            report = await talk.library.report_of(added.version.id)
            assert report is not None
            assert report.scope.tags == {"bridges", "traffic"}

    def test_words_of_other_languages_and_scripts_without_spaces_prove_nothing(self) -> None:
        assert is_another_story(self.CHEESE, self.BRIDGE)
        assert not is_another_story(replace(self.CHEESE, language="it"), self.BRIDGE)
        assert not is_another_story(RAIN_LATER, RAIN)

    async def test_a_story_that_returns_changed_is_a_new_version_of_its_report(self) -> None:
        changed = replace(self.BRIDGE, text=f"{self.BRIDGE.text} It was opened again.")
        async with talk_over() as talk:
            for shown in (self.BRIDGE, self.CHEESE, changed, self.CHEESE, self.BRIDGE, changed):
                added = await talk.library.add(shown, talk.clock())
            assert {one.article for one in await talk.library.newest(Viewer(), 5)} == {changed, self.CHEESE}
            assert added.version.number > 1

    def test_a_rewritten_text_and_a_stub_are_no_other_story(self) -> None:
        rewritten = article(
            "Norby loses its bridge for months", THIRD, "Engineers found cracks in two pillars.", SECOND
        )
        assert not is_another_story(replace(rewritten, url=self.PAGE), self.BRIDGE)
        assert not is_another_story(article("Page not found", "Please try again later."), self.BRIDGE)
