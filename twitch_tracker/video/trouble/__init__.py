"""What can be wrong with a film: why it cannot be read, and what of it was lost."""
