"""The process itself: garbage collection and logging."""
