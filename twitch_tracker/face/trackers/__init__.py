"""Landmark trackers behind one interface: from a picture to a face mesh."""
