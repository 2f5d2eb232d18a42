"""What only clinicians are shown."""
