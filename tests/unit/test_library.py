"""What the library finds, and why it calls a story related."""

from __future__ import annotations

from datetime import timedelta

from briefings.additions import Outcome
from briefings.model import Article
from briefings.related import ListedByPage, SharedNames
from briefings.scope import Scope, Viewer
from tests.fakes import NOON, OpenTalk, article, bundled

ANYBODY = Viewer()

BRIDGE = article(
    "Bridge in Norby collapses", "The bridge at Norby fell into the Skell on Monday, said Mayor Ilse Brandt."
)
INQUIRY = article(
    "Inquiry into the Norby bridge", "Mayor Ilse Brandt told the inquiry at Norby why the bridge was not closed."
)
CHEESE = article("A cheese wins a prize", "The goat cheese of a small dairy was judged the best in the country.")


async def test_titles_are_found_by_their_words_best_match_first(open_talk: OpenTalk) -> None:
    library = (await open_talk(BRIDGE, INQUIRY, CHEESE)).library
    assert [found.article for found in await library.titled(ANYBODY, "cheese")] == [CHEESE]
    assert {found.article for found in await library.titled(ANYBODY, "the NORBY bridges")} == {BRIDGE, INQUIRY}
    assert [found.article for found in await library.titled(ANYBODY, "norby inquiry")] == [INQUIRY]
    assert await library.titled(ANYBODY, "did it") == []


async def test_suggestions_begin_with_titles_that_begin_with_what_was_typed(open_talk: OpenTalk) -> None:
    mayor = article("Who is the new mayor of Norby?", "Ilse Brandt was elected in Norby on Monday.")
    fair = article("Norby fair opens", "The fair of Norby was opened by the mayor on Monday morning.")
    library = (await open_talk(INQUIRY, fair, mayor, BRIDGE, CHEESE)).library

    async def suggested(typed: str) -> list[Article]:
        return [one.article for one in await library.suggested(ANYBODY, typed, 3)]

    assert await suggested("norby") == [fair, BRIDGE, mayor]
    assert await suggested("nor") == [fair, BRIDGE, mayor]
    assert await suggested("Who is") == [mayor]
    assert (await suggested("bri nor"))[0] == BRIDGE
    assert BRIDGE in await suggested("bridges")
    assert await suggested(" ") == [CHEESE, BRIDGE, mayor]
    assert await suggested("submarine") == []


async def test_suggestions_show_only_what_the_viewer_may_see(open_talk: OpenTalk) -> None:
    talk = await open_talk(BRIDGE)
    await talk.add(INQUIRY, Scope("test:9"))
    assert [one.article for one in await talk.library.suggested(ANYBODY, "norby", 5)] == [BRIDGE]
    mine = await talk.library.suggested(Viewer("test:9"), "norby", 5)
    assert {one.article for one in mine} == {BRIDGE, INQUIRY}


async def test_search_shows_the_line_that_fits(open_talk: OpenTalk) -> None:
    library = (await open_talk(BRIDGE, CHEESE)).library
    [found] = (await library.search(ANYBODY, "goat dairy", 5, NOON)).found
    assert found.line.of(found.version.article.text).startswith("The goat cheese")
    assert (await library.search(ANYBODY, "submarine", 5, NOON)).found == ()


async def test_related_stories_tell_their_reason(open_talk: OpenTalk) -> None:
    talk = await open_talk(BRIDGE, CHEESE)
    talk.clock.now += timedelta(days=9)
    await talk.add(INQUIRY)
    [bridge] = await talk.library.titled(ANYBODY, "bridge collapses")
    [related] = await talk.library.related(ANYBODY, bridge)
    assert related.title == "Inquiry into the Norby bridge"
    assert isinstance(related.reason, SharedNames)
    assert {"Norby", "Ilse", "Brandt"} & set(related.reason.names)


async def test_the_words_that_only_an_article_has_do_not_hide_related_ones(open_talk: OpenTalk) -> None:
    only_here = " ".join(f"word{number}" for number in range(40))
    short = article("Storm over Tofta", "The ferry of Tofta stays in port.")
    library = (await open_talk(article("Sailing again", f"The ferry of Tofta left port. {only_here}."), short)).library
    [sailing] = await library.titled(ANYBODY, "sailing")
    assert [one.title for one in await library.related(ANYBODY, sailing)] == ["Storm over Tofta"]


async def test_words_that_one_other_report_has_find_it_from_a_private_article(open_talk: OpenTalk) -> None:
    """Only public reports are counted, so these words have the same count as those of the article alone."""
    rare, common = (" ".join(f"{word}{number}" for number in range(30)) for word in ("rare", "many"))
    others = [article(f"Report {number} of the council", f"It met. {common}.") for number in range(3)]
    talk = await open_talk(*others, article("Storm over Tofta", f"It blew. {rare}."))
    private = article("What I read", f"All of it. {common}. {rare}.")
    await talk.add(private, Scope("test:9"))
    mine = Viewer("test:9")
    [own] = await talk.library.titled(mine, "what I read")
    assert (await talk.library.related(mine, own))[0].title == "Storm over Tofta"


async def test_a_story_that_the_page_lists_and_the_library_has_stands_once(open_talk: OpenTalk) -> None:
    library = (await open_talk(*bundled())).library
    [followup] = await library.titled(ANYBODY, "moscow points at washington")
    related = await library.related(ANYBODY, followup)
    titles = [item.title for item in related]
    assert len(titles) == len(set(titles))
    first = related[0]
    assert isinstance(first.reason, ListedByPage)
    assert first.version is not None


async def test_the_same_article_is_kept_once(open_talk: OpenTalk) -> None:
    library = (await open_talk(BRIDGE)).library
    again = await library.add(BRIDGE, NOON + timedelta(days=1))
    assert again.outcome is Outcome.KNOWN
    assert again.version.received == NOON
    assert len(await library.newest(ANYBODY, 10)) == 1
