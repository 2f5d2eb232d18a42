"""Watch a folder for new videos of one person while the app runs."""
