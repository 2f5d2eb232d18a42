"""A phone as the camera: on the home network, for one person, paired once, off by default."""
