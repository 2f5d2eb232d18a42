"""The recording as a film with mesh, scores and bursts drawn in."""
