"""Looking after a journal: check it, back it up, remove for good."""
