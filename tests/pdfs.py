"""PDFs for tests, written by hand: lines of text at their places, without any library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 595, 842


@dataclass(frozen=True)
class Line:
    """A line of a page: its text, where it begins, and its size, in points."""

    text: str
    left: float
    bottom: float
    size: float = 11


def column(text: str, left: float = 60, top: float = 760, leading: float = 13, size: float = 11) -> list[Line]:
    """The lines of a text below each other. An empty line is half a line of space."""
    lines, bottom = [], top
    for one in text.split("\n"):
        if one:
            lines.append(Line(one, left, bottom, size))
            bottom -= leading
        else:
            bottom -= leading * 0.8
    return lines


def pdf(*pages: Sequence[Line], trailer: str = "", extra: Sequence[str] = ()) -> bytes:
    """A PDF with these pages.

    Args:
        trailer: More entries of the trailer.
        extra: More objects. The first of them has the number 3.
    """
    first = 3 + len(extra)
    font = "<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> >> >>"
    kids = " ".join(f"{first + 2 * place} 0 R" for place in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} /MediaBox [0 0 {WIDTH} {HEIGHT}] /Resources {font} >>",
        *extra,
    ]
    for place, lines in enumerate(pages):
        drawn = "\n".join(
            f"BT /F {line.size} Tf {line.left} {line.bottom} Td ({_escaped(line)}) Tj ET" for line in lines
        )
        objects.append(f"<< /Type /Page /Parent 2 0 R /Contents {first + 2 * place + 1} 0 R >>")
        objects.append(f"<< /Length {len(drawn.encode('cp1252'))} >>\nstream\n{drawn}\nendstream")
    return _written(objects, trailer)


def encrypted_pdf() -> bytes:
    """A PDF that needs a password. What its keys are made of does not matter, as no password fits them."""
    keys = "<< /Filter /Standard /V 1 /R 2 /O <" + "11" * 32 + "> /U <" + "22" * 32 + "> /P -4 >>"
    identity = "/Encrypt 3 0 R /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]"
    return pdf([Line("Nobody reads this.", 60, 700)], trailer=identity, extra=[keys])


def _escaped(line: Line) -> str:
    return line.text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _written(objects: Sequence[str], trailer: str) -> bytes:
    found = bytearray(b"%PDF-1.4\n")
    places = []
    for number, one in enumerate(objects, start=1):
        places.append(len(found))
        found += f"{number} 0 obj\n{one}\nendobj\n".encode("cp1252")
    start = len(found)
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    found += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{rows}".encode()
    found += f"trailer << /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(found)
