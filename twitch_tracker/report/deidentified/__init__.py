"""A recording without the face: its movement on a face that is nobody's."""
