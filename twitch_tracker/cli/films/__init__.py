"""Commands that take a film, and what they share."""
