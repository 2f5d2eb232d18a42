"""Sessions to files other programs read, and back."""
