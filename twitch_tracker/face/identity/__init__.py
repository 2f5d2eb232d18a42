"""Who the subject is, from frame to frame."""
