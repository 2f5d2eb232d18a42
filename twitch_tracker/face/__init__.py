"""Pictures to face observations: trackers, the subject, head pose, scale, quality."""
