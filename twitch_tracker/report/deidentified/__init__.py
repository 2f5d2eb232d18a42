"""A recording without the face: its movement on a synthetic face."""
