"""Recordings as rows of numbers: which count, how made, in which phase."""
