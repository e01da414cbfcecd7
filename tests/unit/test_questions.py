"""Free questions: how they are understood, and which sentences answer them."""

from __future__ import annotations

import json

import pytest

from briefings.analysis import brief
from briefings.analysis.questions import Asked, Reply, answer, parse, preload
from briefings.analysis.questions.index import index
from briefings.analysis.questions.matching import Matcher
from briefings.analysis.questions.phrases import phrases
from briefings.answer_document import answer_document
from briefings.languages.questions import CODES, question_words, root
from briefings.model import Briefing, SectionKind
from briefings.sources import read_article

ARTICLE = """\
Mill at Oakley burns for the second time in a year

A fire destroyed the old mill at Oakley on Monday night. Nobody was hurt, but nine families had to leave their homes.

"We saw the flames from the church," said Ruth Penney, the village's vicar. She opened the parish hall to 31 people.

Police arrested a man of 40 because he had been seen with petrol. His lawyer, Dan Frost, denies that he was there.

The mayor would not name the man.

What it will cost

The owner, Stella Marsh, puts the damage at £2.4m. The mill was insured for half.

Rebuilding is to begin by the end of the year.
"""

QUIET = """\
A bakery in Mill Lane has won a prize for its bread. The baker, Ann Lee, called it an honour.

The library lends out seeds. Readers are to bring some back in autumn.
"""


@pytest.fixture(scope="module")
def briefing() -> Briefing:
    return brief(read_article(ARTICLE.encode(), "mill.txt"))


def shown(briefing: Briefing, reply: Reply) -> list[str]:
    return [line.span.of(briefing.article.text) for line in reply.lines]


@pytest.mark.parametrize(
    ("text", "asked", "language", "terms"),
    [
        ("Who is Ruth Penney?", Asked.WHO_IS, "en", ["ruth", "penney"]),
        ("whos ruth penney", Asked.WHO_IS, "en", ["ruth", "penney"]),
        ("who put out the fire", Asked.PERSON, "en", ["put out", "fire"]),
        ("how much does the mill cost", Asked.MONEY, "en", ["mill"]),
        ("what's the company's revenue?", Asked.MONEY, "en", ["company", "revenue"]),
        ("how many families left", Asked.COUNT, "en", ["families", "left"]),
        ("how long is the tunnel", Asked.DISTANCE, "en", ["tunnel"]),
        ("how old was the driver", Asked.AGE, "en", ["driver"]),
        ("when does it reopen", Asked.TIME, "en", ["reopen"]),
        ("did ukraine deny it?", Asked.YES_NO, "en", ["ukraine", "deny"]),
        ("what did the mayor say about the mill", Asked.SAID, "en", ["mayor", "mill"]),
        ("what do experts think", Asked.OPINION, "en", ["experts"]),
        ("what is the vicar called", Asked.NAME, "en", ["vicar"]),
        ("and why?", Asked.REASON, "en", []),
        ("perché brucia il mulino?", Asked.REASON, "it", ["brucia", "mulino"]),
        ("chi è Ruth Penney", Asked.WHO_IS, "it", ["ruth", "penney"]),
        ("quanti anni ha il sindaco", Asked.AGE, "it", ["sindaco"]),
        ("si può bere l'acqua?", Asked.YES_NO, "it", ["bere", "acqua"]),
        ("wer ist Ruth Penney", Asked.WHO_IS, "de", ["ruth", "penney"]),
        ("combien coûte le moulin", Asked.MONEY, "fr", ["moulin"]),
        ("cuándo empiezan las obras", Asked.TIME, "es", ["empiezan", "obras"]),
        ("hey, when does it reopen?", Asked.TIME, "en", ["reopen"]),
        ("sorry but who put out the fire pls", Asked.PERSON, "en", ["put out", "fire"]),
        ("ok thanks. and how old was the driver?", Asked.AGE, "en", ["driver"]),
        ("the mill: how many ppl left?", Asked.COUNT, "en", ["mill", "people", "left"]),
        ("what does the WHO recommend?", Asked.SAID, "en", ["WHO"]),
        ("WHO IS IT FOR?", Asked.WHO_IS, "en", []),
        ("who else was hurt", Asked.PERSON, "en", ["hurt"]),
        ("in che paesi è andato", Asked.PLACE, "it", ["andato"]),
        ("what number do passengers have to call", Asked.THING, "en", ["number", "passengers", "have to", "call"]),
        ("whats the share of women", Asked.SHARE, "en", ["women"]),
        ("what happened after the budget?", Asked.THING, "en", ["budget"]),
        ("sorry, whose fault is it?", Asked.PERSON, "en", ["fault"]),
        ("did the mayor say sorry?", Asked.YES_NO, "en", ["mayor", "sorry"]),
        ("what did the U.S. say?", Asked.SAID, "en", ["US"]),
        ("why was BC hit, and who r u?", Asked.REASON, "en", ["bc", "hit"]),
        ("perché X è in ritardo?", Asked.REASON, "it", ["x", "ritardo"]),
        ("what, please, is the name of the ship?", Asked.NAME, "en", ["ship"]),
        ("sag mal, wer ist Ruth Penney?", Asked.WHO_IS, "de", ["ruth", "penney"]),
        ("another question: who is Ruth Penney?", Asked.WHO_IS, "en", ["ruth", "penney"]),
        ("deadline?", Asked.TIME, "en", ["deadline"]),
        ("result?", Asked.YES_NO, "en", ["result"]),
        ("deaths?", Asked.COUNT, "en", ["deaths"]),
        ("cause of the fire", Asked.REASON, "en", ["fire"]),
        ("for how long will it be closed?", Asked.DURATION, "en", ["closed"]),
        ("by how long will the works be delayed?", Asked.DURATION, "en", ["works", "delayed"]),
        ("up to how much can they fine him?", Asked.AMOUNT, "en", ["fine"]),
        ("seit wie vielen Jahren", Asked.DURATION, "de", []),
        ("a quante persone", Asked.COUNT, "it", ["persone"]),
        ("pour combien de personnes", Asked.COUNT, "fr", ["personnes"]),
        ("scusa, xke brucia il mulino", Asked.REASON, "it", ["brucia", "mulino"]),
        ("feriti?", Asked.COUNT, "it", ["feriti"]),
        ("salut, pk le moulin brûle", Asked.REASON, "fr", ["moulin", "brule"]),
    ],
)
def test_a_question_is_understood(text: str, asked: Asked, language: str, terms: list[str]) -> None:
    question = parse(text)
    assert (question.asked, question.language) == (asked, language)
    assert [term.word for term in question.terms] == terms


