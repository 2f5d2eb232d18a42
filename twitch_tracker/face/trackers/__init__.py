"""Landmark trackers behind one seam: from a picture to a face mesh."""
