"""Sentences on films: their metadata, and what is lost or damaged."""
