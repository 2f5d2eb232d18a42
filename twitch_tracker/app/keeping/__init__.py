"""What the app keeps of faces, for how long, and how it goes again."""
