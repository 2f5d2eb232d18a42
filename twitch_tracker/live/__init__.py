"""Analyse a face while it is filmed: feedback and counts now, the log at the end."""
