"""Who sent a whole mail, and when."""

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