def test_a_question_whose_words_do_not_tell_is_taken_for_the_articles_language() -> None:
    assert parse("Penney?", "it").language == "it"
    assert parse("Penney?", None).language == "en"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("how many families had to leave", "Nobody was hurt, but nine families had to leave their homes."),
        ("was anybody injured?", "Nobody was hurt, but nine families had to leave their homes."),
        ("how much is the damage", "The owner, Stella Marsh, puts the damage at £2.4m."),
        ("quanto ammontano i danni", "The owner, Stella Marsh, puts the damage at £2.4m."),
        ("why was the man arrested", "Police arrested a man of 40 because he had been seen with petrol."),
        ("when will they rebuild it", "Rebuilding is to begin by the end of the year."),
        ("what is the mans name", "The mayor would not name the man."),
        ("who is dan frost", "Police arrested a man of 40 because he had been seen with petrol."),
    ],
)
def test_a_question_is_answered_by_its_sentence(briefing: Briefing, text: str, first: str) -> None:
    assert shown(briefing, answer(briefing, text))[0] == first


@pytest.mark.parametrize(
    "text",
    ["how much does a ticket cost", "what did the pope say", "how many firefighters came", "quanto pesa il mulino"],
)
def test_what_the_article_does_not_say_is_not_answered(briefing: Briefing, text: str) -> None:
    assert answer(briefing, text).lines == ()


def test_the_phrase_that_answers_is_marked(briefing: Briefing) -> None:
    text = briefing.article.text
    marked = {
        question: answer(briefing, question).lines[0].phrase
        for question in ("how much is the damage", "when will they rebuild it")
    }
    assert {key: phrase and phrase.of(text) for key, phrase in marked.items()} == {
        "how much is the damage": "£2.4m",
        "when will they rebuild it": "by the end of the year",
    }


def test_a_sentence_that_leans_on_the_one_before_is_shown_with_it(briefing: Briefing) -> None:
    lines = shown(briefing, answer(briefing, "who is dan frost"))
    assert lines[1] == "His lawyer, Dan Frost, denies that he was there."


def test_a_denial_follows_the_accusation(briefing: Briefing) -> None:
    lines = shown(briefing, answer(briefing, "did the man have petrol?"))
    assert lines[:2] == [
        "Police arrested a man of 40 because he had been seen with petrol.",
        "His lawyer, Dan Frost, denies that he was there.",
    ]


