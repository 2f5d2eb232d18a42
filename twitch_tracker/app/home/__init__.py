"""A person's home: how it is, the last burst, what to do next, and all recordings."""
