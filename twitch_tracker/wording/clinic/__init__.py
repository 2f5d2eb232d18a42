"""Sentences for clinicians only."""
