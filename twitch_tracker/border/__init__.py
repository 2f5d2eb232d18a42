"""What a file from elsewhere must pass before anything is made of it."""
