"""Subject and predicate in Italian, by auxiliaries and listed verbs."""

from __future__ import annotations

import pytest

from briefings.analysis import brief
from briefings.analysis.answers.affected import affected
from briefings.analysis.clauses import clause, headline_clause
from briefings.languages.clauses import clause_words
from briefings.model import Answers, Span
from briefings.sources import read_article


@pytest.mark.parametrize(
    ("sentence", "subject", "is_passive"),
    [
        ("La giunta di Orte ha approvato ieri il bilancio.", "La giunta di Orte", False),
        ("Tre cani sono stati uccisi con bocconi avvelenati.", "Tre cani", True),
        ("Trentuno persone sono rimaste appese per ore.", "Trentuno persone", True),
        ("Due navi sono arrivate in porto.", "Due navi", False),
        ("Il capotreno, 41 anni, è stato ferito lunedì.", "Il capotreno, 41 anni", True),
        ("Un incendio scoppiato ieri ha distrutto il mulino.", "Un incendio scoppiato", False),
        ("Il ponte che collegava i due borghi è crollato.", "Il ponte che collegava i due borghi", True),
        ("Il sindaco lo difende da tutti.", "Il sindaco", False),
        ("La terra si è mossa alle 5.40.", "La terra", False),
        # Nothing stands before the verb that acts.
        ("Nella notte hanno rubato due barche.", None, False),
        ("Venerdì 8 novembre i treni si fermeranno.", None, False),
        ("È la guida della città.", None, False),
        ("Ecco che cosa c'è da sapere.", None, False),
    ],
)
def test_the_subject_of_a_sentence(sentence: str, subject: str | None, *, is_passive: bool) -> None:
    found = clause(sentence, Span(0, len(sentence)), "it")
    assert (found.subject.of(sentence) if found.subject else None) == subject
    assert found.is_passive is is_passive


@pytest.mark.parametrize(
    ("headline", "subject", "is_passive"),
    [
        ("Cabina bloccata nel vuoto, ore di paura", "Cabina", True),
        ("Acqualagna, avvelenati tre cani: indagini", "tre cani", True),
        ("Scossa in Val Serna, crolla il campanile di Rovetto", "il campanile di Rovetto", False),
        ("Tonno rosso, l'Europa alza le quote: pescatori divisi", "l'Europa", False),
        ("Siccità, nelle colline vendemmia dimezzata", None, False),
    ],
)
def test_the_subject_of_a_headline(headline: str, subject: str | None, *, is_passive: bool) -> None:
    found = headline_clause(headline, Span(0, len(headline)), "it")
    assert (found.subject.of(headline) if found.subject else None) == subject
    assert found.is_passive is is_passive


def test_a_language_without_words_has_no_subject() -> None:
    text = "Premierul a demisionat."
    assert clause_words("ro") is None
    assert clause(text, Span(0, len(text)), "ro").subject is None


def test_who_acted_and_who_is_affected_in_italian() -> None:
    text = "# Cabina bloccata nel vuoto\n\nTrentuno persone sono rimaste appese per undici ore, ieri, sulla funivia.\n"
    briefing = brief(read_article(text.encode(), "cabina.md"))
    assert "Trentuno persone" in [one.span.of(briefing.article.text) for one in affected(briefing)]
    text = (
        "# Credito Dolomiti e Banca Lagunare vanno a nozze\n\n"
        "I consigli di Credito Dolomiti e Banca Lagunare hanno approvato ieri la fusione.\n"
    )
    briefing = brief(read_article(text.encode(), "fusione.md"))
    who = (briefing.answers or Answers()).who
    assert [one.span.of(briefing.article.text) for one in who[:2]] == ["Credito Dolomiti", "Banca Lagunare"]
    assert who[0].score >= 0.6


def test_a_person_in_the_subject_is_not_affected() -> None:
    text = "# Regionali in Altavia, vince Marani\n\nLucia Marani è la nuova presidente, ha detto ieri la commissione.\n"
    briefing = brief(read_article(text.encode(), "voto.md"))
    assert affected(briefing) == []
