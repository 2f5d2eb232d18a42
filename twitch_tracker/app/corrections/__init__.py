"""Correcting what was entered about a recording or a person; and removing either."""
