"""The stance of a claim: its cue's own, corrected by negation and by words of blame and denial in the content."""

from __future__ import annotations

from collections.abc import Sequence

from briefings.analysis.claims.cues import Reading
from briefings.analysis.claims.targets import culprit
from briefings.analysis.parsing import Token
from briefings.languages.claims import CueWords
from briefings.model import Stance

#: What a negated cue does: who does not confirm doubts, who does not deny only speaks.
_NEGATED = {
    Stance.CONFIRMS: Stance.DOUBTS,
    Stance.DENIES: Stance.CLAIMS,
    Stance.ACCUSES: Stance.CLAIMS,
    Stance.DOUBTS: Stance.CLAIMS,
}


def stance_of(tokens: Sequence[Token], reading: Reading, words: CueWords) -> Stance:
    """What the speaker does with the words that ``reading`` found."""
    frame = reading.frame
    if reading.is_negated:
        return Stance.DOUBTS if frame.name == "Opinion" else _NEGATED.get(frame.stance, frame.stance)
    if frame.name == "Communicate_categorization":
        said = {tokens[number].lemma for number in reading.content}
        if said & words.falsehood:
            return Stance.DENIES
        return Stance.ACCUSES if said & words.blame else frame.stance
    if frame.stance is Stance.CLAIMS and culprit(tokens, reading, words) is not None:
        return Stance.ACCUSES
    return frame.stance
