"""Prints how right the analysis is, on data that stands beside the project: `make bench-quality DATA=FOLDER`.

FOLDER holds ``attribution.json``, which the shared ``attribution/prepare.py`` writes from a snapshot of PolNeAR.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from briefings.analysis.attribution import analyse
from tests.claim_pairs import Tally, article_of, passages, score
from tests.shared import SHARED

#: The passages of our own: the first were written before the rules, the second without sight of them.
_PAIRS = ("written_first", "written_second", "written_third", "italian")


def main() -> None:
    """Prints all tables."""
    golden_claims()
    attribution(Path(sys.argv[1]) / "attribution.json")


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


if __name__ == "__main__":
    main()
