"""What only clinicians are told."""
