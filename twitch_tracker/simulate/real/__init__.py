"""Real closures and pulls, cut out of a video and laid over other frames."""
