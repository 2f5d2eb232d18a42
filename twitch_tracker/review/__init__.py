"""Reviews of bursts: pure decisions that app, command line and import share."""