def test_a_follow_up_keeps_the_subject(briefing: Briefing) -> None:
    before = parse("was a man arrested?", "en")
    reply = answer(briefing, "and why?", before)
    assert [term.word for term in reply.question.terms] == ["man", "arrested"]
    assert "because he had been seen" in shown(briefing, reply)[0]


def test_a_follow_up_does_not_repeat_what_lacks_the_answer(briefing: Briefing) -> None:
    before = parse("what did the mayor name?", "en")
    [told, *_] = shown(briefing, answer(briefing, "what did the mayor name?"))
    assert told == "The mayor would not name the man."
    assert told not in shown(briefing, answer(briefing, "and when?", before))


def test_a_follow_up_prefers_the_sentences_beside_what_was_told() -> None:
    text = """Schools shut in Norby

The mayor let the schools of Norby shut after mould had been found. They stay shut until Friday.

The opera is shut after a fire. It was built a hundred years ago.
"""
    found = brief(read_article(text.encode(), "norby.txt"))
    before = parse("until when are they shut?", "en")
    assert "mould" in shown(found, answer(found, "and why?", before))[0]


@pytest.mark.parametrize(
    ("text", "question", "first"),
    [
        ("They sacked the coach nine games and 71 days after she came. On Saturday they host Norby.", "match", "host"),
        ("The market was shut two days after the storm. It is on Sunday.", "market", "Sunday"),
    ],
)
def test_a_question_about_what_is_to_come_is_not_answered_by_the_past(text: str, question: str, first: str) -> None:
    found = brief(read_article(f"News of Norby\n\n{text}\n\n{QUIET}\n".encode(), "norby.txt"))
    lines = answer(found, f"when is the next {question}?").lines
    assert first in max(lines, key=lambda line: line.score).span.of(found.article.text)


def test_an_interviewers_question_may_address_somebody() -> None:
    text = """Keeper of the clock retires

Mr Quint, how many steps are there?

Two hundred and twelve. I have counted them on the way down as well.

Who comes after you?

My apprentice, Noor Haddad. I could not have wished for more.
"""
    found = brief(read_article(text.encode(), "clock.txt"))
    assert shown(found, answer(found, "how many steps are there?"))[0] == "Two hundred and twelve."


def test_a_paragraph_that_opens_with_a_pronoun_goes_on_with_the_one_before() -> None:
    text = """Council of Norby brings back its benches

The benches of Mill Lane were removed two years ago.

{} had been a nuisance because boys sat there at night. The council sold the wood.
"""
    near = []
    for opener in ("They", "Ravens"):
        found = index(read_article(text.format(opener).encode(), "benches.txt"))
        place = next(n for n, one in enumerate(found.sentences) if "nuisance" in one.folded)
        near.append(Matcher(parse("why were the benches removed?", "en"), found).near(place))
    assert near[0] > near[1]


def test_an_unknown_word_of_another_language_does_not_hide_the_price() -> None:
    text = "Moos kühlt die Stadt\n\nDas Moos trinkt in der Nacht den Nebel. Eine Matte kostet 38 Euro und hält lange.\n"
    found = brief(read_article(text.encode(), "moos.txt"))
    assert "38 Euro" in shown(found, answer(found, "how much does the lichen cost?"))[0]
    assert not answer(found, "was kostet die Flechte?").lines


def test_a_sum_of_something_else_is_no_price() -> None:
    text = """Chess master walks out over a chair

Aramaki asked for the chair of the first game. The hall was full.

Osgood collects 600,000 crowns. The minister of sports left early.

The ministry of sports has nine rooms.
"""
    found = brief(read_article(text.encode(), "chess.txt"))
    assert not answer(found, "how much does the chair cost?").lines
    assert "600,000" in shown(found, answer(found, "how much does Osgood earn?"))[0]


def test_a_question_without_a_subject_is_answered_by_its_section(briefing: Briefing) -> None:
    reply = answer(briefing, "what happened?")
    section = briefing.section(SectionKind.WHAT)
    assert section is not None
    assert [line.span for line in reply.lines] == list(section.key[:3])


def test_a_misspelt_name_is_found(briefing: Briefing) -> None:
    assert "Ruth Penney" in shown(briefing, answer(briefing, "who is peney"))[0]


