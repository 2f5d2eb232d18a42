"""Sentences on the present: compared with a while ago, and since the last injection."""
