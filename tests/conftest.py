"""What all tests share."""

from __future__ import annotations

from hypothesis import settings

# The first example of a test may load a sentence model, and a busy machine may be slow: time is
# measured in tests/benchmarks and nowhere else.
settings.register_profile("nutgraf", deadline=None)
settings.load_profile("nutgraf")
