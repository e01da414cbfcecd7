"""Pictures of stories: every language and length, nothing cut off, nothing that the article does not say."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from bot.answers.pictures import card_of
from bot.i18n import LOCALES, Translator
from bot.pictures.drawing import LEAST_HEIGHT, WIDTH, draw
from bot.pictures.model import Card, Line, Words
from bot.pictures.type import Face, balanced, drawable, font, has_letters_of, wrapped
from bot.views.files import Picture
from bot.views.model import Title
from tests.fakes import OpenTalk, article, bundled, version

#: The margin in which no word may be.
_FREE = 60
_LONGEST = {"W": "W" * 120, "words": "Wirtschaftswissenschaftlerinnen " * 4, "narrow": "il " * 40, "one letter": "A"}


def opened(picture: bytes | None) -> Image.Image:
    assert picture is not None
    return Image.open(BytesIO(picture)).convert("RGB")


def _margins_are_free(image: Image.Image) -> bool:
    """Whether only the paper is seen at the left, the right and the bottom, below the band at the top."""
    paper = image.getpixel((5, image.height - 5))
    parts = [
        (0, 20, _FREE, image.height),
        (image.width - _FREE, 20, image.width, image.height),
        (0, image.height - 20, image.width, image.height),
    ]
    return all(image.crop(part).getcolors(1) == [((part[2] - part[0]) * (part[3] - part[1]), paper)] for part in parts)


class TestDrawing:
    @pytest.mark.parametrize("text", _LONGEST.values(), ids=_LONGEST)
    def test_nothing_is_cut_off_and_the_picture_is_bounded(self, text: str) -> None:
        words = Words(text[:150])
        card = Card(
            words, tuple(Line("Consequences", words) for _ in range(3)), text[:120], f"https://{text}", text[:99]
        )
        image = opened(draw(card))
        assert image.width == WIDTH
        assert LEAST_HEIGHT <= image.height <= 3000
        assert _margins_are_free(image)

    @pytest.mark.parametrize("locale", LOCALES)
    def test_every_bundled_article_is_drawn_in_every_language(self, locale: str) -> None:
        found = bundled()[LOCALES.index(locale)]
        assert _margins_are_free(opened(draw(card_of(version(found), Translator(locale)))))

    @pytest.mark.parametrize(
        "text",
        [
            "Мост в Норби обрушился в реку вечером в понедельник",
            "Міст у Норбі впав у річку, ґанок і їжак",
            "Die Brücke stürzt ein: „größte“ Sorge – Öl",
            "L'œuvre où naît l'été, ça coûte 5 €",
            "¿Qué pasó en España? ¡Nada!",
            "Κατέρρευσε η γέφυρα",
            "Łódź, İstanbul, Đà Nẵng, Ærø",
        ],
    )
    def test_the_letters_of_europe_are_there(self, text: str) -> None:
        assert has_letters_of(text)
        assert drawable(text) == text
        assert _margins_are_free(opened(draw(Card(Words(text), (), "", "", "Nutgraf"))))

    @pytest.mark.parametrize("text", ["橋が落ちた", "انهار الجسر", "הגשר קרס"])
    def test_a_story_in_other_letters_is_not_drawn(self, text: str) -> None:
        assert draw(Card(Words(text), (), "", "", "Nutgraf")) is None

    def test_signs_that_the_fonts_lack_are_left_out(self) -> None:
        assert drawable("Fire \U0001f525 in Alm") == "Fire in Alm"

    def test_a_picture_is_light(self) -> None:
        [biggest] = sorted(
            (draw(card_of(version(one), Translator("en"))) or b"" for one in bundled()[:3]), key=len, reverse=True
        )[:1]
        assert len(biggest) < 120_000


class TestLines:
    @pytest.mark.parametrize("text", [*_LONGEST.values(), "The bridge at Norby fell into the river on Monday evening"])
    def test_no_line_is_too_wide_and_no_letter_is_lost(self, text: str) -> None:
        chosen = font(Face.SERIF, 42, 700)
        for lines in (wrapped(text, chosen, 400), balanced(text, chosen, 400)):
            assert all(chosen.getlength(line) <= 400 for line in lines)
            assert "".join("".join(lines).split()) == "".join(text.split())

    def test_a_headline_has_lines_of_similar_length_and_not_more_of_them(self) -> None:
        chosen, text = (
            font(Face.SERIF, 58, 700),
            "Moscow points at Washington as drone mystery over the Kremlin deepens",
        )
        plain, even = wrapped(text, chosen, 912), balanced(text, chosen, 912)
        assert len(even) == len(plain)
        assert min(map(chosen.getlength, even)) > min(map(chosen.getlength, plain))


class TestContent:
    def test_words_are_spans_of_the_article_and_a_cut_is_marked(self) -> None:
        for found in map(version, bundled()):
            card = card_of(found, Translator("en"))
            text = " ".join(found.article.text.split())
            for words in (card.headline, *(line.words for line in card.lines)):
                assert " ".join(words.text.split()) in text
                assert words.shown.endswith("…") == words.is_cut

    def test_no_sentence_is_there_twice_and_at_most_three_are(self) -> None:
        for found in map(version, bundled()):
            shown = [line.words.text for line in card_of(found, Translator("en")).lines]
            assert len(shown) == len(set(shown)) <= 3

    async def test_the_command_answers_with_the_picture_and_the_way_to_the_source(self, open_talk: OpenTalk) -> None:
        talk = await open_talk(
            article("Bridge falls", "A bridge fell on Monday. Nobody was hurt.", url="https://a.example/b")
        )
        view = await talk.ask("/card")
        assert isinstance(view.picture, Picture)
        assert opened(view.picture.content).width == WIDTH
        [title] = view.blocks
        assert isinstance(title, Title)
        assert title.url == "https://a.example/b"

    async def test_a_story_that_cannot_be_drawn_is_told_so(self, open_talk: OpenTalk) -> None:
        talk = await open_talk(article("橋が落ちた", "橋が月曜日に落ちた。 けが人はいない。"))
        view = await talk.ask("/card")
        assert view.picture is None
        assert "my fonts do not have" in " ".join(Translator("en").say(one.text) for one in view.blocks[1:])  # type: ignore[union-attr,arg-type]
