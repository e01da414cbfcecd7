"""Prints how often the analysis is right, on data outside the project: `make bench-quality DATA=FOLDER`.

FOLDER holds ``attribution.json``, which the shared ``attribution/prepare.py`` writes from a snapshot of PolNeAR.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from briefings.analysis import brief
from briefings.analysis.attribution import analyse
from briefings.model import Answers, Stance
from briefings.sources import read_article
from tests.answer_pairs import shares
from tests.claim_pairs import Tally, article_of, passages, score
from tests.question_pairs import SETS, verdicts
from tests.shared import SHARED

#: The passages of our own: the first were written before the rules, the second without sight of them.
_PAIRS = ("written_first", "written_second", "written_third", "italian")


_STRENGTH = {Stance.ACCUSES: 3, Stance.DENIES: 3, Stance.DEMANDS: 2, Stance.WARNS: 2}


def main() -> None:
    """Prints all tables."""
    short_answers()
    free_questions()
    five_questions()
    golden_claims()
    attribution(Path(sys.argv[1]) / "attribution.json")
    events()


def short_answers() -> None:
    """Who, when, where and why, on our own golden pairs."""
    for question, (right, count) in shares().items():
        print(f"short answers, golden pairs: {question} right {right / count:.2f} of {count}")


def free_questions() -> None:
    """Our own questions, set by set, then the shared ones by their scorer."""
    for name in SETS:
        found = verdicts(name)
        answerable = found["right"] + found["wrong or partly"] + found["falsely silent"]
        unanswerable = found["honest"] + found["invented"]
        print(
            f"questions, {name}: right {found['right'] / answerable:.2f}"
            f" wrong or partly {found['wrong or partly'] / answerable:.2f}"
            f" falsely silent {found['falsely silent'] / answerable:.2f} of {answerable};"
            f" honest {found['honest'] / unanswerable:.2f} of {unanswerable}"
        )
    program = Path(sys.executable).with_name("nutgraf")
    subprocess.run([sys.executable, str(SHARED / "bench/questions/score.py"), str(program)], check=True)  # noqa: S603  # our own


def five_questions() -> None:
    """Who, what, when, where, why and how, by the shared scorer."""
    print(five_scores())


def five_scores() -> str:
    """What the shared scorer prints for our answers to the six questions.

    Raises:
        SourceError: One of the articles could not be read.
    """
    folder, found = SHARED / "bench/5w1h", {}
    for path in sorted((folder / "dev").glob("*.json")):
        entry = json.loads(path.read_text(encoding="utf-8"))
        head = f"title: {json.dumps(entry['title'], ensure_ascii=False)}\ndate: {entry['date_publish'][:10]}"
        briefing = brief(read_article(f"---\n{head}\n---\n\n{entry['text']}\n".encode(), "article.md"))
        text, answers = briefing.article.text, briefing.answers or Answers()
        found[entry["dId"]] = {
            question: next((answer.span.of(text) for answer in getattr(answers, question)), None)
            for question in ("who", "what", "when", "where", "why", "how")
        }
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as predictions:
        json.dump(found, predictions)
        predictions.flush()
        command = [sys.executable, str(folder / "score.py"), predictions.name]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603  # our own


def golden_claims() -> None:
    """Claims of our own golden pairs."""
    for name in _PAIRS:
        tally = Tally()
        for passage in passages(name):
            language = "it" if name == "italian" else "en"
            score(passage, analyse(article_of(passage.text, language)).claims, tally)
        print(f"golden pairs, {name}: F1 {tally.f1():.3f}, {tally}")


def attribution(gold: Path) -> None:
    """Who says what in PolNeAR's articles, by the shared scorer."""
    found = {}
    for name, entry in json.loads(gold.read_text(encoding="utf-8")).items():
        claims = analyse(article_of(entry["text"])).claims
        found[name] = [
            {
                "source": [[claim.source.start, claim.source.end]] if claim.source else [],
                "content": [[span.start, span.end] for span in claim.content],
            }
            for claim in claims
        ]
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as predictions:
        json.dump(found, predictions)
        predictions.flush()
        scorer = SHARED / "bench" / "attribution" / "score.py"
        subprocess.run([sys.executable, str(scorer), str(gold), predictions.name], check=True)  # noqa: S603  # our own


def events() -> None:
    """Who is against whom in PLOVER's records, by the shared scorer: the strongest claim of each."""
    scorer = SHARED / "bench" / "stance" / "score.py"
    listed = subprocess.run([sys.executable, str(scorer)], check=True, capture_output=True, text=True)  # noqa: S603
    found = {name: _strongest(text) for name, text in json.loads(listed.stdout).items()}
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as predictions:
        json.dump(found, predictions)
        predictions.flush()
        subprocess.run([sys.executable, str(scorer), predictions.name], check=True)  # noqa: S603  # our own


def _strongest(text: str) -> dict[str, str | None]:
    claims = analyse(article_of(text)).claims
    best = max(claims, key=lambda claim: (_STRENGTH.get(claim.stance, 0), claim.target is not None), default=None)
    source, target = (best.source, best.target) if best else (None, None)
    return {"source": source.of(text) if source else None, "target": target.of(text) if target else None}


if __name__ == "__main__":
    main()
