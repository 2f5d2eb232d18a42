"""Choose whose face is meant, where a recording shows several."""
