"""Briefings to views: what each command answers, for every platform alike."""
