"""What is said of a film: what it says of itself, and what was lost of it."""
