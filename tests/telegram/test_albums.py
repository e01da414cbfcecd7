"""Albums: of several pictures, the first one is answered."""

from __future__ import annotations

from dataclasses import replace

from bot.chats import Destination
from bot.platforms.telegram.albums import Albums
from bot.platforms.telegram.updates import Typed


def test_the_first_part_is_answered_also_if_it_is_handled_again_after_an_error() -> None:
    albums, first = Albums(), Typed(Destination("telegram", "7"), 1, "", 7, is_private=True, album="a")
    parts = (first, first, replace(first, message=2), replace(first, message=3, text="What is this?"))
    assert [albums.has_answered(one) for one in parts] == [False, False, True, False]
