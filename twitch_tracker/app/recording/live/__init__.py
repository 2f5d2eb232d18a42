"""Live counts while a step is recorded: the feed, its pages, how many at once."""
