"""Maintenance of a journal: check it, back it up, remove permanently."""
