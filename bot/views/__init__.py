"""What an answer looks like, before any platform renders it."""
