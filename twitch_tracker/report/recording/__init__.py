"""One recording as a page."""
