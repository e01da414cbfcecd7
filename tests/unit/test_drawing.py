"""Views that are drawn in another process come back without the text of their versions."""

from __future__ import annotations

import pickle

from bot.answers.stories import brief_view
from bot.answers.who import who_view
from bot.commands.drawing import draw_view, versions_in
from bot.views.model import Verbatim
from tests.fakes import article, version

_SAID = "The bridge at Norby fell because of rust, said Mayor Ilse Brandt. Nobody was hurt, the police said."
BRIDGE = article("Bridge in Norby collapses", *(f"{_SAID} It was day {day}." for day in range(100)))
OTHER = article("Norby bridge collapses", _SAID, "The mayor blames the builder, Skell Works, for the collapse.")


def test_a_view_is_sent_without_the_text_and_completed_by_the_callers_version() -> None:
    ours = version(BRIDGE)
    sent = pickle.dumps(draw_view([pickle.loads(pickle.dumps(ours))], brief_view))  # noqa: S301  # our own
    assert len(sent) < len(ours.article.text)
    view = pickle.loads(sent).view([ours])  # noqa: S301
    assert view == brief_view(ours)
    assert all(text.version is ours for text in view.texts() if isinstance(text, Verbatim))


def test_the_versions_in_the_arguments_are_completed_too() -> None:
    ours, others = version(BRIDGE), (version(OTHER),)
    versions = [ours, *versions_in([others])]
    drawing = draw_view(versions, who_view, others)
    view = pickle.loads(pickle.dumps(drawing)).view(versions)  # noqa: S301
    assert view == drawing.view(versions)
