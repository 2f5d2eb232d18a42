"""Movement to bursts and blinks, with reasons."""
