"""What a chat wants and when: subscriptions, their settings and their slots; pure, the clock is an argument."""
