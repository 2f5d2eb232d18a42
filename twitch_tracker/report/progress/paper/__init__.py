"""The course on paper: two pages for a consultation."""
