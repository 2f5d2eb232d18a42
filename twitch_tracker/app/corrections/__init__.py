"""Putting right what was told: of a recording, and of a person; and removing either."""