def test_at_most_three_sentences_are_shown_all_of_the_article(briefing: Briefing) -> None:
    for text in ("fire", "mill", "what did the vicar say", "who denies it", "man police mayor lawyer owner"):
        lines = answer(briefing, text).lines
        assert len(lines) <= 3
        assert len({line.span for line in lines}) == len(lines)


@pytest.mark.parametrize("text", ["", "???", "a", "é" * 5000, "who " * 2000, "\U0001f525"])
def test_any_text_is_a_question(briefing: Briefing, text: str) -> None:
    assert answer(briefing, text).question.text == text[:300]


def test_an_answer_is_a_document(briefing: Briefing) -> None:
    document = answer_document(briefing.article, answer(briefing, "how much is the damage"))
    assert json.loads(json.dumps(document))["question"] == {
        "text": "how much is the damage",
        "language": "en",
        "asked": "money",
        "about": ["damage"],
    }
    line = document["sentences"][0]
    assert briefing.article.text[line["start"] : line["end"]] == line["text"]
    assert line["phrase"] is not None
    assert line["phrase"]["text"] == "£2.4m"


def test_what_is_not_answered_is_an_empty_document(briefing: Briefing) -> None:
    document = answer_document(briefing.article, answer(briefing, "what did the pope say"))
    assert (document["answered"], document["sentences"], document["nearest"]) == (False, [], [])
    assert document["note"] == "The article does not say."


def test_the_nearest_sentences_are_shown_where_none_seems_to_answer(briefing: Briefing) -> None:
    reply = answer(briefing, "did the lawyer study in Oxford with the owner?")
    assert not reply.lines
    document = answer_document(briefing.article, reply)
    assert document["note"] == "The article does not say exactly this."
    assert "lawyer" in document["nearest"][0]["text"]
    assert len(document["nearest"]) <= 3


@pytest.mark.parametrize("words", ["not ", "declined ", "on Monday and ", "$5 and ", "because ", "Smith "])
def test_a_sentence_without_end_is_read_in_linear_time(words: str) -> None:
    """In quadratic time this would take a minute and more."""
    text = f"A title\n\nThe mayor of Norby said that it rained here today. {words * 20_000}\n\nNobody died on Monday."
    found = brief(read_article(text.encode(), "endless.txt"))
    for asked in ("how many people died", "who is the mayor", "when did it rain"):
        assert len(answer(found, asked).lines) <= 3


def test_preloading_leaves_no_language_to_the_first_question() -> None:
    question_words.cache_clear()
    preload()
    assert question_words.cache_info().currsize == len(CODES)


INTERVIEW = """Elena Varga has been mayor of Brask for a hundred days

A conversation about trams

Ms Varga, your first budget has been voted down. Why is the tram delayed?

The ground under Mill Street is wet. Oskar Rehm, the contractor, was 61.

The city has debts of 180 million euros. Is it bankrupt?

No. We pay our bills on the thirtieth day. The works will go on until the money is spent.

And where is the statue of Marshal Dorn?

It is at the museum. The deputy governor said that it was ugly. The governor said that it was beautiful.
"""


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("why is the tram delayed", "The ground under Mill Street is wet."),
        ("what debts does the city have", "The city has debts of 180 million euros."),
        ("where is the statue?", "It is at the museum."),
        ("how old is rehm", "Oskar Rehm, the contractor, was 61."),
        ("how long will the works go on", "The works will go on until the money is spent."),
        ("what did the governor say", "The governor said that it was beautiful."),
    ],
)
def test_what_an_interviewer_asks_is_answered_below(text: str, first: str) -> None:
    found = brief(read_article(INTERVIEW.encode(), "interview.txt"))
    assert first in shown(found, answer(found, text))[:2]


PUTIN = """The Kremlin was hit by drones on 3 May

Officials called it an attack aimed at killing Putin. Experts fear that Putin could use it to attack Kyiv.

Zelenskyy was at a summit in Helsinki when the drones came.
"""


def test_somebody_is_where_a_preposition_says_so() -> None:
    found = brief(read_article(PUTIN.encode(), "whereabouts.txt"))
    assert answer(found, "Where was Putin?").lines == ()
    assert "Helsinki" in shown(found, answer(found, "Where was Zelenskyy?"))[0]


