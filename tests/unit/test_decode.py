"""Text in any encoding is decoded correctly or refused."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.errors import SourceError, SourceUndecodable, SourceUnsupported
from briefings.languages.letters import alphabets
from briefings.sources import read_article
from briefings.sources.decode import decode

_TEXTS = {path.stem: path.read_text() for path in (Path(__file__).parents[1] / "data" / "letters").glob("*.txt")}
_WRITTEN = [(each.code, encoding) for each in alphabets() if each.code in _TEXTS for encoding in each.encodings]
# These differ from a commoner encoding of the same language only in a few letters.
_REFUSED = {("ru", "mac_cyrillic"), ("fr", "iso8859_15")}


@pytest.mark.parametrize(("language", "encoding"), _WRITTEN)
def test_an_old_encoding_is_read_right(language: str, encoding: str) -> None:
    raw = _TEXTS[language].encode(encoding, "ignore")
    if (language, encoding) in _REFUSED:
        with pytest.raises(SourceUndecodable):
            decode(raw, "text")
    else:
        assert decode(raw, "text") == raw.decode(encoding)


@pytest.mark.parametrize(("language", "encoding"), _WRITTEN)
def test_a_line_in_an_old_encoding_is_read_right_or_refused(language: str, encoding: str) -> None:
    """A short text tells less of its encoding."""
    for sentence in _TEXTS[language].split(". "):
        raw = sentence.encode(encoding, "ignore")
        with suppress(SourceUndecodable):
            assert decode(raw, "text") == raw.decode(encoding)


@pytest.mark.parametrize("language", _TEXTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_read_with_and_without_a_mark(language: str, encoding: str) -> None:
    assert decode(_TEXTS[language].encode(encoding), "text") == _TEXTS[language]


@pytest.mark.parametrize("encoding", ["iso2022_jp", "iso2022_jp_ext"])
def test_seven_bit_japanese_is_no_ascii(encoding: str) -> None:
    assert decode(_TEXTS["ja"].encode(encoding), "text") == _TEXTS["ja"]


def test_what_windows_added_to_japanese_is_read() -> None:
    text = _TEXTS["ja"] + "ノルライン社（㈱ノルライン）は①費用を払う。\n"
    assert decode(text.encode("cp932"), "text") == text


@pytest.mark.parametrize("language", ["de", "fr", "es", "it", "pt", "ru", "uk", "pl"])
@pytest.mark.parametrize("wrong", ["cp1252", "latin-1", "cp1251", "mac_roman"])
def test_mojibake_is_mended_or_refused(language: str, wrong: str) -> None:
    """UTF-8 that somebody's program took for ``wrong`` and saved as UTF-8 again."""
    with suppress(SourceUndecodable, UnicodeDecodeError):
        assert decode(_TEXTS[language].encode().decode(wrong).encode(), "text") == _TEXTS[language]


@pytest.mark.parametrize("language", _TEXTS)
def test_what_is_right_is_not_mended(language: str) -> None:
    assert decode(_TEXTS[language].encode(), "text") == _TEXTS[language]


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252", "shift_jis", "gb2312"])
def test_a_page_is_read_as_browsers_read_what_it_declares(declared: str) -> None:
    encoding = {"iso-8859-1": "cp1252", "windows-1252": "cp1252", "shift_jis": "cp932", "gb2312": "gb18030"}[declared]
    page = f'<meta charset="{declared}"><p>{"“über”" if encoding == "cp1252" else "一二三"}'
    assert decode(page.encode(encoding), "page") == page


def test_a_codec_that_is_no_encoding_of_pages_is_not_used() -> None:
    with pytest.raises(SourceUndecodable):
        decode(b'<meta charset="rot13">\xff\xfe\xfd', "page")


def test_bytes_with_zeros_that_are_no_writing_are_refused() -> None:
    with pytest.raises(SourceUnsupported):
        decode(bytes(range(256)) * 20, "text")


@given(st.binary(max_size=400))
def test_any_bytes_are_an_article_or_an_error_of_ours(raw: bytes) -> None:
    with suppress(SourceError):
        read_article(raw, "text")


@given(st.text(min_size=1, max_size=300), st.sampled_from(["", "port.md", "port.html", "---\n", "+++\n", "# A\n\n"]))
def test_any_text_is_an_article_or_an_error_of_ours(text: str, start: str) -> None:
    with suppress(SourceError):
        read_article((start + text).encode("utf-8", "surrogatepass"), start)
