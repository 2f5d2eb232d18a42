"""Watching a face as it is filmed: feedback and counts now, the log at the end."""
