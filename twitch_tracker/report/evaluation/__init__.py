"""How well a log agrees with the truth, as a page."""
