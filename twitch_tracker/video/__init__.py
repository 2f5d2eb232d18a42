"""Frames in: files with true presentation times, cameras, frames on demand, and the writer for frames out."""
