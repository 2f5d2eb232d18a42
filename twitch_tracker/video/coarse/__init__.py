"""How coarsely each picture of a film was written, whatever its codec."""
