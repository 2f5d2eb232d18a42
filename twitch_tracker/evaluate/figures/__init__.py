"""Every figure that a detector is judged by, with its interval."""
