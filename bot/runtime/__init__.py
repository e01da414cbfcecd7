"""The process itself: its clock, signals, garbage collection, log, metrics and terminal."""
