"""What the bot says by itself: the scheduler, the tick, the composer, alerts."""
