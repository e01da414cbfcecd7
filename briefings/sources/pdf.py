"""PDF to plain text: paragraphs in reading order, without page numbers and running heads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING

from briefings.errors import PdfDamaged, PdfEncrypted, PdfTooLong, PdfWithoutText
from briefings.sources.divided import one_line

if TYPE_CHECKING:  # slow to import, and few inputs are PDFs
    from pdfminer.layout import LTTextLine

#: Longer documents are books or reports. An article in a newspaper's layout has a few pages.
MAX_PAGES = 40

#: The part of a page, above and below, in which running heads and page numbers stand.
_MARGIN = 0.1
#: A line that stands in the margins of so many pages is a running head.
_FEWEST_REPEATED = 3
#: A line shorter than this part of the width of its box ends a paragraph, if it ends a sentence.
_SHORT = 0.85
#: A line that begins so many points to the right of its box begins a paragraph.
_INDENT = 5.0
#: Two lines stand in one row if their bottoms differ by less than this part of their height.
_SAME_ROW = 0.3
#: Lines whose heights differ by more than this factor are set in different sizes, such as a heading above its text.
_OTHER_SIZE = 1.15
_NUMBERS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"\W{0,9}(?:[^\W\d]{1,8}\W{1,3})?\d{1,4}(?:\W{1,3}(?:[^\W\d]{1,4}\W{1,3})?\d{1,4})?\W{0,9}")
_ENDS = (".", "!", "?", "…", ":", "”", '"', "»")


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    left: float
    right: float
    bottom: float
    height: float


@dataclass(frozen=True, slots=True)
class _Box:
    """A block of text on a page, with its lines from top to bottom.

    Attributes:
        is_in_margin: Whether it stands at the top or the bottom of the page.
    """

    lines: tuple[_Line, ...]
    is_in_margin: bool

    @property
    def pattern(self) -> str:
        """Its text without numbers: running heads differ only in these."""
        return _NUMBERS.sub("0", " ".join(line.text for line in self.lines))


def pdf_text(raw: bytes, name: str) -> str:
    """Returns the text of a PDF, its paragraphs separated by empty lines.

    Raises:
        PdfEncrypted: It needs a password.
        PdfWithoutText: Its pages are pictures.
        PdfDamaged: It cannot be read.
        PdfTooLong: It has more than `MAX_PAGES` pages.
    """
    boxes = _boxes(raw, name)
    counted = Counter(box.pattern for box in boxes if box.is_in_margin)
    kept = [box for box in boxes if not _is_page_furniture(box, counted)]
    text = "\n\n".join(_joined([paragraph for box in kept for paragraph in _paragraphs(box)]))
    if not text.strip():
        raise PdfWithoutText(name)
    return text


def _boxes(raw: bytes, name: str) -> list[_Box]:
    # slow to import, and few inputs are PDFs
    from pdfminer.high_level import extract_pages
    from pdfminer.layout import LTTextBox
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect

    try:
        pages = list(extract_pages(BytesIO(raw), maxpages=MAX_PAGES + 1))
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise PdfEncrypted(name) from error
    except MemoryError:
        raise
    except Exception as error:  # pdfminer raises many kinds, such as KeyError and struct.error
        raise PdfDamaged(name) from error
    if len(pages) > MAX_PAGES:
        raise PdfTooLong(name, MAX_PAGES)
    return [
        _Box(lines, found.y0 > (1 - _MARGIN) * page.height or found.y1 < _MARGIN * page.height)
        for page in pages
        for found in page
        if isinstance(found, LTTextBox) and (lines := _lines(list(found)))
    ]


def _lines(rows: Sequence[LTTextLine]) -> tuple[_Line, ...]:
    lines: list[_Line] = []
    for found in sorted(rows, key=lambda one: (-one.y0, one.x0)):
        text = " ".join(found.get_text().split())
        if lines and text and abs(lines[-1].bottom - found.y0) < _SAME_ROW * found.height:
            before = lines.pop()  # wide blanks, as in justified text, make two lines of one
            lines.append(replace(before, text=f"{before.text} {text}", right=found.x1))
        elif text:
            lines.append(_Line(text, found.x0, found.x1, found.y0, found.height))
    return tuple(lines)


def _is_page_furniture(box: _Box, counted: Counter[str]) -> bool:
    if not box.is_in_margin:
        return False
    is_number = len(box.lines) == 1 and _PAGE_NUMBER.fullmatch(box.lines[0].text) is not None
    return is_number or counted[box.pattern] >= _FEWEST_REPEATED


def _paragraphs(box: _Box) -> Iterator[str]:
    """The paragraphs of a box. Its lines are joined, except after a short line and before an indented one."""
    left = min(line.left for line in box.lines)
    width = max(line.right for line in box.lines) - left
    paragraph: list[str] = []
    for line, following in zip(box.lines, [*box.lines[1:], None], strict=True):
        paragraph.append(line.text)
        is_short = line.right - left < _SHORT * width and line.text.endswith(_ENDS)
        if following is None or is_short or _begins_paragraph(line, following, left):
            yield one_line(paragraph)
            paragraph = []


def _begins_paragraph(line: _Line, following: _Line, left: float) -> bool:
    """Whether ``following`` begins a paragraph: it is indented, or set in another size."""
    is_indented = line.text.endswith(_ENDS) and following.left > left + _INDENT
    small, large = sorted((line.height, following.height))
    return is_indented or large > _OTHER_SIZE * small


def _joined(paragraphs: Sequence[str]) -> list[str]:
    """The paragraphs, with those that run on in the next column or page joined to their beginning."""
    whole: list[str] = []
    for paragraph in paragraphs:
        if whole and paragraph[:1].islower() and not whole[-1].endswith(_ENDS):
            whole[-1] = one_line([whole[-1], paragraph])
        else:
            whole.append(paragraph)
    return whole
