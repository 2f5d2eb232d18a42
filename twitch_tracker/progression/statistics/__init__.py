"""Statistics that know numbers alone: sums, intervals, noise, fits, evidence."""
