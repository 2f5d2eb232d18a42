"""Known spasms put into a face, with ground truth."""
