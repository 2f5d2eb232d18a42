"""Numbers and codes in words for people: each quantity and each thing in one way."""