def test_a_place_has_its_whole_name() -> None:
    text = "Norby\n\nAbout 300 tourists are stuck in Port Marlow Saturday, said the captain of the ferry.\n"
    found = brief(read_article(text.encode(), "x.txt"))
    line = answer(found, "where are the tourists stuck?").lines[0]
    assert line.phrase is not None
    assert line.phrase.of(found.article.text) == "in Port Marlow"
    text = "Norby\n\nA museum was robbed in Norby President Ann Lee said on Monday, and two guards saw it.\n"
    found = brief(read_article(text.encode(), "x.txt"))
    line = answer(found, "where was the museum robbed?").lines[0]
    assert line.phrase is not None
    assert line.phrase.of(found.article.text) == "in Norby"


TRIAL = """Beekeeper who moved hives by night is spared jail

A beekeeper who carried off eleven of his neighbour's hives was given fourteen months by Ludney Crown Court on Friday.

Hugh Pargeter, 58, had told the jury that the colonies were his own. They belong to the owner, Wim de Bakker.

De Bakker, who is 81, asked for leniency. Those who steal bees are banned from keeping any.

About 300 people heard the verdict. Pargeter lost his own bees to mites.

The usher fainted in the heat.
"""


@pytest.mark.parametrize(
    ("text", "first"),
    [
        # The owner is named in another sentence.
        ("how old is the owner?", "De Bakker, who is 81, asked for leniency."),
        ("did he admit it?", "Hugh Pargeter, 58, had told the jury that the colonies were his own."),
        ("what happens to people who steal bees?", "Those who steal bees are banned from keeping any."),
    ],
)
def test_a_trial_is_asked_about(text: str, first: str) -> None:
    found = brief(read_article(TRIAL.encode(), "trial.txt"))
    assert first in shown(found, answer(found, text))[:2]


@pytest.mark.parametrize("text", ["who is the usher?", "what did the usher die of?"])
def test_a_sentence_that_only_mentions_somebody_is_no_answer(text: str) -> None:
    found = brief(read_article(TRIAL.encode(), "trial.txt"))
    assert answer(found, text).lines == ()


GAME = """Late try sends Vale through

Jodie Fenwick crossed in the corner to put Vale into the final with a 24–22 win over Castle Row.

With the wind at their backs they scored seventeen points in a row.

How many have you won?

Six hundred and twelve.
"""


@pytest.mark.parametrize(
    ("text", "first", "phrase"),
    [
        ("what was the score?", "Jodie Fenwick crossed", "24–22"),
        ("how many has she won?", "Six hundred and twelve.", "Six"),
    ],
)
def test_figures_without_a_unit(text: str, first: str, phrase: str) -> None:
    found = brief(read_article(GAME.encode(), "game.txt"))
    line = answer(found, text).lines[0]
    assert line.span.of(found.article.text).startswith(first)
    assert line.phrase is not None
    assert line.phrase.of(found.article.text) == phrase


@pytest.mark.parametrize(
    ("text", "question", "phrase"),
    [
        (
            "The bridge of the town will be closed for at least a year, said the mayor.",
            "how long will the bridge be closed?",
            "a year",
        ),
        (
            "The crossing takes half an hour, said the captain of the ferry to the passengers.",
            "how long does the crossing take?",
            "half an hour",
        ),
        (
            "Il ponte della città resterà chiuso almeno un mese, ha detto il sindaco.",
            "per quanto tempo resta chiuso il ponte?",
            "un mese",
        ),
        (
            "Die Brücke in der Stadt bleibt ein halbes Jahr gesperrt, sagte die Bürgermeisterin.",
            "wie lange bleibt die Brücke gesperrt?",
            "ein halbes Jahr",
        ),
        (
            "Le pont de la ville sera fermé pendant une semaine, a annoncé la mairie.",
            "combien de temps le pont sera-t-il fermé ?",
            "une semaine",
        ),
        (
            "El puente de la ciudad estará cerrado media hora, dijo la alcaldesa a los vecinos.",
            "¿cuánto tiempo estará cerrado el puente?",
            "media hora",
        ),
    ],
)
def test_one_unit_of_time_without_a_number_is_a_length(text: str, question: str, phrase: str) -> None:
    found = brief(read_article(f"Norby\n\n{text}\n".encode(), "x.txt"))
    line = answer(found, question).lines[0]
    assert line.phrase is not None
    assert line.phrase.of(found.article.text) == phrase


