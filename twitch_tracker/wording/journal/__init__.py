"""What a journal holds and what is wrong with it, in words."""
