"""Face observations (and pixels) to movement per region and side."""
