"""What went wrong with a recording: why its analysis failed, what its film lacks."""
