"""Whose face is meant, where a recording shows several: looked for, shown, chosen."""
