"""What every detector logged, beside the truth, and the figures of it."""
