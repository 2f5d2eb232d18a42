"""Looking behind the numbers: what a reviewer sees, does, and agrees on."""
