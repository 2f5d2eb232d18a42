"""How a measure changes with time, and how sure that is."""
