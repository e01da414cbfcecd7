"""Pages, pastes and Markdown of odd shapes, and texts in the wrong encoding, written without sight of the code."""

from __future__ import annotations

import pytest

from briefings.errors import BriefingError
from briefings.sources import read_article
from tests import pages


@pytest.mark.parametrize("name", pages.names("shapes"))
def test_an_odd_input_becomes_the_article_that_stands_beside_it(name: str) -> None:
    expected = pages.load(name, "shapes")
    article = read_article(expected.page.encode(), expected.file)
    head = {
        "TITLE": article.title and article.title.of(article.text),
        "DECK": article.standfirst and article.standfirst.of(article.text),
        "BYLINE": article.byline,
        "DATE": article.published and article.published.isoformat(),
    }
    assert {
        tag: text for tag, text in head.items() if text and (tag != "DATE" or tag in expected.head)
    } == expected.head
    blocks = [(block.kind.value, block.span.of(article.text)) for block in article.blocks]
    assert [text for text in expected.has if text not in article.text] == []
    assert [text for text in expected.lacks if text in article.text] == []
    assert [block for block in expected.blocks if block not in blocks] == []
    assert expected.has or blocks == expected.blocks


TEXTS = {
    "pl": (
        "Powiat zamknął w poniedziałek most płatny w Łodzi, po tym jak ciężarówka zerwała dwie liny.",
        "Nikt nie został ranny, ale prom był pełny już w południe i wielu ludzi musiało zawrócić.",
    ),
    "cs": (
        "Okres v pondělí zavřel mýtný most, když nákladní auto přetrhlo dvě lana a zůstalo stát na mostě.",
        "Nikdo nebyl zraněn, ale přívoz byl už v poledne plný a mnoho lidí se muselo vrátit.",
    ),
    "ru": (
        "Округ закрыл в понедельник платный мост, после того как грузовик порвал два его троса.",
        "Никто не пострадал, но паром был полон уже к полудню, и многим пришлось вернуться.",
    ),
    "bg": (
        "Областта затвори в понеделник платения мост, след като камион скъса две от въжетата му.",
        "Няма пострадали, но фериботът беше пълен още на обяд и много хора трябваше да се върнат.",
    ),
    "el": (
        "Ο νομός έκλεισε τη Δευτέρα τη γέφυρα με τα διόδια, αφού ένα φορτηγό έσπασε δύο συρματόσχοινα.",
        "Δεν τραυματίστηκε κανείς, αλλά το πορθμείο ήταν γεμάτο ήδη το μεσημέρι και πολλοί γύρισαν πίσω.",
    ),
    "he": (
        "המחוז סגר ביום שני את גשר האגרה אחרי שמשאית קרעה שניים מכבליו ונתקעה עליו.",
        "איש לא נפגע, אבל המעבורת הייתה מלאה כבר בצהריים ורבים נאלצו לחזור על עקבותיהם.",
    ),
    "ar": (
        "أغلقت المقاطعة يوم الاثنين جسر الرسوم بعد أن قطعت شاحنة اثنين من كابلاته وتوقفت عليه.",
        "لم يصب أحد بأذى، لكن العبارة كانت ممتلئة عند الظهر واضطر كثير من الناس إلى العودة.",
    ),
    "tr": (
        "İlçe, bir kamyonun iki halatını koparması üzerine ücretli köprüyü pazartesi günü trafiğe kapattı.",
        "Yaralanan olmadı, ancak feribot öğlene kadar doldu ve birçok kişi geri dönmek zorunda kaldı.",
    ),
    "lt": (
        "Apskritis pirmadienį uždarė mokamą tiltą, nes sunkvežimis nutraukė du jo lynus ir liko ant jo.",
        "Niekas nenukentėjo, bet keltas jau vidurdienį buvo pilnas ir daug žmonių turėjo grįžti.",
    ),
    "de": (
        "Der Kreis hat am Montag die Mautbrücke gesperrt, nachdem ein Lastwagen zwei Seile zerrissen hatte.",
        "Die Fähre war schon mittags voll, und viele mussten umkehren. Für die Prüfung braucht man eine Woche.",
    ),
}
ENCODINGS = {
    "pl": ("cp1250", "iso8859_2"),
    "cs": ("cp1250", "iso8859_2"),
    "ru": ("cp1251", "koi8_r"),
    "bg": ("cp1251",),
    "el": ("cp1253", "iso8859_7"),
    "he": ("cp1255", "iso8859_8"),
    "ar": ("cp1256",),
    "tr": ("cp1254",),
    "lt": ("cp1257", "iso8859_13"),
    "de": ("cp1252", "mac_roman"),
}
CODES = [(code, encoding) for code, encodings in ENCODINGS.items() for encoding in encodings]


def _paragraphs(raw: bytes) -> list[str]:
    return read_article(raw, "text.txt").text.split("\n\n")


@pytest.mark.parametrize(("code", "encoding"), CODES)
def test_a_text_in_an_old_encoding_is_read_right(code: str, encoding: str) -> None:
    assert _paragraphs("\n\n".join(TEXTS[code]).encode(encoding)) == list(TEXTS[code])


@pytest.mark.parametrize(("code", "encoding"), [each for each in CODES if each[0] != "de"])
def test_a_text_that_a_program_took_for_western_european_is_repaired(code: str, encoding: str) -> None:
    misread = "\n\n".join(TEXTS[code]).encode(encoding).decode("latin_1")
    assert _paragraphs(misread.encode()) == list(TEXTS[code])


@pytest.mark.parametrize("encoding", ["cp1252", "cp1251", "cp1250", "latin_1"])
@pytest.mark.parametrize("code", TEXTS)
def test_utf8_that_a_program_took_for_something_else_is_repaired_or_refused(code: str, encoding: str) -> None:
    try:
        misread = "\n\n".join(TEXTS[code]).encode().decode(encoding)
    except UnicodeDecodeError:
        pytest.skip("that program could not read it")
    try:
        found = _paragraphs(misread.encode())
    except BriefingError:
        return
    assert found == list(TEXTS[code])


@pytest.mark.parametrize(
    "text",
    [
        "Sýslan lokaði tollbrúnni á mánudaginn eftir að vörubíll sleit tvo kapla hennar og stóð fastur á henni.",
        "El comtat va tancar dilluns el pont de peatge després que un camió trenqués dos dels seus cables.",
        "Maakond sulges esmaspäeval tasulise silla, pärast seda kui veok kaks trossi katki tegi ja sillale jäi.",
        "The mayor of São Paulo, João Dória, met Ana Böðvarsdóttir and Þór Åsgård in Tórshavn on Monday, they said.",
    ],
)
def test_a_text_that_was_read_right_stays(text: str) -> None:
    assert text in read_article(text.encode(), "text.txt").text
