"""Access to the app: its address, its link, and refusing other users."""
