"""The collector of cyclic garbage, for a process that lives long."""

from __future__ import annotations

import gc

#: New objects until the collector looks at them; Python's own 700 come with every answer.
_YOUNG = 50_000


def freeze_startup_objects() -> None:
    """Lets the collector pass over all that is loaded by now, and come less often: it took a fifth of each answer."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG)
