"""What a burst was like: where, how long, how strong, how sure."""
