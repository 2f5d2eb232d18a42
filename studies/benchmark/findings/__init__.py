"""What a benchmark found, as document, page and pictures."""
