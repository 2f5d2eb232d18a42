"""What a person takes out of the app: files, at once or in the background."""
