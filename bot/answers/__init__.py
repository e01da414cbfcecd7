"""The answers: each function turns a briefing or a result into a view, the same for every platform."""
