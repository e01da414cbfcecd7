"""Who sent a mail, and when."""

from __future__ import annotations

import pytest

from briefings.sources import read_article

MAIL = """MIME-Version: 1.0
From: {sender}
Subject: {subject}
Date: {sent}
Content-Type: text/plain; charset=utf-8

Every third well in the valley has run dry since the end of June, the water office said.

Lorries bring water to eleven villages twice a day.
"""
SENT = "Thu, 14 Aug 2025 09:12:44 +0200"


@pytest.mark.parametrize(
    ("sender", "subject", "sent", "byline", "day"),
    [
        ("Hanna Lind <hanna@sorel.example>", "Wells run dry", SENT, "Hanna Lind", "2025-08-14"),
        ("=?utf-8?q?Zo=C3=A9_Lind?= <zoe.lind@sorel.example>", "Wells run dry", SENT, "Zoé Lind", "2025-08-14"),
        ("Hanna Lind <hanna@sorel.example>", "Fwd: Wells run dry", SENT, None, "2025-08-14"),
        ("The Sorel Letter <news@sorel.example>", "Wells run dry", SENT, None, "2025-08-14"),
        ("=?no-such-charset?q?x?= <a@b.example>", "Wells run dry", SENT, None, "None"),
        ("a" * 900, "Wells run dry", SENT, None, "None"),
    ],
)
def test_a_person_who_sends_a_mail_is_its_author(
    sender: str, subject: str, sent: str, byline: str | None, day: str
) -> None:
    article = read_article(MAIL.format(sender=sender, subject=subject, sent=sent).encode(), "mail.eml")
    assert article.title is not None
    assert article.title.of(article.text).endswith("Wells run dry")
    assert (article.byline, str(article.published)) == (byline, day)
    assert len(article.blocks) == 2


@pytest.mark.parametrize(
    ("sender", "subject", "sent", "byline", "day"),
    [
        ("Hanna Lind <hanna@sorel.example>", "Wells run dry", SENT, "Hanna Lind", "2025-08-14"),
        ("Hanna Lind <hanna@sorel.example>", "Fwd: Wells run dry", SENT, None, "2025-08-14"),
        ("The Sorel Letter <news@sorel.example>", "Wells run dry", SENT, None, "2025-08-14"),
        ("Hanna Lind <hanna@sorel.example>", "Wells run dry", "soon", "Hanna Lind", "None"),
    ],
)
def test_a_mail_that_is_a_page_has_its_sender_and_day(
    sender: str, subject: str, sent: str, byline: str | None, day: str
) -> None:
    head, _, text = MAIL.format(sender=sender, subject=subject, sent=sent).partition("\n\n")
    page = "".join(f"<p>{paragraph}</p>" for paragraph in text.split("\n\n"))
    raw = f"{head.replace('text/plain', 'text/html')}\n\n<html><body><h1>Wells run dry</h1>{page}</body></html>"
    article = read_article(raw.encode(), "mail.eml")
    assert (article.byline, str(article.published)) == (byline, day)
    assert article.title is not None
    assert article.title.of(article.text) == "Wells run dry"


BODY = (
    "Il ponte di Corvo resta chiuso fino a settembre, ha detto il comune mercoledì.\n\n"
    "I lavori costano due milioni di euro. Le auto passano per la valle."
)


@pytest.mark.parametrize(
    "header",
    [
        "Da: Anna Bianchi <a.bianchi@corvo.example>\nInviato: 3 maggio 2025\nA: Redazione\nOggetto: {title}",
        "De : Anna Bianchi <a.bianchi@corvo.example>\nEnvoyé : 3 mai 2025\nÀ : Rédaction\nObjet : {title}",
        "De: Anna Bianchi <a.bianchi@corvo.example>\nEnviado el: 3 de mayo de 2025\nPara: Redacción\nAsunto: {title}",
    ],
)
def test_headers_are_read_in_each_language(header: str) -> None:
    article = read_article(f"{header.format(title='Chiude il ponte')}\n\n{BODY}".encode(), "-")
    assert article.title is not None
    assert article.title.of(article.text) == "Chiude il ponte"
    assert article.byline == "Anna Bianchi"


def test_a_notice_is_no_mail() -> None:
    notice = "Summer fair in Harrow\n\nDate: Saturday 5 June 2027\nFrom: 10 a.m. in the park\nTo: about six\n\n"
    article = read_article(f"{notice}The fair has forty stalls this year. Dogs stay at home.".encode(), "-")
    assert article.title is not None
    assert article.title.of(article.text) == "Summer fair in Harrow"