@pytest.mark.parametrize(
    "text",
    [
        "Parking at the bridge of the town costs ten euros a day, said the mayor of Norby.",
        "Buses for the bridge of the town leave once a day, said the mayor of Norby.",
        "Work on the bridge of the town began a year ago, said the mayor of Norby.",
        "The bridge of the town gets a second lane, said the mayor of Norby.",
        "The mayor of Norby saw the bridge of the town an hour later.",
    ],
)
def test_a_rate_a_time_and_an_ordinal_are_no_lengths(text: str) -> None:
    found = brief(read_article(f"Norby\n\n{text}\n".encode(), "x.txt"))
    assert not answer(found, "how long is the bridge of the town closed?").lines


@pytest.mark.parametrize("question", ["when did the robbery take place?", "where is the museum located?"])
def test_words_for_happening_may_be_missing(question: str) -> None:
    text = "Norby museum robbed\n\nThe museum in Norby was robbed on Monday, and the robbery was seen by two guards.\n"
    found = brief(read_article(text.encode(), "x.txt"))
    assert answer(found, question).lines


_DEPOT = """Council opens a depot

The town of Melford opened a depot for its buses on Monday. It cost four million euros.

Anna Pell, who is responsible for the roads, cut the ribbon. "It was high time," she said.
"""


@pytest.mark.parametrize("text", ["who was it?", "who is to blame?"])
def test_somebodys_duties_do_not_tell_who_did_it(text: str) -> None:
    assert not answer(brief(read_article(_DEPOT.encode(), "depot.txt")), text).lines


_PIER = """Pier falls into the sea

The pier at Orme, whose cafe came No. 1 in a poll, broke in two on Sunday. Of its 40 kiosks two of the oldest were lost.

The U.S. sent a ship. The WHO said that the water was clean. The British helped us.

Dario Conti, 61, who won the pier's race by nine seconds in May, was twelve when it was built. Conti now teaches.

The president of the league, Ann Hale, said that the race would be held. The school's head said nothing of it.
"""


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("did the pier break?", "broke in two"),
        ("what did the US do?", "The U.S. sent"),
        ("what did the WHO say?", "The WHO said"),
        ("by how much did conti win?", "by nine seconds"),
        ("was he 12 then?", "was twelve"),
        ("what does conti do now?", "Conti now teaches"),
        ("what did the head say?", "The school's head"),
    ],
)
def test_words_and_numbers_are_known_in_other_forms(text: str, part: str) -> None:
    found = brief(read_article(_PIER.encode(), "pier.txt"))
    assert part in shown(found, answer(found, text))[0]


def test_labels_and_ages_are_no_amounts() -> None:
    article = brief(read_article(_PIER.encode(), "pier.txt")).article
    found = index(article)
    told = [span.of(article.text) for place in range(3) for span in phrases(Asked.COUNT, place, found)]
    assert told == ["40 kiosks", "two of the oldest"]


def test_a_verb_without_a_subject_goes_on_with_the_sentence_before() -> None:
    text = "Il molo è crollato\n\nLa madre di Rosa, Ada Neri, era lì. «Ho avuto paura», ha detto.\n\nIl mare è calmo."
    found = brief(read_article(text.encode(), "molo.txt"))
    assert shown(found, answer(found, "cosa ha detto la mamma di Rosa?"))[-1].startswith("«Ho avuto paura»")


def test_a_surname_does_not_stand_for_the_state_whose_capital_has_its_name() -> None:
    text = (
        "Marta Washington opens fair in Norby\n\nMarta Washington opened the fair in Norby on Monday. Washington said "
        "that she loved the town.\n\nThe White House sent a letter. The United States gives two million dollars.\n"
    )
    found = brief(read_article(text.encode(), "fair.txt"))
    assert shown(found, answer(found, "what did the White House do?"))[0] == "The White House sent a letter."
    assert not any("Washington said" in line for line in shown(found, answer(found, "what did the US say?")))
    assert "Washington said" in shown(found, answer(found, "what did Washington say?"))[0]
    text = "Will Russia open the port of Norby again?\n\nRussia closed its port on Monday. The town is quiet.\n"
    will = brief(read_article(text.encode(), "will.txt"))
    assert shown(will, answer(will, "what did Moscow do?")) == ["Russia closed its port on Monday."]


@pytest.mark.parametrize(
    ("code", "one", "other", "is_same"),
    [
        ("en", "flight", "flights", True),
        ("it", "elezione", "elezioni", True),
        ("it", "promessa", "promesse", True),
        ("en", "broke", "breaks", True),
        ("en", "wound", "wind", False),
    ],
)
def test_the_forms_of_a_word_have_one_root(code: str, one: str, other: str, is_same: bool) -> None:
    assert (root(one, code) == root(other, code)) is is_same
