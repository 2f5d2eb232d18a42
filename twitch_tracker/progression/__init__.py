"""From years of recordings to rates with intervals, trends, treatment effects."""
