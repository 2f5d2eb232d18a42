"""Checks that a file from elsewhere must pass before it is used."""
