"""Score a log against truth, simulated or hand-coded."""
