"""A folder into which videos are put: looked through while the app runs, for one person."""
