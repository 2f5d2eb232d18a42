"""Files on a disk: written durably, private, and removed after use."""
