"""The plan of a simulation: what happens in a face, when and how strongly."""
